"""What lies inside new Office documents is looked at, and named; each with a file."""

import hashlib
from base64 import b64encode
from struct import pack

import pytest
from Cryptodome.Cipher import AES
from support.inside import MARK, seen, zipped
from support.ole import compound, packaged, packed_source

from clearward.core.reasons import Reason

ZIPPED = zipped({"b.js": MARK * 2})
NATIVE = compound({"\x01Ole10Native": packaged(b"a.zip", ZIPPED)})
WEB = (
    b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n" + b64encode(MARK) + b"\r\n"
)
PAGE = b'<html><img src="data:;base64,' + b64encode(MARK) + b'">'
RICH = b"{\\rtf1{\\object{\\*\\objdata " + MARK.hex().encode() + b"}}}"
MACRO = b'Attribute VB_Name = "Module1"\r\n\'' + MARK
PROJECT = compound({"VBA/Module1": b"p-code" + packed_source(MACRO)})
FIRST, SECOND = MARK[:9].decode(), MARK[9:].decode()
FORMULA = f'<c r="A1"><f>EXEC("{FIRST}"&amp;"{SECOND}")</f></c>'
SHEET = f'<xm:macrosheet xmlns:xm="y"><sheetData>{FORMULA}</sheetData></xm:macrosheet>'
RELATION = (
    '<Relationships><Relationship Id="a" Type="http://schemas.example/{}" '
    'Target="http://a.example/t" TargetMode="External"/></Relationships>'
)


def package(name: str, content: bytes) -> bytes:
    """A document with one more part."""
    return zipped({"[Content_Types].xml": b"<Types/>", name: content})


def tokens(content: str) -> bytes:
    """A string in a formula of a binary workbook."""
    return pack("<BH", 0x17, len(content)) + content.encode("utf-16-le")


def binary_sheet() -> bytes:
    """A sheet that starts a program whose name is in two pieces."""
    formula = tokens(FIRST) + tokens(SECOND) + b"\x08"
    formula += pack("<BBH", 0x42, 1, 110)
    cell = bytes(8) + bytes(8) + pack("<HI", 0, len(formula)) + formula + bytes(4)
    row = b"\0\x11" + bytes(17)
    return (
        b"\x81\x01\0"
        + row
        + b"\x09"
        + bytes((len(cell) & 0x7F | 0x80, len(cell) >> 7))
        + cell
    )


@pytest.mark.parametrize(
    ("name", "content", "way"),
    [
        ("word/embeddings/oleObject1.bin", NATIVE, "C:\\a\\a.zip > b.js"),
        ("word/embeddings/a.xlsx", package("xl/a.xml", MARK), "xl/a.xml"),
        ("ppt/embeddings/a.docx", package("word/a.xml", MARK), "word/a.xml"),
        ("word/activeX/activeX1.bin", compound({"Contents": MARK}), "Contents"),
        ("word/afchunk.mht", WEB, ""),
        ("word/afchunk.htm", PAGE, ""),
        ("word/afchunk.rtf", RICH, "objdata"),
        ("word/afchunk.docx", package("word/a.xml", MARK), "word/a.xml"),
        ("xl/vbaProject.bin", PROJECT, "VBA/Module1"),
        ("ppt/vbaProject.bin", PROJECT, "VBA/Module1"),
        ("word/vbaProject.bin", PROJECT, "VBA/Module1"),
        ("xl/macrosheets/sheet1.xml", SHEET.encode(), "XLM"),
        ("xl/macrosheets/sheet1.bin", binary_sheet(), "XLM"),
    ],
)
def test_what_a_document_holds_has_its_way(name: str, content: bytes, way: str) -> None:
    told = seen(package(name, content))
    assert f"{name} > {way}" in told.ways
    assert not told.reasons


@pytest.mark.parametrize("kind", ["attachedTemplate", "aFChunk", "oleObject", "frame"])
def test_what_a_document_fetches_is_told(kind: str) -> None:
    relations = RELATION.format(kind).encode()
    told = seen(package("word/_rels/settings.xml.rels", relations))
    assert told.links == {"http://a.example/t"}
    assert not told.reasons


def test_hyperlinks_are_not() -> None:
    relations = RELATION.format("hyperlink").encode()
    assert not seen(package("word/_rels/document.xml.rels", relations)).links


def protected(password: str, content: bytes) -> bytes:
    """A package that is encrypted as MS-OFFCRYPTO 2.3.4.5 says."""

    def digest(*data: bytes) -> bytes:
        return hashlib.sha1(b"".join(data), usedforsecurity=False).digest()

    def padded(data: bytes) -> bytes:
        return data + bytes(-len(data) % 16)

    salt = bytes(range(16))
    value = digest(salt, password.encode("utf-16-le"))
    for count in range(50_000):
        value = digest(pack("<I", count), value)
    final = digest(value, bytes(4)).ljust(64, b"\0")
    cipher = AES.new(digest(bytes(b ^ 0x36 for b in final))[:16], AES.MODE_ECB)
    header = pack("<IIIIIIII", 0x24, 0, 0x660E, 0x8004, 128, 0x18, 0, 0) + b"CSP\0"
    verifier = pack("<I", 16) + salt + cipher.encrypt(b"verifier" * 2)
    verifier += pack("<I", 20) + cipher.encrypt(padded(digest(b"verifier" * 2)))
    information = pack("<HHII", 4, 2, 0x24, len(header)) + header + verifier
    packed = pack("<Q", len(content)) + cipher.encrypt(padded(content))
    return compound({"EncryptionInfo": information, "EncryptedPackage": packed})


@pytest.mark.parametrize("password", ["VelvetSweatshop", "infected"])
def test_packages_with_a_usual_password_are_opened(password: str) -> None:
    told = seen(protected(password, package("xl/vbaProject.bin", PROJECT)))
    assert "package > xl/vbaProject.bin > VBA/Module1" in told.ways
    assert not told.reasons


def test_packages_with_another_are_encrypted() -> None:
    told = seen(protected("a good one", package("xl/a.xml", MARK)))
    assert told.reasons == Reason.ENCRYPTED
