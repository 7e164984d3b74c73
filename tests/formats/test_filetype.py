"""Behaviour of ClamAV's types of parts."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.programs_clamscan import NEEDS_CLAMSCAN, found

from clearward.core import filetypes
from clearward.core.reader import CHUNK, Reader
from clearward.formats import filetype
from clearward.formats.identify import identify
from clearward.formats.normalise.marks import TAGS

HEAD = 64 * 1024
NEEDLE = b" needle in it\n" * 2


def kind(data: bytes) -> str:
    reader = Reader.of(data)
    head = data[:HEAD]
    name = filetype.clamav_type(head, reader, identify(head, reader))
    assert filetypes.is_known(name)
    return name.removeprefix("CL_TYPE_")


def archive(*names: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name in names:
            file.writestr(name, "content")
    return written.getvalue()


CONTENT_TYPES = "[Content_Types].xml"
TEXTS = [
    (b"plain text", "TEXT_ASCII"),
    ("gr\u00fc\u00dfe".encode(), "TEXT_ASCII"),
    (bytes(range(0x80, 0x100)), "TEXT_ASCII"),
    (b"bell \x07 tab \t feed \x0c escape \x1b", "TEXT_ASCII"),
    (b"a" * 1024 + b"\0\1\2", "TEXT_ASCII"),
    (b"odd control \x01 in the middle", "TEXT_UTF16BE"),
    (b"\0\0\0\0 zeros", "BINARY_DATA"),
    ("\ufefftext".encode("utf-16-le"), "TEXT_UTF16LE"),
    ("\ufefftext".encode("utf-16-be"), "TEXT_UTF16BE"),
    ("text without a mark".encode("utf-16-be"), "TEXT_UTF16BE"),
    (b"\0a\0\x01\0b" * 4, "BINARY_DATA"),
    (b"\xff\xfe" + b"a\0\xfe\xffb\0", "BINARY_DATA"),
]
PAGES = [
    *((b"some " + tag + b" some", "HTML") for tag in TAGS),
    (b"some <A name='x' HREF='y'> some", "HTML"),
    (b"some <html lang='en'> some", "TEXT_ASCII"),
    (b"some <a\nhref='y'> some", "TEXT_ASCII"),
    (b"x" * 5000 + b"<html>", "HTML"),
    (b"x" * 300_000 + b"<a x='y'" + b"x" * 300_000 + b"href", "HTML"),
    (b"href <a name='y'> some", "TEXT_ASCII"),
    (b"x" * 2000 + b" %PDF-1.4", "TEXT_ASCII"),
    (bytes(range(256)) * 8 + b"<html>", "BINARY_DATA"),
    (b"\0\1\2\3" * 100 + b"<html>", "HTML"),
    ("<html> wide".encode("utf-16-le"), "HTML_UTF16"),
    ("\ufeff<html> wide".encode("utf-16-le"), "HTML_UTF16"),
    ("\ufeff<html> wide".encode("utf-16-be"), "HTML"),
    ("<html> wide".encode("utf-16-be"), "TEXT_UTF16BE"),
    (b"From: a\nTo: b\n\ntext", "MAIL"),
    (b"X-Foo: a\nFrom: b\nX: y\nMIME-Version: 1.0\n", "MAIL"),
    (b"X-Foo: a\nTo: b\nX: y\nMIME-Version: 1.0\n", "TEXT_ASCII"),
    (b"X: y\nMIME-Version: 1.0\nContent-Type: multipart/related\n", "MHTML"),
    (b"junk %PDF-1.4 text", "PDF"),
    (b"begin 644 name\n", "UUENCODED"),
    (b"{\\rtf1 text", "RTF"),
    (b"%!PS-Adobe-3.0", "PS"),
    (b"foo <xdp:xdp foo", "XDP"),
    (b'<?xml version="1.0"?>\n<w:wordDocument>', "XML_WORD"),
]
OTHERS = [
    (b"MZ" + bytes(200), "MSEXE"),
    (b"\x7fELF" + bytes(200), "ELF"),
    (b"\xcf\xfa\xed\xfe" + bytes(200), "MACHO"),
    (b"\xca\xfe\xba\xbe\0\0\0\x02" + bytes(200), "MACHO_UNIBIN"),
    (b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(200), "JAVA"),
    (b"\xca\xfe\xba\xbe\0\x03\0\x2d" + bytes(200), "BINARY_DATA"),
    (b"GIF89a" + bytes(200), "GIF"),
    (b"CWS\5" + bytes(200), "SWF"),
    (b"\xa7\r\r\n" + bytes(200), "PYTHON_COMPILED"),
    (archive("a.txt"), "ZIP"),
    (archive("META-INF/MANIFEST.MF", "a.class"), "ZIP"),
    (archive(CONTENT_TYPES, "_rels/.rels", "word/document.xml"), "OOXML_WORD"),
    (archive(CONTENT_TYPES, "a", "b", "c", "xl/workbook.xml"), "OOXML_XL"),
    (archive("a", "b", "c", "word/document.xml"), "ZIP"),
    (archive("ppt/a", "word/b"), "OOXML_PPT"),
    (archive("mimetype", "Contents/content.hpf"), "OOXML_HWP"),
    (bytes(300), "BINARY_DATA"),
]


@pytest.mark.parametrize(("data", "expected"), [*TEXTS, *PAGES, *OTHERS])
def test_a_part_has_the_type_that_clamscan_gives_it(data: bytes, expected: str) -> None:
    assert kind(data) == expected


@NEEDS_CLAMSCAN
@pytest.mark.parametrize(("data", "expected"), [*TEXTS, *PAGES, *OTHERS])
def test_clamscan_uses_the_signatures_of_the_same_target(
    data: bytes, expected: str, tmp_path: Path
) -> None:
    if expected in {"MAIL", "MHTML", "UUENCODED", "PDF", "XML_WORD", "XDP", "RTF"}:
        pytest.skip("the parts inside meet signatures too")
    if "UTF16" in expected:
        pytest.skip("the signature would have to be wide")
    lines = [
        f"T{target};Engine:51-255,Target:{target};0;6e6565646c65"
        for target in filetypes.Target
        if target not in {8, 13}
    ]
    target = filetypes.target("CL_TYPE_" + expected)
    matches = found(tmp_path, "ldb", lines, data.ljust(1030) + NEEDLE)
    assert matches == {"T0", f"T{int(target)}"}


def test_formats_tell_types_without_a_magic() -> None:
    header = bytearray(b"name".ljust(100, b"\0") + b"0000644\0" * 3)
    header += b"00000000000\0" * 2 + b" " * 8 + b"0"
    header = header.ljust(512, b"\0")
    header[148:156] = b"%06o\0 " % sum(header)
    assert kind(bytes(header) + bytes(1024)) in {"OLD_TAR", "BINARY_DATA"}


def test_a_boot_record_is_a_disk() -> None:
    entry = b"\x80\1\1\0\7\xfe\xff\xff\x3f\0\0\0\0\x10\0\0"
    assert kind(bytes(446) + entry + bytes(48) + b"\x55\xaa" + bytes(512)) == "MBR"


def test_nothing_is_text() -> None:
    assert filetype.clamav_type(b"", Reader.of(b"")) == "CL_TYPE_TEXT_ASCII"


def test_the_table_names_types_that_signatures_may_name() -> None:
    assert all(filetypes.is_known(name) for name, _, _ in filetype.MAGICS)


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("early", range(9))
def test_a_tag_is_found_across_the_border_of_chunks(tag: bytes, early: int) -> None:
    assert kind(b"x" * (CHUNK - early) + tag + b"x" * 10) == "HTML"


def test_links_without_targets_take_linear_time() -> None:
    assert kind(b"<a " * 500_000) == "TEXT_ASCII"


@given(st.binary(max_size=1200))
def test_every_part_has_a_type(data: bytes) -> None:
    assert kind(data)


@given(st.sampled_from(filetype.MAGICS), st.binary(max_size=600))
def test_every_part_behind_a_magic_has_a_type(
    row: tuple[str, int, bytes], data: bytes
) -> None:
    _, offset, magic = row
    assert kind(bytes(offset) + magic + data)
