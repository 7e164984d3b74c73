"""Behaviour of the reader of OLE 1 objects and packages."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats import packager


def text(value: bytes) -> bytes:
    return struct.pack("<I", len(value) + 1) + value + b"\0"


def package(content: bytes, name: bytes = b"a.exe") -> bytes:
    """The data of a package."""
    path = b"C:\\" + name + b"\0"
    kind = struct.pack("<HHI", 0, 3, len(path)) + path
    return (
        b"\2\0" + name + b"\0" + path + kind + struct.pack("<I", len(content)) + content
    )


def embedded(content: bytes, kind: int = 2, name: bytes = b"Package") -> bytes:
    """An object with some data."""
    head = struct.pack("<II", 0x501, kind) + text(name) + text(b"") + text(b"")
    return head + struct.pack("<I", len(content)) + content


def test_the_data_of_an_object_are_found() -> None:
    data = embedded(b"content") + b"picture"
    span = packager.embedded(data)
    assert span is not None
    assert (data[span.start : span.end], span.name) == (b"content", b"Package")
    assert span.whole


@pytest.mark.parametrize("kind", [0, 1, 5])
def test_links_and_pictures_have_no_data(kind: int) -> None:
    assert packager.embedded(embedded(b"content", kind)) is None


def test_the_file_of_a_package_is_found() -> None:
    data = b"size" + package(b"content") + b"names"
    span = packager.packaged(data, 4)
    assert span is not None
    assert (data[span.start : span.end], span.name) == (b"content", b"a.exe")


def test_what_is_cut_short_is_not_whole() -> None:
    object_, file = (
        packager.embedded(embedded(b"abc")[:-1]),
        packager.packaged(package(b"abc")[:-1]),
    )
    assert object_ is not None
    assert file is not None
    assert not object_.whole
    assert not file.whole


def test_what_has_no_end_is_none() -> None:
    whole = package(b"")
    assert all(packager.packaged(whole[:end]) is None for end in range(len(whole)))
    whole = embedded(b"")
    assert all(packager.embedded(whole[:end]) is None for end in range(len(whole)))
    assert packager.embedded(struct.pack("<III", 0, 2, 1 << 30) + bytes(99)) is None
    assert packager.packaged(b"\2\0a\0b\0" + b"\xff" * 20) is None


@given(st.binary(max_size=100), st.integers(0, 200))
def test_arbitrary_bytes_give_a_span_inside_them(data: bytes, cut: int) -> None:
    for whole in (embedded(data), package(data), data, b"\2\0" + data):
        for span in (packager.embedded(whole[:cut]), packager.packaged(whole[:cut])):
            assert span is None or 0 <= span.start <= span.end <= cut
