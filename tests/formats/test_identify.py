"""Behaviour of identification: by content, of several formats at once, and quick."""

import io
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reader import Reader
from clearward.formats import identify as module
from clearward.formats.closed import CLOSED, ENTRIES
from clearward.formats.format import Format
from clearward.formats.identify import HEAD, MARKS, identify, table
from clearward.formats.unpack import FORMATS

ALL = (*FORMATS, *CLOSED)
STARTS = [magic for each in ALL for magic in each.magics]


def of(data: bytes) -> list[str]:
    return [each.name for each in identify(data[:HEAD], Reader.of(data))]


def row_of(name: str, *magics: bytes) -> Format:
    return Format(name, lambda head, reader: True, magics=magics)  # noqa: ARG005


def names(row: tuple[Format, ...]) -> list[str]:
    return [each.name for each in row]


def test_an_empty_part_is_of_no_format() -> None:
    assert of(b"") == []


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"a", id="one byte"),
        pytest.param(b"A line of text.\n" * 300, id="text"),
        pytest.param(bytes(100_000), id="zeros"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(100), id="png"),
        pytest.param(b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(100), id="jpeg"),
        pytest.param(b"GIF89a" + bytes(100), id="gif"),
        pytest.param(b"SQLite format 3\0" + bytes(5000), id="sqlite"),
        pytest.param(b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(100), id="java class"),
        pytest.param(b"\xa7\r\r\n" + bytes(100), id="python bytecode"),
        pytest.param(b"wOF2\0\1\0\0" + bytes(100), id="font"),
        pytest.param(b"\0\0\0\x20ftypisom" + bytes(100), id="film"),
        pytest.param(b"OggS\0\2" + bytes(100), id="sound"),
        pytest.param(b"%!PS-Adobe-3.0\n%%Pages: 1\n", id="postscript"),
        pytest.param(b"L\0\0\0\1\x14\2\0" + bytes(100), id="shortcut"),
        pytest.param(b"\x7fELF\2\1\1" + bytes(100), id="elf"),
        pytest.param(b"MZ" + bytes(200), id="exe"),
        pytest.param(b"#!/bin/sh\necho\n", id="script"),
        pytest.param(b"<html><p>text</p></html>", id="html"),
        pytest.param(b'<?xml version="1.0"?><a>1</a>', id="xml"),
        pytest.param(b'{"a": 1}', id="json"),
        pytest.param(b"\x1a\x01\x25\x00\x26\x00" + bytes(40), id="terminfo"),
    ],
)
def test_what_is_no_container_is_of_no_format(data: bytes) -> None:
    assert of(data) == []


def test_a_part_may_be_of_several_formats() -> None:
    image = bytearray(40_000)
    image[:4] = b"hsqs"
    image[4] = 1
    image[512:520] = b"EFI PART"
    image[32769:32774] = b"CD001"
    assert of(bytes(image)) == ["squashfs", "gpt", "iso"]


def test_a_name_is_no_reason() -> None:
    assert of(b"report.pdf, archive.rar") == []


@given(st.sampled_from(STARTS), st.binary(max_size=300))
def test_rows_by_the_first_two_bytes_lose_no_format(start: bytes, data: bytes) -> None:
    part = start + data
    reader = Reader.of(part)
    asked_each = [each.name for each in ALL if each.recognises(part, reader)]
    assert sorted(of(part)) == sorted(asked_each)


@given(st.binary(max_size=2000))
def test_arbitrary_bytes_give_what_each_format_says_itself(data: bytes) -> None:
    reader = Reader.of(data)
    said = {each.name for each in ALL if data and each.recognises(data, reader)}
    later = {each.name for each in ALL if each.last}
    assert said - later <= set(of(data)) <= said


@given(st.binary(min_size=1, max_size=100), st.integers(0, 100))
def test_a_head_longer_than_needed_changes_nothing(data: bytes, more: int) -> None:
    part = data + bytes(HEAD + more)
    reader = Reader.of(part)
    whole = [each.name for each in identify(part, reader)]
    assert whole == of(part)


def test_a_row_holds_what_starts_so_and_what_has_no_magic_in_the_given_order() -> None:
    rows, always = table(
        [row_of("a", b"abc"), row_of("b"), row_of("c", b"abd", b"xyz"), row_of("d")]
    )
    assert names(always) == ["b", "d"]
    assert {start: names(row) for start, row in rows.items()} == {
        b"ab": ["a", "b", "c", "d"],
        b"xy": ["b", "c", "d"],
    }


def test_a_magic_of_one_byte_stands_in_256_rows() -> None:
    rows, always = table([row_of("a", b"a"), row_of("b", b"ab")])
    assert len(rows) == 256
    assert names(rows[b"ab"]) == ["a", "b"]
    assert names(rows[b"aa"]) == ["a"]
    assert always == ()


def test_only_formats_without_a_magic_in_front_are_asked_about_every_part() -> None:
    assert {each.name for each in module.ALWAYS} == {
        each.name for each in FORMATS if not each.magics and not each.last
    }
    behind = {each.format.name for each in ENTRIES if not each.signature.leads}
    leading = {each.name for each in module.LEADING}
    assert leading.isdisjoint(behind)
    assert leading | behind == {each.name for each in CLOSED}


MARKED = [each for each in ALL if each.marks]


def test_what_may_begin_anywhere_is_known_by_its_marks() -> None:
    assert {each.name for each in MARKED} == {
        "zip",
        "uuencode",
        "pdf",
        "binhex",
        "embedded",
        "embedded-program",
        "netbundle",
    }
    assert set(MARKS) == {mark for each in MARKED for mark in each.marks}


PIECES = st.sampled_from([*MARKS, *STARTS, b"\n", b" 644 x\n", b"%%EOF", bytes(30)])


@given(st.lists(PIECES | st.binary(max_size=40), max_size=8))
def test_without_any_mark_nothing_is_lost_by_not_asking(pieces: list[bytes]) -> None:
    part = b"".join(pieces)
    reader = Reader.of(part)
    if not any(mark in part for mark in MARKS):
        assert identify(part, reader, marked=False) == identify(part, reader)
    else:
        unmarked = [each for each in identify(part, reader) if not each.marks]
        assert identify(part, reader, marked=False) == unmarked


def test_a_zip_inside_what_goes_from_front_to_back_comes_as_part_of_its_parts() -> None:
    archive = _zip()
    inner = _tar(archive + b"behind")  # cut, so that nothing ends as a zip does
    assert of(inner + bytes(1 << 17)) == ["tar"]
    assert of(inner + archive) == ["zip", "tar"]  # both: programs look at the end
    assert of(archive) == ["zip"]


def test_a_zip_behind_a_script_is_opened_wherever_it_ends() -> None:
    script = b"eval(atob('" + b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo" * 40 + b"'));\n"
    assert of(script) == ["scripts"]
    assert "zip" in of(script + _zip() + b"junk " * 20_000)


@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.XHDTYPE])
def test_a_pdf_at_the_front_of_a_tar_is_both(kind: bytes) -> None:
    """Readers of PDF mend what has no end; what a pax header holds is no part."""
    document = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"
    block = bytearray(_tar(document))
    block[156:157] = kind
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block[:512])
    assert of(bytes(block)) == ["tar", "pdf"]


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a", b"content")
    return file.getvalue()


def _tar(content: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("a.zip")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return file.getvalue()
