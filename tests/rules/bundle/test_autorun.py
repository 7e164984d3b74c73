"""Behaviour of the rule for autorun.inf."""

from rules.bundle.samples import PROSE, Case, text

CASES = {
    "Clearward_Autorun_Hidden_Open": Case(
        samples=(
            text(
                "[auto",
                "run]\r\nopen=RECYC",
                "LER\\S-1-5-21\\a.exe\r\nicon=folder.ico\r\n",
            ),
            text("[Auto", "Run]\r\nshell\\open\\command=wscr", "ipt.exe a.vb", "e\r\n"),
            text("[auto", "run]\r\nshellexecute=photos.sc", "r\r\n"),
        ),
        near_misses=(
            text(
                "[autorun]\r\nopen=setup.exe\r\nicon=setup.exe,0\r\nlabel=Handbook\r\n"
            ),
            text(
                "[autorun]\r\nopen=rundll32.exe url.dll,FileProtocolHandler ",
                "index.html\r\nshellexecute=index.htm\r\n",
            ),
            text(
                PROSE,
                "An [autorun] section may open a file hidden in RECYCLER or a ",
                ".vbs script.",
            ),
        ),
    ),
}
