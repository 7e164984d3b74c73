// Shortcuts and their kin: small files that start something else.

rule Clearward_Shortcut_Lnk_Script_Host
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "Windows shortcut that runs a script host with a hidden, encoded or downloading command."
        reference = "https://attack.mitre.org/techniques/T1204/002/"
        severity = "high"
    strings:
        // Windows writes paths in both forms, arguments as UTF-16.
        $powershell = "powershell" nocase ascii wide
        $mshta = "mshta" nocase ascii wide
        $encoded = /[\-\/]e[ncodemad]*\s+["']?[^\s\\.:"']{40}/ nocase wide
        $hidden = /[\-\/]w[a-z]*[\s:]+["']?(?:hid|1\s)/ nocase wide
        $fetch = /\.Download|Invoke-[WR]|FromBase64|\biex\b|\biwr\s|\birm\s|\bcurl\b|\bwget\b/ nocase wide
        $address = "http" nocase wide
        $program = /(?:curl|certutil|bitsadmin|mshta|regsvr32)[^\r\n]{0,100}http/ nocase ascii wide
        // A removable disk's worm opens the folder that was asked for, and itself.
        $worm = /start [^\r\n&]{0,200}&[^\r\n]{0,16}explorer / nocase wide
    condition:
        filesize < 1MB and uint32(0) == 0x0000004C and uint32(4) == 0x00021401
        and (
            ($powershell and ($encoded or ($hidden and $fetch)))
            or ($mshta and $address)
            or $program
            or $worm
        )
}

rule Clearward_Shortcut_Url_Remote
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "Internet shortcut to a file on a bare public IP address or a WebDAV share, which runs or leaks a password hash."
        reference = "https://attack.mitre.org/techniques/T1187/"
        severity = "high"
    strings:
        $section = /[\[]Internet[S]hortcut\]/ nocase
        $address = /(?:URL=file:|IconFile=|Directory=)[\/\\]+(?:[2-9]\d*|1(?:[1-9]?|[013458]\d|2[0-689]|6[0-8]|7[013-9]|9[013-9]))\.\d+\.\d+\.\d+[@\/\\]/
        $share = /(?:URL=file:|IconFile=|Directory=)[\/\\]+[^\s\/\\@]+@(?:SSL|\d)/
    condition:
        filesize < 64KB and $section and ($address or $share)
}

rule Clearward_Shortcut_Library_Remote
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "Windows library or saved search that shows a folder of a stranger's server as if it were local."
        reference = "https://attack.mitre.org/techniques/T1204/002/"
        severity = "high"
    strings:
        $library = "<libraryDescription"
        $page = /<url>\s*http/
        $address = /<url>\\\\(?:[2-9]\d*|1(?:[1-9]?|[013458]\d|2[0-689]|6[0-8]|7[013-9]|9[013-9]))\.\d+\.\d+\.\d+\\/
        $share = /<url>\\\\[^\s\/\\<]{0,80}@/
    condition:
        filesize < 64KB and $library and ($page or $address or $share)
}

rule Clearward_Shortcut_Desktop_Download
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "Desktop entry whose command pipes a download or a decoded text into a shell."
        reference = "https://attack.mitre.org/techniques/T1204/002/"
        severity = "high"
    strings:
        $entry = "[Desktop Entry]"
        $pipe = /Exec\s*=[^\r\n]{0,300}\b(?:curl|wget|base64)\s[^\r\n|]{0,200}\|\s*(?:\/bin\/|\/usr\/bin\/)?(?:ba|da|z)?sh\b/
        $drop = /Exec\s*=[^\r\n]{0,300}\b(?:curl|wget)\s[^\r\n]{0,200}chmod\s[^\r\n]{0,80}[;&]/
    condition:
        filesize < 64KB and $entry and ($pipe or $drop)
}
