"""Behaviour of the LZ4 reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lz4 import frame
from support.parts import WAYS, Way, at_random, named, passing_by
from support.streams import CONTENT, lz4_legacy, noise, opened

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.reasons import Reason
from clearward.formats.unpack import lz4

NOISE = noise(64_000)


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
    data = lz4_legacy(*blocks) + frame.compress(b"new") + lz4_legacy(*blocks)
    whole = b"".join(blocks)
    found = named(lz4.unpack(passing_by(data, piece)))
    assert found == [(b"", whole + b"new" + whole)]


@WAYS
def test_a_legacy_frame_may_be_empty(way: Way) -> None:
    assert named(lz4.unpack(way(lz4.LEGACY))) == [(b"", b"")]


def test_a_legacy_block_holds_8_mib_at_most() -> None:
    whole = bytes(8 * MIB)
    assert named(lz4.unpack(at_random(lz4_legacy(whole)))) == [(b"", whole)]
    found, error = opened(lz4.unpack(passing_by(lz4_legacy(b"x", whole + b"a"))))
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


@given(st.data())
def test_a_cut_legacy_frame_is_whole_only_between_its_blocks(
    draw: st.DataObject,
) -> None:
    data = lz4_legacy(CONTENT, b"x")
    end = draw.draw(st.integers(5, len(data) - 1))
    found, error = opened(lz4.unpack(passing_by(data[:end], 5)))
    assert CONTENT.startswith(found[0])
    assert isinstance(error, Truncated) or (found == [CONTENT] and error is None)
