"""Rules that spy on documents, and rules against malware, made for tests."""

# Each is caught by reading alone, by the probe alone, or by both.
MARKED = {
    "plain": '$a = "TOP SECRET"',
    "wide": '$a = "top secret" wide nocase',
    "hexadecimal": "$a = { 53 54 52 45 4E 47 20 47 45 48 45 49 4D }",
    "holes": "$a = { 54 4? ?0 [1-2] 5? 45 43 52 (45|65) 54 }",
    "wide bytes": "$a = { 54 00 4F 00 50 00 20 00 53 00 45 00 43 00 52 00 45 00 54 }",
    "base64": '$a = "NOFORN" base64',
    "base64 text": '$a = "VE9QIFNFQ1JFVA"',
    "xor": '$a = "COSMIC TOP SECRET" xor(1-255)',
    "xor bytes": "$a = { 15 0E 11 61 12 04 02 13 04 15 }",
    "turned round": '$a = "TERCES POT"',
    "look-alikes": '$a = "\N{CYRILLIC CAPITAL LETTER TE}OP S3CRET"',
    "letters apart": '$a = "N A T O   S E C R E T"',
    "two strings": '$a = "TOP SEC" $b = "RET//"',
    "two words": '$a = "STRENG" $b = "GEHEIM"',
    "class": "$a = /[T][O0]P[ _]S[E3]CR[E3]T/",
    "ranges": "$a = /[S-U][N-P][O-Q] [R-T][D-F][B-D][Q-S][D-F][S-U]/",
    "any characters": "$a = /T.?O.?P.?.?.?S.?E.?C.?R.?E.?T/",
    "French": "$a = /tr(e|\\xc3\\xa8)s\\s+secret\\s+d(e|\\xc3\\xa9)fense/i",
    "Russian": (
        '$a = "\u0421\u041e\u0412\u0415\u0420\u0428\u0415\u041d\u041d\u041e '
        '\u0421\u0415\u041a\u0420\u0415\u0422\u041d\u041e"'
    ),
    "Russian bytes": "$a = {D1 CE C2 C5 D0 D8 C5 CD CD CE 20 D1 C5 CA D0 C5 D2 CD CE}",
    "Chinese": '$a = "\u7edd\u5bc6"',
    "Hebrew": '$a = "\u05e1\u05d5\u05d3\u05d9 \u05d1\u05d9\u05d5\u05ea\u05e8" wide',
    "short": '$a = "VS-NfD"',
}

WORDS = {
    "code word in an archive": '$a = "GLASS LANTERN" | $a and uint32(0) == 0x04034b50',
    "one rare word": '$a = "Wolfsschanze" | $a',
    "a person": '$a = "Jane Q. Example" $b = "j.example@mfa.example" | any of them',
    "an author": '$a = "<dc:creator>Jane Example</dc:creator>" | $a',
    "a file number": '$a = "Az. 12-345/2023" | $a',
    "beside code": '$a = "GLASS LANTERN" $b = "kernel32.dll" | any of them',
    "in a document": '$a = "Operation Glass Lantern" $b = "<w:document" | all of them',
    "weak words": '$a = "classified" nocase $b = "embassy" nocase | any of them',
}

CONDITIONS = {
    "numbers": "uint16(0) == 0x4F54 and uint16(2)==0x2050 and uint32(4) == 0x52434553",
    "sum": "uint8(0) + uint8(1) + uint8(2) == 243 and uint8(4) == 83",
    "xor": "for any i in (0..100) : (uint32be(i) ^ 0x11111111 == 0x455E4131)",
    "entropy": "math.entropy(0, filesize) < 5.0 and filesize < 1MB",
    "checksum": "hash.checksum32(0, 10) == 716",
    "type": "uint32(0) == 0x46445025 and filesize < 2MB",
}

MALWARE = """
import "pe"
rule a_program {
    strings: $a = "Please wait while we update" $b = "Cmd.exe /c del %s"
    condition: uint16(0) == 0x5A4D and all of them
}
rule a_program_by_module {
    strings: $a = "Hello dear friend" condition: pe.is_pe and $a
}
rule an_exploit {
    strings: $m = "%PDF-1." $j = "/JavaScript" $u = "unescape(\\"%u9090"
    condition: $m at 0 and $j and $u
}
rule a_script {
    strings: $a = "eval(base64_decode($_POST['x']))" condition: $a
}
rule a_path_of_programs {
    condition: uint16(0) == 0x5A4D and filename == "svchost.exe" and filesize < 9KB
}
rule a_secret_of_a_service {
    strings: $a = "client_secret=%s&grant_type=password" $b = "\\\\top_secret_dll.pdb"
    condition: all of them and filesize < 1MB
}
rule any_words {
    strings: $a = /[A-Za-z]{3,9} [A-Za-z]{3,9}/ $b = "WriteProcessMemory"
    condition: all of them
}
"""


def marked(strings: str, name: str = "spy") -> str:
    """A rule that wants all of some strings."""
    return f"rule {name} {{ strings: {strings} condition: all of them }}\n"


def worded(pair: str, name: str = "spy") -> str:
    """A rule of strings and a condition, with a bar between."""
    strings, _, condition = pair.rpartition(" | ")
    return f"rule {name} {{ strings: {strings} condition: {condition} }}\n"


def conditioned(condition: str, name: str = "spy") -> str:
    """A rule without strings."""
    return f'import "math"\nimport "hash"\nrule {name} {{ condition: {condition} }}\n'
