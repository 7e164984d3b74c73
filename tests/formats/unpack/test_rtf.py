"""Behaviour of the reader of Rich Text."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import rtf

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"rest"


def text(value: bytes) -> bytes:
    return struct.pack("<I", len(value) + 1) + value + b"\0"


def package(content: bytes) -> bytes:
    path = b"C:\\a.exe\0"
    kind = struct.pack("<HHI", 0, 3, len(path)) + path
    return b"\2\0a.exe\0" + path + kind + struct.pack("<I", len(content)) + content


def embedded(content: bytes, name: bytes) -> bytes:
    head = struct.pack("<II", 0x501, 2) + text(name) + text(b"") + text(b"")
    return head + struct.pack("<I", len(content)) + content


def document(data: bytes, word: bytes = b"objdata") -> bytes:
    digits = data.hex().encode()
    return rb"{\rtf1{\object{\*" + b"\\" + word + b" " + digits + b"}} text}"


def unpack(data: bytes) -> list[tuple[bytes, bytes]]:
    return named(rtf.unpack(Reader.of(data)))


def test_the_file_of_a_package_comes_back_with_its_name() -> None:
    found = unpack(document(embedded(package(b"content"), b"Package") + b"picture"))
    assert found[0] == (b"a.exe", b"content")
    assert found[1][0] == b"header"
    assert found[1][1].endswith(b"picture")


def test_the_data_of_an_object_come_back() -> None:
    found = unpack(document(embedded(COMPOUND, b"Excel.Sheet.8")))
    assert found[0] == (b"Excel.Sheet.8", COMPOUND)


def test_a_compound_file_behind_a_broken_header_comes_back() -> None:
    assert contents(rtf.unpack(Reader.of(document(b"junk" + COMPOUND)))) == [
        b"junk" + COMPOUND,
        COMPOUND,
    ]


@pytest.mark.parametrize("word", [b"pict", b"themedata", b"datastore", b"fontemb"])
def test_pictures_and_themes_come_back(word: bytes) -> None:
    assert unpack(document(b"content", word)) == [(word, b"content")]


def test_two_readings_that_agree_are_one_part() -> None:
    data = document(b"content").replace(b" text", rb"{\object\objdata{\*\x z}41}")
    assert contents(rtf.unpack(Reader.of(data))) == [b"content", b"A"]


def test_what_ends_inside_an_object_is_read_and_said() -> None:
    whole = document(embedded(b"content", b"A"))
    parts, found, field = collect(rtf.unpack(Reader.of(whole[:-12])))
    assert parts[0] == b"conte"
    assert found == [Reason.TRUNCATED]
    assert field == "end of a group"
    with pytest.raises(Truncated):
        contents(rtf.unpack(Reader.of(whole[:-12])))


def test_too_many_open_objects_and_attachments_of_a_bundle_are_gaps() -> None:
    deep = rb"{\rtf1" + rb"{\objdata 41" * 70 + b"}" * 71
    assert gaps(rtf.unpack(Reader.of(deep))) == [Reason.DEPTH_LIMIT]
    bundle = rtf.BUNDLE + document(b"A")
    assert gaps(rtf.unpack(Reader.of(bundle))) == [Reason.UNSUPPORTED]
    assert contents(rtf.unpack(Reader.of(bundle))) == [b"A"]


@given(st.binary(max_size=300), st.binary(max_size=60))
def test_arbitrary_bytes_give_short_parts_or_an_error(data: bytes, raw: bytes) -> None:
    for whole in (
        rb"{\rtf" + data,
        document(embedded(package(data), raw)),
        document(raw),
    ):
        try:
            parts = contents(rtf.unpack(Reader.of(whole)))
            assert sum(map(len, parts)) <= 4 * len(whole)
        except Malformed as error:
            assert 0 <= error.offset <= len(whole)
