// Scripts for the Windows script hosts that drop and run a program.

rule Clearward_Script_Dropper
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "VBScript or JScript that writes a downloaded or embedded program to a folder for temporary data and runs it unseen."
        reference = "https://attack.mitre.org/techniques/T1059/005/"
        severity = "high"
    strings:
        $stream = "ADODB.Stream" nocase ascii wide
        $save = ".SaveToFile" nocase ascii wide
        $request = /XMLHTTP\b|WinHttpRequest\b/ nocase ascii wide
        $decode = "bin.base64" nocase ascii wide
        $program = /["'](?:TVqQAA|TVpQAA|TVoAAA)[^\s"']{60}/ ascii wide
        $variable = /%(?:temp|tmp|appdata|localappdata|public|programdata)%/ nocase ascii wide
        $special = /SpecialFolders?\s*\(/ nocase ascii wide
        $name = /\.(?:exe|scr|dll|bat|cmd|vbs|vbe|jse|ps1|hta|pif)["']/ nocase ascii wide
        $run = /\.(?:Run|ShellExecute)\b[^\r\n]{0,200},\s*0\b/ nocase ascii wide
        // An installer that is run without questions is an administrator's script.
        $installs = /\s\/(?:qn|quiet|silent|verysilent|norestart)\b/ nocase ascii wide
    condition:
        filesize < 4MB and $stream and $save and $name and $run
        and ($variable or $special)
        and ($request or ($decode and $program))
        and not $installs
}

rule Clearward_Script_HTA_Hidden
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "HTML application that hides its window and starts a downloading or encoded command."
        reference = "https://attack.mitre.org/techniques/T1218/005/"
        severity = "high"
    strings:
        $script = "<script" nocase
        $shell = /\b(?:WScript\.Shell|Shell\.Application)\b/ nocase
        $resizes = /resizeTo[\s(]+[01]\s*,/ nocase
        $moves = /moveTo[\s(]+-\d/ nocase
        $minimised = /windowstate\s*=\s*["']?minimize/ nocase
        $unlisted = /showintaskbar\s*=\s*["']?no\b/ nocase
        $powershell = /rshell[^\r\n]{0,200}(?:\bhidden\b|\biex\b|\biwr\b|\.downl|-enc)/ nocase ascii wide
        $program = /(?:curl|certutil|bitsadmin|mshta|regsvr32)[^\r\n]{0,100}http/ nocase ascii wide
    condition:
        filesize < 2MB and $script and $shell
        and any of ($resizes, $moves, $minimised, $unlisted)
        and ($powershell or $program)
}

rule Clearward_Script_Batch_Self_Decode
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "Batch file that decodes a program or an archive from its own text and runs what was in it."
        reference = "https://attack.mitre.org/techniques/T1140/"
        severity = "high"
    strings:
        $program = "certutil" nocase
        $decode = "-decode" nocase
        $itself = /[\s"]%~?[dpnxf]*0["\s]/ nocase
        $inside = /[\r\n](?:TVqQAA|TVpQAA|TVoAAA|TVNDRg|UEsDB|UmFyIR|N3q8ry)[^\s"'%]{40}/
        $run = /(?:start|call|32|script)\b[^\r\n]{0,20}[%\\](?:temp|tmp|appdata|localappdata|public|programdata)[%\\]/ nocase
    condition:
        filesize < 16MB and $program and $decode and $itself and $inside and $run
}
