"""Behaviour of the reader of HFS+."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.hfsplus import decmpfs
from clearward.formats.unpack import hfsplus

BLOCK = 512
Extent = tuple[int, int]


def fork(size: int, *extents: Extent) -> bytes:
    rows = b"".join(struct.pack(">II", *each) for each in extents)
    return struct.pack(">QII", size, 0, sum(n for _, n in extents)) + rows.ljust(
        64, b"\0"
    )


def tree(*records: bytes) -> bytes:
    """A header node and a leaf, 1024 bytes each."""
    head = (bytes(8) + b"\1\0").ljust(32, b"\0") + struct.pack(">H", 1024)
    leaf = bytes(8) + b"\xff\1" + struct.pack(">HH", len(records), 0)
    places = []
    for record in records:
        places.append(len(leaf))
        leaf += record
    places.append(len(leaf))
    ends = b"".join(struct.pack(">H", place) for place in reversed(places))
    return head.ljust(1024, b"\0") + leaf.ljust(1024 - len(ends), b"\0") + ends


def key(data: bytes) -> bytes:
    return struct.pack(">H", len(data)) + data


def file(name: str, number: int, data: bytes, resources: bytes = bytes(80)) -> bytes:
    text = name.encode("utf-16-be")
    record = b"\0\2".ljust(8, b"\0") + struct.pack(">I", number)
    record = record.ljust(88, b"\0") + data + resources
    return key(struct.pack(">IH", 2, len(name)) + text) + record


def packed(number: int, data: bytes) -> bytes:
    name = hfsplus.ATTRIBUTE_NAME
    head = struct.pack(">HIIH", 0, number, 0, len(name) // 2) + name
    return (
        key(head) + struct.pack(">I8xI", 0x10, len(data)) + data + bytes(len(data) % 2)
    )


def volume(
    catalog: bytes, extents: bytes = b"", attributes: bytes = b"", *blocks: bytes
) -> bytes:
    """Trees at blocks 4, 8 and 12, other blocks from 16 on."""
    head = b"H+\0\4".ljust(40, b"\0") + struct.pack(">II", BLOCK, 16 + len(blocks))
    head = head.ljust(192, b"\0") + fork(len(extents), (4, 4))
    head += fork(len(catalog), (8, 4)) + fork(len(attributes), (12, 4))
    data = bytes(1024) + head.ljust(1024, b"\0")
    data += b"".join(each.ljust(2048, b"\0") for each in (extents, catalog, attributes))
    return data + b"".join(each.ljust(BLOCK, b"\0") for each in blocks)


def unpack(data: bytes) -> list[tuple[bytes, bytes]]:
    return named(hfsplus.unpack(Reader.of(data)))


def test_files_in_pieces_and_their_resources_come_back() -> None:
    data = fork(600, (17, 1), (16, 1))
    catalog = tree(file("a\xe9", 20, data, fork(3, (18, 1))))
    found = unpack(volume(catalog, b"", b"", b"end", b"x" * 512, b"rsrc"))
    assert found == [
        ("a\xe9".encode(), b"x" * 512 + b"end".ljust(88, b"\0")),
        ("a\xe9/..namedfork/rsrc".encode(), b"rsr"),
    ]


def test_further_extents_come_from_their_tree() -> None:
    more = key(struct.pack(">BxII", 0, 20, 1)) + struct.pack(">II", 16, 1).ljust(
        64, b"\0"
    )
    data = volume(
        tree(file("a", 20, fork(515, (17, 1)))), tree(more), b"", b"end", b"x" * 512
    )
    assert unpack(data) == [(b"a", b"x" * 512 + b"end")]
    assert gaps(hfsplus.unpack(Reader.of(data))) == []


def test_a_file_packed_in_an_attribute_comes_back() -> None:
    for body in (zlib.compress(b"content"), b"\xffcontent"):
        attribute = struct.pack("<4sIQ", b"fpmc", 3, 7) + body
        data = volume(tree(file("a", 20, fork(0))), b"", tree(packed(20, attribute)))
        assert unpack(data) == [(b"a", b"content")]


def test_a_file_packed_in_its_resource_fork_comes_back() -> None:
    pieces = [zlib.compress(b"one"), b"\xfftwo"]
    rows = struct.pack("<III", 2, 20, len(pieces[0]))
    rows += struct.pack("<II", 20 + len(pieces[0]), len(pieces[1]))
    body = struct.pack(">I", 256).ljust(256, b"\0") + bytes(4) + rows + b"".join(pieces)
    attribute = struct.pack("<4sIQ", b"fpmc", 4, 6)
    catalog = tree(file("a", 20, fork(0), fork(len(body), (16, 1))))
    data = volume(catalog, b"", tree(packed(20, attribute)), body)
    assert unpack(data) == [(b"a", b"onetwo")]
    with pytest.raises(Truncated):
        list(decmpfs.content(attribute, Reader.of(body[:266])))


def test_what_cannot_be_read_is_said() -> None:
    attribute = struct.pack("<4sIQ", b"fpmc", 8, 6)
    data = volume(tree(file("a", 20, fork(0))), b"", tree(packed(20, attribute)))
    assert gaps(hfsplus.unpack(Reader.of(data))) == [Reason.UNSUPPORTED]
    data = volume(tree(file("a", 20, fork(9000, (16, 1)))), b"", b"", b"x")
    assert gaps(hfsplus.unpack(Reader.of(data))) == [Reason.CORRUPT]
    data = volume(tree(file("a", 20, fork(9, (16, 1)))), b"", b"", b"content", b"more")
    parts, _, said = collect(hfsplus.unpack(Reader.of(data[:-100])))
    assert (parts, said) == ([b"content\0\0"], "blocks")
    for whole in (b"", volume(b""), volume(bytes(1024)), bytes(2048)):
        with pytest.raises(Malformed):
            contents(hfsplus.unpack(Reader.of(whole)))


@given(st.binary(max_size=300), st.integers(0, 4096))
def test_arbitrary_bytes_give_short_parts_or_an_error(data: bytes, at: int) -> None:
    sample = volume(tree(file("a", 20, fork(9, (16, 1)))), tree(), tree(), b"content")
    whole = sample[:at] + data + sample[at + len(data) :]
    try:
        contents(hfsplus.unpack(Reader.of(whole)))
    except Malformed as error:
        assert 0 <= error.offset <= len(whole)
