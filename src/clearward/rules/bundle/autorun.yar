// Files that make removable disks start something.

rule Clearward_Autorun_Hidden_Open
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "File for automatic start (autorun.inf) that starts a script or a program from a hidden system folder."
        reference = "https://attack.mitre.org/techniques/T1091/"
        severity = "high"
    strings:
        $section = /[\[]autorun\]/ nocase
        $opens = /=[^\r\n]{0,120}(?:RECYCLE[RD]\\|RECYCLE\.BIN\\|Volume Information\\|script(?:\.exe)?\s|mshta|rshell|\.vb[se]\b|\.jse\b|\.ws[fh]\b|\.scr\b|\.pif\b)/ nocase
    condition:
        filesize < 64KB and $section and $opens
}
