// PowerShell that hides what it loads or where it loads it from.
//
// The first letters of "powershell" are left out of the expressions: "power" is a
// common word, and a search for it would slow down every text.

rule Clearward_PowerShell_Encoded_Command
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "PowerShell command line whose encoded command downloads, or that is encoded, hidden and without profile at once."
        reference = "https://attack.mitre.org/techniques/T1059/001/"
        severity = "high"
    strings:
        $encoded = /rshell[^\r\n]{0,200}[\s"'][\-\/]e[ncodemad]*[\s:"']+[^\s\\.:"']{60}/ nocase ascii wide
        $hidden = /rshell[^\r\n]{0,160}[\-\/]w[a-z]*[\s:]+["']?(?:hid|1\s)/ nocase ascii wide
        $without_profile = "-nop" nocase ascii wide
        $client = "Net.WebClient" wide base64 base64wide
        $client_lower = "net.webclient" wide base64 base64wide
        $string = "DownloadString" wide base64 base64wide
        $string_lower = "downloadstring" wide base64 base64wide
        $file = "DownloadFile" wide base64 base64wide
        $request = "Invoke-WebRequest" wide base64 base64wide
    condition:
        filesize < 1MB and $encoded
        and (
            ($hidden and $without_profile)
            or any of ($client*, $string*, $file, $request)
        )
}

rule Clearward_PowerShell_Hidden_Cradle
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "PowerShell command line that downloads and runs in a hidden window."
        reference = "https://attack.mitre.org/techniques/T1564/003/"
        severity = "high"
    strings:
        $hidden = /rshell[^\r\n]{0,160}[\-\/]w[a-z]*[\s:]+["']?(?:hid|1\s)/ nocase ascii wide
        $fetch = /[\-\/]w[^\r\n]{0,16}(?:hid|1\s)[^\r\n]{0,400}(?:\.Downl|Invoke-[WR]|\biwr\s|\birm\s)/ nocase ascii wide
        $run = /\b(?:iex|invoke-expression)\b/ nocase ascii wide
        $start = /[;&]\s*(?:saps|start|start-process)\s/ nocase ascii wide
    condition:
        filesize < 1MB and $hidden and $fetch and ($run or $start)
}

rule Clearward_PowerShell_Address_Cradle
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "PowerShell that fetches code from a bare public IP address and runs it."
        reference = "https://attack.mitre.org/techniques/T1059/001/"
        severity = "high"
    strings:
        // Addresses of private networks are left out, since administrators install from
        // there, and with 172 and 192 all that stands beside them.
        $fetch = /(?:\.Downl|Invoke-[WR]|\biwr\s|\birm\s)[^\r\n]{0,60}\b(?:[2-9]\d*|1(?:[1-9]?|[013458]\d|2[0-689]|6[0-8]|7[013-9]|9[013-9]))\.\d+\.\d+\.\d+[:\/]/ nocase ascii wide
        $run = /\b(?:iex|invoke-expression)\b/ nocase ascii wide
    condition:
        filesize < 64KB and $fetch and $run
}

rule Clearward_PowerShell_Memory_Load
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "PowerShell that decodes a program from its own text and runs it in memory."
        reference = "https://attack.mitre.org/techniques/T1620/"
        severity = "high"
    strings:
        $decode = "]::FromBase64String" nocase
        $load = /Assembly\]::Load\s*\(/ nocase
        $program = /["'](?:TVqQAA|TVpQAA|TVoAAA|H4sIAAAA)[^\s"']{200}/
        $entry = /\.(?:EntryPoint\b|GetMethod\s*\()[^\r\n]{0,120}\bInvoke\s*\(/ nocase
        $delegate = /Marshal\]::GetDelegateForFunctionPointer\s*\(/ nocase
        $memory = "VirtualAlloc" nocase
        $copy = /Marshal\]::Copy\s*\(/ nocase
    condition:
        filesize < 16MB and $decode
        and (
            ($load and $program and $entry)
            or ($delegate and $memory and $copy)
        )
}
