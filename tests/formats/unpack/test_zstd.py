"""Behaviour of the zstd reader."""

import pytest
from backports import zstd as library
from support.parts import WAYS, Way, at_random, named, passing_by
from support.streams import opened, skippable

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.reader import Stream
from clearward.core.reasons import Reason
from clearward.formats import zstd_frames
from clearward.formats.unpack import zstd

LAST, RAW, RLE = 1, 0, 1


def block(kind: int, size: int, content: bytes, last: int = 0) -> bytes:
    return (last | kind << 1 | size << 3).to_bytes(3, "little") + content


def frame(window: int, *blocks: bytes) -> bytes:
    """A frame without content size or checksum; `window` is the descriptor."""
    return zstd_frames.MAGIC + bytes((0, window)) + b"".join(blocks)


@WAYS
@pytest.mark.parametrize("number", [0, 15])
def test_a_file_may_begin_with_a_skippable_frame(number: int, way: Way) -> None:
    data = skippable(b"before", number) + library.compress(b"x")
    assert zstd.recognises(data, None)  # type: ignore[arg-type]
    assert named(zstd.unpack(way(data))) == [(b"", b"x")]


def test_a_skippable_frame_longer_than_the_file_is_truncated() -> None:
    data = library.compress(b"x") + b"\x50\x2a\x4d\x18\xff\xff\xff\xffPK"
    found, error = opened(zstd.unpack(passing_by(data)))
    assert found == [b"x"]
    assert isinstance(error, Truncated)


@pytest.mark.parametrize("magic", [*zstd_frames.OLD, zstd_frames.OLDEST])
def test_old_versions_are_unsupported(magic: bytes) -> None:
    assert zstd.recognises(magic, None)  # type: ignore[arg-type]
    found, error = opened(zstd.unpack(passing_by(library.compress(b"x") + magic)))
    assert found == [b"x"]
    assert error is not None
    assert error.reason is Reason.UNSUPPORTED


@pytest.mark.parametrize("flag", [1, 2, 3])
@pytest.mark.parametrize("single", [0, 0x20])
def test_a_frame_that_needs_a_dictionary_is_unsupported(flag: int, single: int) -> None:
    window = b"" if single else b"\x58"
    data = zstd_frames.MAGIC + bytes((flag | single,)) + window + b"\7\0\0\0" + bytes(9)
    _, error = opened(zstd.unpack(passing_by(data)))
    assert error is not None
    assert error.reason is Reason.UNSUPPORTED


def test_a_dictionary_of_number_0_is_none() -> None:
    data = zstd_frames.MAGIC + b"\1\x58\0" + block(RAW, 1, b"x", LAST)
    assert named(zstd.unpack(at_random(data))) == [(b"", b"x")]


@pytest.mark.parametrize("window", [0x80, 0x81, 0xA8, 0xFF])
def test_a_huge_window_costs_nothing_for_little_content(window: int) -> None:
    data = frame(window, block(RLE, 1 << 17, b"a"), block(RAW, 3, b"end", LAST))
    found = named(zstd.unpack(at_random(data + data)))
    assert found == [(b"", (b"a" * (1 << 17) + b"end") * 2)]


def drained(data: bytes) -> tuple[int, Malformed | None]:
    """How much the first part gave, and what ended it."""
    size = 0
    try:
        for item in zstd.unpack(at_random(data)):
            assert isinstance(item.content, Stream)
            for chunk in item.content.rest():
                size += len(chunk)
    except Malformed as error:
        return size, error
    return size, None


def test_a_huge_window_is_memory_limit_once_it_is_used() -> None:
    size, error = drained(frame(0xA8, block(RLE, 1 << 17, b"a") * 1024))
    assert size == 64 * MIB
    assert error is not None
    assert error.reason is Reason.MEMORY_LIMIT


@pytest.mark.parametrize(("size", "whole"), [(64 * MIB, True), (65 * MIB, False)])
def test_a_single_segment_declares_its_window_by_its_size(
    size: int, *, whole: bool
) -> None:
    header = zstd_frames.MAGIC + b"\xa0" + size.to_bytes(4, "little")
    data = header + block(RLE, 1 << 17, b"a") * (size // (1 << 17) - 1)
    given, error = drained(data + block(RLE, 1 << 17, b"a", LAST))
    assert given == 64 * MIB
    assert (error is None) is whole
    assert error is None or error.reason is Reason.MEMORY_LIMIT


def test_a_bomb_is_lazy() -> None:
    data = frame(0x80, block(RLE, 1 << 17, b"a") * 300_000)
    source = at_random(data)
    item = next(zstd.unpack(source))
    assert isinstance(item.content, Stream)
    assert item.content.take(1000) == b"a" * 1000
    assert source.offset < 200_000
