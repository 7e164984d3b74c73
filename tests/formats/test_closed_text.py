"""Behaviour of the predicates for text that holds encoded bytes."""

import base64
import hashlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.closed import HEAD, Rows

from clearward.core.reader import Reader
from clearward.formats.closed_text import CHECKS, odf_encrypted

ROWS = Rows(CHECKS.values())
recognised = ROWS.recognised
NOISE = hashlib.sha512(b"noise").digest()


def url(kind: bytes, content: bytes = NOISE) -> bytes:
    return b"data:" + kind + b";base64," + base64.b64encode(content)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        pytest.param(b"%PDF-1.7\n", "pdf", id="pdf"),
        pytest.param(b"junk\n" * 200 + b"%PDF-1.4\n1 0 obj\n", "pdf", id="pdf at 1000"),
        pytest.param(b"%PDF 1 0 obj <<>>", "pdf", id="no dash"),
        pytest.param(b"% x\n%PDF-1.\n\nobj<<>>", "pdf", id="object without numbers"),
        pytest.param(b"a %PDF-1.4 b" + bytes(HEAD), "pdf", id="pdf or not, and long"),
        pytest.param(b"1 0 obj<<>>endobj", "pdfbare", id="bare"),
        pytest.param(b" \0\n% remark\r\n% two\n 1 0obj", "pdfbare", id="bare, remarks"),
        pytest.param(
            b"(This file must be converted with BinHex 4.0)\r\n\r\n:#QPbGc!",
            "binhex",
            id="binhex",
        ),
        pytest.param(
            b"From me\n(This file\nmust be converted with BinHex 4.0)\n:abc",
            "binhex",
            id="binhex behind text, folded",
        ),
        pytest.param(
            b'<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/'
            b'office/2006/xmlPackage"><pkg:binaryData>',
            "flatxml",
            id="flat opc",
        ),
        pytest.param(
            b'<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.'
            b'com/office/word/2003/wordml"><w:docSuppData><w:binData w:name="e.mso">',
            "flatxml",
            id="word 2003",
        ),
        pytest.param(
            b'<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:'
            b'office:1.0"><draw:object-ole><office:binary-data>',
            "flatxml",
            id="flat opendocument",
        ),
        pytest.param(
            b'<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><pdf><document><chunk>',
            "flatxml",
            id="xdp",
        ),
    ],
)
def test_what_hides_bytes_in_text_is_recognised(data: bytes, name: str) -> None:
    assert recognised(data) == [name]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b'MAGIC = b"%PDF-"  # as file(1) has it\n', id="pdf in a program"),
        pytest.param(b"x" * 1025 + b"%PDF-1.4\n1 0 obj", id="pdf at 1025"),
        pytest.param(b"10 objects and 1 0 objects", id="objects in prose"),
        pytest.param(b"2024-01-01 1 0 obj", id="a date first"),
        pytest.param(b"%!PS-Adobe-3.0\n% 1 0 obj\n", id="postscript"),
        pytest.param(
            b"(This file must be converted with BinHex 4.0) stands first.", id="binhex"
        ),
        pytest.param(b"must be converted with BinHex\n:", id="binhex, half of it"),
        pytest.param(b"#@~^ are four characters", id="encoded script in prose"),
        pytest.param(b"body { src: " + url(b"text/html") + b"}", id="no page"),
        pytest.param(b"<p>The mark of encoded scripts is #@~^ in front.", id="prose"),
        pytest.param(
            b'<a xmlns="urn:oasis:names:tc:opendocument:xmlns:office:1.0">text</a>',
            id="document without files",
        ),
        pytest.param(b"<a><w:binData>" + b"QUJD" * 30, id="files without a document"),
    ],
)
def test_a_near_miss_is_not(data: bytes) -> None:
    assert recognised(data) == []


@pytest.mark.parametrize(
    "flood",
    [
        pytest.param(b"<", id="brackets"),
        pytest.param(b"base64", id="word"),
        pytest.param(b";base64,", id="end of a type"),
        pytest.param(b"data:", id="start of a type"),
        pytest.param(b" ", id="blanks"),
        pytest.param(b"\n", id="lines"),
        pytest.param(b"%\n", id="remarks"),
        pytest.param(b"1 ", id="numbers"),
        pytest.param(b"%PDF\n", id="headers"),
        pytest.param(b"(This file\n", id="half of a first line"),
        pytest.param(b"#@~^", id="marks"),
    ],
)
@pytest.mark.parametrize("start", [b"<", b"\n", b"1", b"%"])
def test_a_flood_takes_linear_time(start: bytes, flood: bytes) -> None:
    part = start + flood * (512 * 1024 // len(flood))
    for data in (part, part[: HEAD - 40] + b"%PDF", b"%PDF" + part[: HEAD - 40]):
        began = time.process_time()
        recognised(data)
        assert time.process_time() - began < 2


@given(
    st.sampled_from(ROWS.magics()),
    st.binary(max_size=300),
    st.binary(max_size=300),
)
def test_arbitrary_bytes_around_a_magic_raise_nothing(
    magic: bytes, before: bytes, behind: bytes
) -> None:
    recognised(magic + behind)
    recognised(before + magic + behind)


MANIFEST = (
    b'<?xml version="1.0"?><manifest:manifest xmlns:manifest='
    b'"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry>'
)


@pytest.mark.parametrize("before", [0, 5000, 300_000])
def test_a_list_of_files_says_that_a_document_is_encrypted(before: int) -> None:
    plain = MANIFEST + b"<manifest:file-entry/>" * (before // 22)
    locked = plain + b'<manifest:encryption-data manifest:checksum="A">'
    for data, expected in ((plain, False), (locked, True)):
        assert odf_encrypted(data[:65536], Reader.of(data)) is expected
