"""Behaviour of the LZ4 reader."""

import shutil
import subprocess
import zlib
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lz4 import block, frame
from support.parts import at_random, named, passing_by

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.part import Item, Part
from clearward.core.reader import Forward, Stream
from clearward.core.reasons import Reason
from clearward.formats.unpack import lz4

WAYS = pytest.mark.parametrize("way", [at_random, passing_by])
CONTENT = bytes(range(256)) * 9
NOISE = b"".join(zlib.crc32(n.to_bytes(4)).to_bytes(4) for n in range(64_000))
SKIPPABLE = b"\x51\x2a\x4d\x18\x07\0\0\0between"


def legacy(*blocks: bytes) -> bytes:
    packed = [block.compress(content, store_size=False) for content in blocks]
    sized = [len(one).to_bytes(4, "little") + one for one in packed]
    return lz4.LEGACY + b"".join(sized)


def opened(items: Iterable[Item]) -> tuple[list[bytes], Malformed | None]:
    """What each part gave, and what ended it."""
    found: list[bytes] = []
    try:
        for item in items:
            assert isinstance(item, Part)
            assert isinstance(item.content, Stream)
            found.append(b"")
            for chunk in item.content.rest():
                found[-1] += chunk
    except Malformed as error:
        return found, error
    return found, None


@given(st.lists(st.binary(max_size=99), min_size=1, max_size=4), st.integers(1, 60))
def test_frames_are_joined_over_skippable_ones(frames: list[bytes], piece: int) -> None:
    data = SKIPPABLE.join(map(frame.compress, frames))
    assert named(lz4.unpack(passing_by(data, piece))) == [(b"", b"".join(frames))]


@WAYS
@pytest.mark.parametrize("data", [frame.compress(b"x"), legacy(b"x")])
def test_what_lies_behind_the_last_frame_is_a_part(
    data: bytes, way: type[Forward]
) -> None:
    found = named(lz4.unpack(way(data + b"\xff\xff\xff\xff")))  # type: ignore[call-arg]
    assert found == [(b"", b"x"), (b"trailing", b"\xff\xff\xff\xff")]


@pytest.mark.parametrize("linked", [True, False])
@pytest.mark.parametrize("size", [4, 5, 6, 7])
@pytest.mark.parametrize("check", [True, False])
def test_every_kind_of_frame_is_read(size: int, *, linked: bool, check: bool) -> None:
    data = frame.compress(
        NOISE,
        block_size=size,
        block_linked=linked,
        content_checksum=check,
        block_checksum=check,
        store_size=check,
    )
    assert named(lz4.unpack(passing_by(data, 99_991))) == [(b"", NOISE)]


@given(st.lists(st.binary(min_size=1, max_size=99), max_size=4), st.integers(1, 60))
def test_legacy_blocks_are_joined(blocks: list[bytes], piece: int) -> None:
    data = legacy(*blocks) + frame.compress(b"new") + legacy(*blocks)
    whole = b"".join(blocks)
    found = named(lz4.unpack(passing_by(data, piece)))
    assert found == [(b"", whole + b"new" + whole)]


@WAYS
def test_a_legacy_frame_may_be_empty(way: type[Forward]) -> None:
    assert named(lz4.unpack(way(lz4.LEGACY))) == [(b"", b"")]  # type: ignore[call-arg]


def test_a_legacy_block_holds_8_mib_at_most() -> None:
    whole = bytes(8 * MIB)
    assert named(lz4.unpack(at_random(legacy(whole)))) == [(b"", whole)]
    found, error = opened(lz4.unpack(passing_by(legacy(b"x", whole + b"a"))))
    assert found == [b"x"]
    assert type(error) is Malformed


def test_a_frame_that_needs_a_dictionary_is_unsupported() -> None:
    data = bytearray(frame.compress(CONTENT, store_size=False))
    # flags with a dictionary's number behind them need another header checksum, which
    # the library verifies: without it the frame is damaged, and that is blamed on it.
    data[4] |= 1
    found, error = opened(lz4.unpack(passing_by(bytes(data))))
    assert found == [b""]
    assert error is not None
    assert error.reason is Reason.UNSUPPORTED


def test_a_wrong_checksum_is_damage_after_all_the_bytes() -> None:
    data = bytearray(frame.compress(NOISE, content_checksum=True))
    data[-1] ^= 1
    found, error = opened(lz4.unpack(passing_by(bytes(data) + b"behind")))
    assert found == [NOISE]
    assert type(error) is Malformed


@given(st.data(), st.sampled_from([frame.compress(CONTENT), legacy(CONTENT, b"x")]))
def test_a_cut_file_gives_a_prefix_and_is_truncated(
    draw: st.DataObject, data: bytes
) -> None:
    end = draw.draw(st.integers(5, len(data) - 1))
    found, error = opened(lz4.unpack(passing_by(data[:end], 5)))
    assert CONTENT.startswith(found[0])
    assert isinstance(error, Truncated) or (found == [CONTENT] and error is None)


@pytest.mark.parametrize("options", ["-1", "-9 -B4 -BD", "-l", "--content-size -BX"])
def test_what_the_tool_writes_comes_back(options: str) -> None:
    if shutil.which("lz4") is None:
        pytest.skip("lz4 is not installed")
    command = ["lz4", "-c", *options.split()]
    packed = subprocess.run(command, input=NOISE, capture_output=True, check=True)
    assert named(lz4.unpack(at_random(packed.stdout))) == [(b"", NOISE)]


@given(st.binary(max_size=300), st.integers(1, 99), st.sampled_from(lz4.MAGICS))
def test_arbitrary_bytes_give_the_same_however_they_are_split(
    data: bytes, piece: int, magic: bytes
) -> None:
    data = magic + data
    found, error = opened(lz4.unpack(passing_by(data)))
    again, same = opened(lz4.unpack(passing_by(data, piece)))
    assert found == again
    assert type(error) is type(same)
    assert error is None or 0 <= error.offset <= len(data)
