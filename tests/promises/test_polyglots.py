"""A file that is two things at once is opened as both, whatever it begins with."""

import gzip
import lzma
import zlib
from base64 import b64encode
from struct import pack

import pytest
from support.inside import MARK, cabinet, seen, zipped
from support.ole import compound
from support.pdf import document, entry, stream

CABINET = cabinet(b"a.exe", MARK * 2)
ONENOTE = bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3")
FLAT = b'<w:x xmlns="http://schemas.microsoft.com/office/word/2003/wordml"><w:binData>'

EMPTY_ASAR = pack("<IIII", 4, 24, 20, 12) + b'{"files":{}}' + bytes(4)


@pytest.mark.parametrize(
    "front",
    [
        pytest.param(document(entry(1, b"<<>>")), id="pdf"),
        pytest.param(b"%PDF-1.4\n", id="pdf in front of its objects"),
        pytest.param(b"{\\rtf1 text}\n", id="rtf"),
        pytest.param(compound({"a": b"x" * 100}), id="ole"),
        pytest.param(zipped({"a": b"x"}), id="zip"),
        pytest.param(EMPTY_ASAR, id="asar"),
        pytest.param(gzip.compress(b"x"), id="gzip"),
        pytest.param(lzma.compress(b"x"), id="xz"),
        pytest.param(cabinet(b"b", b"x"), id="cab"),
        pytest.param(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", id="calendar"),
        pytest.param(b"<html>page</html>", id="page"),
        pytest.param(FLAT + b"QQ==</w:binData>", id="flat document"),
        pytest.param(ONENOTE.ljust(1024, b"\0"), id="onenote"),
        pytest.param(b"begin 644 a\n#86)C\n`\nend\n", id="uuencode"),
        pytest.param(b"From: a@b\nTo: c@d\nMIME-Version: 1.0\n\ntext\n", id="mail"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(40), id="picture"),
    ],
)
def test_an_archive_behind_anything_is_opened(front: bytes) -> None:
    behind = b"\n1 0 obj <<>> endobj\n" if front.startswith(b"%PDF") else b""
    told = seen(front + CABINET + behind)
    assert any(way.endswith("> a.exe") for way in told.ways)
    assert not told.reasons


LETTERS = b64encode(zipped({"b.js": MARK * 2}))
SCRIPT = b'<script>var b="' + LETTERS + b'";new Blob([atob(b)])</script>'


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(b"<html><!-- %PDF-1.4 -->" + SCRIPT, id="pdf in a remark"),
        pytest.param(b"%PDF-1.4 <html>" + SCRIPT, id="pdf"),
        pytest.param(b"{\\rtf1 <html>" + SCRIPT, id="rtf"),
        pytest.param(b"%!PS <html>" + SCRIPT, id="postscript"),
        pytest.param(b"BEGIN:VCARD <html>" + SCRIPT, id="card"),
        pytest.param(b"<html><!-- ns.adobe.com/xdp <chunk -->" + SCRIPT, id="xdp"),
        pytest.param(b"<html>\0\0" + SCRIPT, id="zero bytes"),
        pytest.param(b"text\0" + SCRIPT, id="a zero byte in text"),
        pytest.param(b"// %PDF\nx='" + LETTERS + b"';eval(atob(x))", id="script"),
        pytest.param(b"{\\rtf1\r\npowershell -e " + LETTERS, id="batch"),
    ],
)
def test_a_page_or_script_is_read_whatever_its_first_words_claim(page: bytes) -> None:
    assert any(
        way.startswith("base64@") and way.endswith(" > b.js") for way in seen(page).ways
    )


def test_hexadecimal_of_a_document_is_not_read_twice() -> None:
    data = document(stream(1, zlib.compress(MARK).hex().encode(), b"/Filter/AHx"))
    assert not any(part.startswith("hex") for part in seen(data).parts)
