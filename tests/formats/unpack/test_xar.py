"""Behaviour of the xar reader."""

import bz2
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import xar


def around(table: bytes, heap: bytes = b"") -> bytes:
    packed = zlib.compress(table)
    sizes = len(packed).to_bytes(8, "big") + len(table).to_bytes(8, "big")
    return b"xar!\0\x1c\0\1" + sizes + bytes(4) + packed + heap


def listed(name: str, place: int, size: int, style: str = xar.PLAIN) -> str:
    return (
        f"<file><data><offset>{place}</offset><length>{size}</length>"
        f'<encoding style="{style}"/></data><name>{name}</name></file>'
    )


def archive(*files: tuple[str, bytes], style: str = xar.PLAIN) -> bytes:
    table = heap = ""
    for name, content in files:
        table += listed(name, len(heap), len(content), style)
        heap += content.decode("latin-1")
    table = f"<xar><toc>{table}</toc></xar>"
    return around(table.encode(), heap.encode("latin-1"))


@given(st.lists(st.binary(max_size=60), max_size=5))
def test_files_come_back_with_their_names(files: list[bytes]) -> None:
    data = archive(*((f"{at}.txt", each) for at, each in enumerate(files)))
    due = [(b"%d.txt" % at, each) for at, each in enumerate(files)]
    assert named(xar.unpack(Reader.of(data))) == due


def test_a_deflated_file_is_inflated() -> None:
    data = archive(("a", zlib.compress(b"content")), style=xar.ZLIB)
    assert contents(xar.unpack(Reader.of(data))) == [b"content"]


def test_what_has_a_magic_is_left_to_its_reader() -> None:
    packed = bz2.compress(b"content")
    data = archive(("a", packed), style="application/x-bzip2")
    assert contents(xar.unpack(Reader.of(data))) == [packed]
    assert gaps(xar.unpack(Reader.of(data))) == []


def test_an_unknown_encoding_is_a_gap() -> None:
    data = archive(("a", b"content"), style="application/x-new")
    assert gaps(xar.unpack(Reader.of(data))) == [Reason.UNSUPPORTED]


def test_a_file_in_a_folder_has_its_path_and_attributes_are_parts() -> None:
    attribute = "<ea><offset>5</offset><length>6</length></ea>"
    inner = listed("b", 0, 5).replace("<data>", attribute + "<data>", 1)
    table = f"<xar><toc><file><name>a</name>{inner}</file></toc></xar>"
    data = around(table.encode(), b"firstsecond")
    found = named(xar.unpack(Reader.of(data)))
    assert found == [(b"a/b", b"second"), (b"a/b", b"first")]


def test_a_file_outside_the_heap_does_not_hide_the_next() -> None:
    table = f"<xar><toc>{listed('a', 99, 5)}{listed('b', 0, 5)}</toc></xar>"
    parts, _, field = collect(xar.unpack(Reader.of(around(table.encode(), b"first"))))
    assert (parts, field) == ([b"first"], "place of a file")


def test_a_table_that_breaks_off_is_damage_behind_its_files() -> None:
    table = f"<xar><toc>{listed('a', 0, 5)}<"
    parts, _, field = collect(xar.unpack(Reader.of(around(table.encode(), b"first"))))
    assert (parts, field) == ([b"first"], "table of contents")


@pytest.mark.parametrize("encoding", [b"none-such", b"utf-7", b"shift_jis"])
def test_a_table_in_an_encoding_that_is_not_known_is_damage(encoding: bytes) -> None:
    table = b"<?xml version='1.0' encoding='" + encoding + b"'?><xar></xar>"
    with pytest.raises(Malformed):
        contents(xar.unpack(Reader.of(around(table))))


def test_entities_are_refused() -> None:
    with pytest.raises(Malformed):
        contents(xar.unpack(Reader.of(around(b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'))))


def test_a_deep_table_is_refused() -> None:
    with pytest.raises(Malformed):
        contents(xar.unpack(Reader.of(around(b"<file>" * 99_999))))


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    for whole in (b"xar!" + data, around(data), around(b"<file><data>" + data)):
        try:
            contents(xar.unpack(Reader.of(whole)))
        except Malformed as error:
            assert 0 <= error.offset <= len(whole)
