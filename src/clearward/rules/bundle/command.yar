// Command lines that make programs of the system fetch, run or destroy.

rule Clearward_Command_Script_Proxy
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "Command line that makes a program of Windows run a script from the network."
        reference = "https://attack.mitre.org/techniques/T1218/"
        severity = "high"
    strings:
        $mshta_page = /mshta[.ex"']{0,5}\s+["']?http[s:]/ nocase ascii wide
        $mshta_script = /mshta[^\r\n]{0,200}["']script:http/ nocase ascii wide
        $regsvr32 = /regsvr32[^\r\n]{0,60}i:["']?http[^\r\n]{0,200}scrobj/ nocase ascii wide
        $rundll32 = /rundll32[^\r\n]{0,16}script:["'][^\r\n]{0,40}RunHTML/ nocase ascii wide
    condition:
        filesize < 1MB and any of them
}

rule Clearward_Command_Download_Run
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "Command line that fetches a file with certutil or bitsadmin and runs it from a folder for temporary data."
        reference = "https://attack.mitre.org/techniques/T1105/"
        severity = "high"
    strings:
        $program = /\b(?:certutil|bitsadmin)\b/ nocase ascii wide
        $fetch_run = /(?:urlcache|transfer) [^\r\n&]{0,300}&[^\r\n]{0,80}[%\\](?:temp|tmp|appdata|localappdata|public|programdata)[%\\]/ nocase ascii wide
    condition:
        filesize < 1MB and $program and $fetch_run
}

rule Clearward_Command_Recovery_Sabotage
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "Script that deletes shadow copies and backups and turns recovery off, as ransomware does before it encrypts."
        reference = "https://attack.mitre.org/techniques/T1490/"
        severity = "high"
    strings:
        $shadows = /\bdelete\s+shadows\s+\// nocase ascii wide
        $shadow_copy = /\bshadowcopy\s+delete\b/ nocase ascii wide
        $recovery = /\brecoveryenabled\s+no\b/ nocase ascii wide
        $boot_status = /\bbootstatuspolicy\s+ignoreallfailures\b/ nocase ascii wide
        $catalog = /\bwbadmin[.ex"]*\s+delete\s/ nocase ascii wide
    condition:
        filesize < 128KB and 3 of them
}
