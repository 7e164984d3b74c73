// Office documents that run or fetch something when they are opened.

rule Clearward_Office_Macro_Shell
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "Macro that starts by itself and spawns a script host with a hidden, encoded or downloading command."
        reference = "https://attack.mitre.org/techniques/T1204/002/"
        severity = "high"
    strings:
        $automatic = /\bSub\s+(?:Auto|Document|Workbook)_?(?:Open|Exec|Close|New|Activate|BeforeClose)\s*\(/ nocase ascii wide
        $shell = /[\s.=]Shell[ (]/
        $spawn = /\b(?:WScript\.Shell|Shell\.Application|Win32_Process|ShellExecute)/ nocase
        $powershell = /rshell[^\r\n]{0,200}(?:\bhidden\b|\biex\b|\biwr\b|\.downl|-enc)/ nocase ascii wide
        $program = /(?:curl|certutil|bitsadmin|mshta|regsvr32)[^\r\n]{0,100}http/ nocase ascii wide
    condition:
        filesize < 4MB and $automatic and ($shell or $spawn) and ($powershell or $program)
}

rule Clearward_Office_Macro_Download
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "Macro that starts by itself, downloads a program and runs it."
        reference = "https://attack.mitre.org/techniques/T1105/"
        severity = "high"
    strings:
        $automatic = /\bSub\s+(?:Auto|Document|Workbook)_?(?:Open|Exec|Close|New|Activate|BeforeClose)\s*\(/ nocase ascii wide
        $to_file = "URLDownloadToFile" nocase
        $request = /XMLHTTP\b|WinHttpRequest\b/ nocase ascii wide
        $stream = ".SaveToFile" nocase ascii wide
        $name = /\.(?:exe|scr|dll|bat|cmd|vbs|vbe|jse|ps1|hta|pif)["']/ nocase ascii wide
        $shell = /[\s.=]Shell[ (]/
        $run = /\b(?:ShellExecute|CreateProcess)|\.(?:Run|Exec)[\s(]/
        $environment = /\bEnviron\$?\s*\(\s*"/ nocase
        $variable = /%(?:temp|tmp|appdata|localappdata|public|programdata)%/ nocase ascii wide
        $special = /SpecialFolders?\s*\(/ nocase ascii wide
    condition:
        filesize < 4MB and $automatic and $name and ($shell or $run)
        and any of ($environment, $variable, $special)
        and ($to_file or ($request and $stream))
}

rule Clearward_Office_Remote_Template
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "Document that loads its template from a bare public IP address or from what is not a template."
        reference = "https://attack.mitre.org/techniques/T1221/"
        severity = "high"
    strings:
        $relation = "/relationships/attachedTemplate\""
        // Templates on the servers of an organisation are ordinary: those end in .dot, .dotx or .dotm.
        $address = /(?:\bTarget="|\\template\s+)http[^"\/]+\/\/(?:[^"\/]*@)?(?:[2-9]\d*|1(?:[1-9]?|[013458]\d|2[0-689]|6[0-8]|7[013-9]|9[013-9]))\.\d+\.\d+\.\d+[:\/]/
        $kind = /(?:\bTarget="|\\template\s+)http[^"?}]{4,300}\.(?:php|html?|txt|png|jpe?g|gif|rtf|dat|bin|tmp)["?!}\s]/
    condition:
        filesize < 16MB and ($address or $kind)
        and ($relation or uint32(0) == 0x74725C7B)
}

rule Clearward_Office_DDE_Command
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "Field, link or cell that makes Office run a command interpreter through dynamic data exchange."
        reference = "https://attack.mitre.org/techniques/T1559/002/"
        severity = "high"
    strings:
        $field = /(?:instrText[^>]*>|fldinst\b[^}]{0,80}|w:instr="|\x13)\s*(?:DDE|dde)(?:AUTO|auto)?\s[^<\r\n]{0,160}(?:cmd|CMD|rshell|mshta|script|rundll32|regsvr32)/ ascii wide
        $link = /ddeService="(?:cmd|powershell|mshta|[wc]script|rundll32|regsvr32)[.ex]*"/
        // The harmless form of the books opens a calculator; it stands in many tests and texts.
        $cell = /\b(?:cmd|CMD|rshell|mshta|rundll32)(?:\.exe)?\|["'][^\r\n|]{0,200}(?:rshell|http|mshta|certutil|bitsadmin|regsvr32)[^\r\n|]{0,300}["']!/
    condition:
        filesize < 16MB and any of them
}
