"""Behaviour of asar archives."""

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, named

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import asar

TREE = {
    "files": {
        "main.js": {"offset": "0", "size": 4},
        "lib": {"files": {"b.js": {"offset": "4", "size": 3}}},
        "native.node": {"size": 9, "unpacked": True},
        "link": {"link": "main.js"},
    }
}


def archive(tree: object, data: bytes) -> bytes:
    text = json.dumps(tree, separators=(",", ":")).encode()
    padded = text.ljust(-(-len(text) // 4) * 4, b"\0")
    header = struct.pack("<4I", 4, len(padded) + 8, len(padded) + 4, len(text))
    return header + padded + data


def test_each_file_is_a_part_with_its_path() -> None:
    data = archive(TREE, b"mainlib")
    assert asar.recognises(data, Reader.of(data))
    found = named(asar.unpack(Reader.of(data)))
    assert sorted(found) == [(b"lib/b.js", b"lib"), (b"main.js", b"main")]


def test_a_file_outside_the_archive_is_told_and_the_rest_is_read() -> None:
    parts, _, field = collect(asar.unpack(Reader.of(archive(TREE, b"mainl"))))
    assert sorted(parts) == [b"l", b"main"]
    assert field == "place of a file"


@pytest.mark.parametrize("offset", ["-1", "x", None, "9" * 30, "\u0663"])
def test_an_offset_that_is_no_number_is_told_and_what_is_there_read(
    offset: object,
) -> None:
    tree = {"files": {"a": {"offset": offset, "size": 2}}}
    assert collect(asar.unpack(Reader.of(archive(tree, b"ab")))) == (
        [b"ab"],
        [],
        "place of a file",
    )


def test_a_header_of_gigabytes_is_refused() -> None:
    data = struct.pack("<4I", 4, 1 << 31, 1 << 31, 1 << 31) + b'{"files":'
    assert collect(asar.unpack(Reader.of(data)))[1] == [Reason.MEMORY_LIMIT]


def test_folders_in_folders_without_end_are_no_archive() -> None:
    text = b'{"files":{"a":' * 50_000
    data = struct.pack("<4I", 4, len(text) + 8, len(text) + 4, len(text)) + text
    with pytest.raises(Malformed, match="header"):
        list(asar.unpack(Reader.of(data)))


@given(st.binary(max_size=200), st.integers(0, 300))
def test_arbitrary_bytes_raise_nothing_else(data: bytes, size: int) -> None:
    header = struct.pack("<4I", 4, size + 8, size + 4, size)
    collect(asar.unpack(Reader.of(header + b'{"files":' + data)))
    collect(asar.unpack(Reader.of(archive(TREE, b"")[:size])))
