"""Behaviour of the decompressor for Deflate64."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inflate64 import Deflater
from support.parts import passing_by

from clearward.core.errors import Malformed, Truncated
from clearward.formats import heavy
from clearward.formats.decompressor import Decompressor
from clearward.formats.deflate64 import STEP, Deflate64
from clearward.formats.inflate import Frames

NOISE = b"".join(zlib.crc32(n.to_bytes(4)).to_bytes(4) for n in range(9000))
CONTENT = NOISE + bytes(200_000) + NOISE


def deflate64(data: bytes) -> bytes:
    packer = Deflater()
    return bytes(packer.deflate(data) + packer.flush())


def inflated(data: bytes, piece: int = 10**6) -> tuple[bytes, Malformed | None]:
    """What a stream gives, and what damage ended it."""

    def begin(head: bytes) -> Decompressor:  # noqa: ARG001
        return Deflate64()

    source = passing_by(data, piece)
    output = b""
    try:
        for chunk in Frames("x", source, begin, once=True, errors=(ValueError,)):
            output += chunk
    except Malformed as error:
        return output, error
    return output, None


@pytest.mark.parametrize("piece", [7, 10**6])
def test_content_comes_back(piece: int) -> None:
    assert inflated(deflate64(CONTENT), piece) == (CONTENT, None)


def test_output_comes_in_bounded_pieces() -> None:
    stream = Deflate64()
    assert len(stream.decompress(deflate64(bytes(10**8)), 1)) < 30_000 * STEP
    assert not stream.needs_input


def test_a_cut_stream_gives_a_prefix() -> None:
    output, error = inflated(deflate64(CONTENT)[:-5000])
    assert CONTENT.startswith(output)
    assert isinstance(error, Truncated)


def test_damage_keeps_what_comes_before() -> None:
    stored = (
        b"\0" + (9000).to_bytes(2, "little") + (9000 ^ 0xFFFF).to_bytes(2, "little")
    )
    output, error = inflated(stored + NOISE[:9000] + b"\6" + bytes(99))
    assert output == NOISE[:9000]
    assert type(error) is Malformed


def test_a_process_without_the_library_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heavy, "_loaded", {})
    with pytest.raises(heavy.NotLoaded):
        Deflate64()


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_output_or_an_error(data: bytes) -> None:
    _, error = inflated(data)
    assert error is None or 0 <= error.offset <= len(data)
