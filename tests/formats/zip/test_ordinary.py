"""The short way gives what the long way gives, whatever the headers say."""

import zlib
from struct import pack
from unittest.mock import patch

import pytest
from formats.zip.test_build import File, archive, archive64, joined
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import read

from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.formats.zip import archive as module
from clearward.formats.zip.archive import Archive
from clearward.formats.zip.directory import Directory
from clearward.formats.zip.ordinary import ordinary
from clearward.formats.zip.window import Window

FILE = File(b"the content of a member, which is one as nearly all are", b"name")

ODD = st.sampled_from([0, 1, 2, 8, 9, 10, 60, 0xFFFF])
LIES: st.SearchStrategy[dict[str, int]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries(
        {},
        optional={
            "flags": st.sampled_from([0, 1, 2, 4, 6, 8, 0x10, 0x40, 0x800, 0x2000]),
            "method": st.sampled_from([0, 8, 9, 99]),
            "crc": st.sampled_from([0, 1, 0x04034B50]),
            "packed": ODD | st.just(0xFFFFFFFF),
            "size": ODD | st.just(0xFFFFFFFF),
        },
    ),
)
CONTENTS = st.binary(max_size=40) | st.sampled_from([b"", archive(FILE), FILE.local()])
NAMES = st.sampled_from([b"n", b"n", b"folder/", b""])


@st.composite
def lying(draw: st.DrawFn) -> bytes:
    """An archive with any lies in its headers, and with bytes that were changed."""
    locals_ = []
    records = []
    for _ in range(draw(st.integers(1, 3))):
        file = File(draw(CONTENTS), draw(NAMES), draw(st.sampled_from([8, 8, 0])))
        if draw(st.booleans()):
            locals_.append(file.streamed(marked=draw(st.booleans())))
        else:
            locals_.append(
                file.local(b"", **draw(LIES)) + draw(st.sampled_from([b"", b"x"]))
            )
        lies, moved = draw(LIES), draw(st.sampled_from([0, 0, 0, -1, 1, -40]))
        records.append(
            lambda at, file=file, lies=lies, moved=moved: file.record(
                max(at + moved, 0), **lies
            )
        )
    data = bytearray(joined(locals_, records))
    for _ in range(draw(st.sampled_from([0, 0, 1, 3]))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data)


def told(item: Item) -> tuple[object, ...]:
    """Everything about an item."""
    content = read(item.content) if isinstance(item, Part) else b""
    packed = item.packed if isinstance(item, Part) else 0
    reason = item.reason if isinstance(item, Gap) else None
    name = b"" if not isinstance(item, Part | Gap) else item.name
    return type(item), name, content, packed, reason, item.member


def both(data: bytes) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """What the archive gives, and what it gives by the long way alone."""
    short = [told(item) for item in Archive(Reader.of(data)).items()]
    disk = Reader(lambda offset, size: data[offset : offset + size], len(data))
    assert [told(item) for item in Archive(disk).items()] == short
    with (
        patch.object(module, "ordinary", lambda *_: None),
        patch.object(Directory, "_gather", lambda _, position, *__: position),
    ):
        return short, [told(item) for item in Archive(Reader.of(data)).items()]


@settings(max_examples=300)
@given(lying())
def test_any_archive_is_read_alike_by_both_ways(data: bytes) -> None:
    short, long = both(data)
    assert short == long


@settings(max_examples=100)
@given(lying(), st.binary(max_size=30), lying())
def test_archives_behind_each_other_are_read_alike_by_both_ways(
    front: bytes, middle: bytes, back: bytes
) -> None:
    short, long = both(front + middle + back)
    assert short == long


@pytest.mark.parametrize(
    "data",
    [
        archive(FILE, FILE, comment=b"a comment"),
        archive(FILE, File(b"stored", b"a", 0), File(b"", b"empty", 0)),
        archive64(FILE),
        joined([FILE.streamed()], [FILE.record]),
        joined([FILE.streamed(marked=False, long=True)], [FILE.record]),
        b"junk before the archive" + archive(FILE),
    ],
)
def test_a_right_archive_takes_the_short_way(data: bytes) -> None:
    with patch.object(Archive, "_named", side_effect=AssertionError):
        items = list(Archive(Reader.of(data)).items())
    assert all(isinstance(item, Part) for item in items)
    short, long = both(data)
    assert short == long


def test_a_checksum_that_reads_as_a_header_is_no_descriptor_that_is_missed() -> None:
    for crc in (0x04034B50, 0x02014B50):
        content = _with_crc(crc)
        file = File(content, b"name")
        short, long = both(joined([file.streamed(marked=False)], [file.record]))
        assert zlib.crc32(content) == crc
        assert short == long


@given(st.binary(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_arbitrary_bytes_never_raise(data: bytes, offset: int, position: int) -> None:
    header = bytes(46)
    ordinary(Window(Reader.of(data + header)), offset, min(position, len(data)))


def _with_crc(crc: int) -> bytes:
    """Four bytes that have this CRC-32; each of its steps can be undone."""
    table = [zlib.crc32(bytes([byte])) ^ zlib.crc32(b"\0") for byte in range(256)]
    # of the register, whose start and end are inverted
    steps = {entry >> 24: (entry, byte) for byte, entry in enumerate(table)}
    register = crc ^ 0xFFFFFFFF
    chosen = []
    for _ in range(4):
        entry, byte = steps[register >> 24]
        chosen.append(byte)
        register = ((register ^ entry) << 8) & 0xFFFFFFFF | byte
    return pack("<L", register ^ 0xFFFFFFFF)
