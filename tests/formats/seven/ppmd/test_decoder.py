"""Behaviour of PPMd: what the library writes comes back."""

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import passing_by

from clearward.core.errors import Malformed, Truncated
from clearward.formats.seven.ppmd.decoder import Decoder

pyppmd = pytest.importorskip("pyppmd")

NOISE = b"".join(zlib.crc32(n.to_bytes(4)).to_bytes(4) for n in range(700))
TEXT = b"".join(b"the %d of %d and the %d, " % (n, n * n, n % 7) for n in range(300))


def packed(data: bytes, order: int, memory: int) -> bytes:
    encoder = pyppmd.Ppmd7Encoder(order, memory)
    return bytes(encoder.encode(data) + encoder.flush())


def decoded(
    data: bytes, size: int, order: int, memory: int
) -> tuple[bytes, Malformed | None]:
    output = b""
    try:
        for piece in Decoder(passing_by(data, 999), order, memory).pieces(size):
            output += piece
    except Malformed as error:
        return output, error
    return output, None


@pytest.mark.parametrize("memory", [1 << 11, 3000, 1 << 14, 1 << 20])
@pytest.mark.parametrize("order", [2, 6, 64])
@pytest.mark.parametrize("data", [TEXT, NOISE + bytes(2000)], ids=["text", "noise"])
def test_content_comes_back(data: bytes, order: int, memory: int) -> None:
    stream = packed(data, order, memory)
    assert decoded(stream, len(data), order, memory) == (data, None)


@settings(deadline=None)
@given(st.lists(st.sampled_from([b"a", b"b", b"ab", b"\xff", b"abc"]), max_size=300))
def test_small_alphabets_come_back(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    assert decoded(packed(data, 4, 1 << 11), len(data), 4, 1 << 11) == (data, None)


def test_what_comes_before_the_end_of_the_stream_is_given() -> None:
    stream = packed(TEXT, 6, 1 << 20)
    output, error = decoded(stream[: len(stream) // 2], len(TEXT), 6, 1 << 20)
    assert len(output) > 500
    assert TEXT.startswith(output[:-8])
    assert isinstance(error, Truncated)


@settings(deadline=None)
@given(st.binary(min_size=5, max_size=60), st.integers(2, 64))
def test_arbitrary_bytes_give_output_or_an_error(data: bytes, order: int) -> None:
    output, error = decoded(data, 500, order, 1 << 11)
    assert len(output) == 500 or error is not None
