"""Behaviour of the decoder of PKWARE's library."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.installshield import dcl_plain

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.formats.lz import dcl

# The example of the description: bytes of eight bits, and a match into itself.
PUBLISHED = bytes.fromhex("00048224258f807f")


def expanded(data: bytes) -> bytes:
    return b"".join(dcl.expand(Reader.of(data), "test"))


def test_the_published_example_is_decoded() -> None:
    assert expanded(PUBLISHED) == b"AIAIAIAIAIAIA"


def test_the_codes_are_whole() -> None:
    for code, size in ((dcl.BYTES, 256), (dcl.LENGTHS, 16), (dcl.DISTANCES, 64)):
        found = {code.find(ahead) for ahead in range(1 << 16)}
        assert {symbol for symbol, _ in found} == set(range(size))


@given(st.binary(max_size=200))
def test_bytes_come_back(data: bytes) -> None:
    assert expanded(dcl_plain(data)) == data


def test_what_ends_early_is_truncated() -> None:
    for size in range(len(PUBLISHED) - 1):
        with pytest.raises(Truncated):
            expanded(PUBLISHED[:size])


def test_another_kind_of_stream_is_damage() -> None:
    for front in (b"\2\4", b"\0\3", b"\0\7"):
        with pytest.raises(Malformed, match="kind"):
            expanded(front + bytes(9))


@given(st.booleans(), st.integers(4, 6), st.binary(max_size=200))
def test_arbitrary_bytes_give_bytes_or_an_error(
    coded: bool,  # noqa: FBT001 - of hypothesis
    wide: int,
    data: bytes,
) -> None:
    with suppress(Malformed):
        expanded(bytes((coded, wide)) + data)
