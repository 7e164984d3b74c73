// HTML pages that carry a file past a filter and put it together in the browser.

rule Clearward_HTML_Smuggling
{
    meta:
        author = "clearward project"
        date = "2026-11-23"
        description = "HTML page that builds an archive, an image or a program from its own text and saves it without being asked."
        reference = "https://attack.mitre.org/techniques/T1027/006/"
        severity = "high"
    strings:
        $page_html = "<html" nocase
        $page_type = "<!doctype" nocase
        $page_script = "<script" nocase
        $page_svg = "<svg" nocase
        $decode = /\batob\s*\(/
        $blob = /\bnew\s+Blob\s*\(/
        $link = /\b(?:createObjectURL|msSaveOrOpenBlob|msSaveBlob)\s*\(/
        $saves = /\.click\s*\(\s*\)|\bmsSave(?:OrOpen)?Blob\s*\(/
        // Programs, ZIP, RAR, 7z and CAB from their first byte on.
        $payload = /=\s*["'`](?:TVqQAA|TVpQAA|TVoAAA|UEsDB|UmFyIRoH|N3q8ryc|TVNDRgAA)[^\s"'`]{120}/
        // An ISO image: 32 KiB of zeros, then a volume descriptor.
        $image = /AAAAAAAABQ0QwMDEB/
    condition:
        filesize < 32MB and $decode and $blob and $link and $saves
        and ($payload or $image) and any of ($page*) in (0..1024)
}
