"""Behaviour of the compiled decoder: what the one in Python says, at every byte."""

import sys
import zlib
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import passing_by
from typing_extensions import override

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Cursor, Forward, Reader
from clearward.formats.seven.ppmd import fastest
from clearward.formats.seven.ppmd.decoder import Decoder

pyppmd = pytest.importorskip("pyppmd")
if fastest.COMPILED is None:
    pytest.skip("not compiled here", allow_module_level=True)

NOISE = b"".join(zlib.crc32(n.to_bytes(4)).to_bytes(4) for n in range(700))
TEXT = b"".join(b"the %d of %d and the %d, " % (n, n * n, n % 7) for n in range(400))
MIXED = b"".join(
    (TEXT[n : n + 40], NOISE[n : n + 9], bytes(n % 50))[NOISE[n] % 3]
    for n in range(1000)
)
Pieces = Callable[[Forward, int, int, int], Iterator[bytes]]


def in_python(source: Forward, order: int, memory: int, size: int) -> Iterator[bytes]:
    return Decoder(source, order, memory).pieces(size)


def outcome(
    pieces: Pieces, data: bytes, order: int, memory: int, size: int
) -> tuple[bytes, type[Malformed] | None]:
    output = b""
    try:
        for piece in pieces(passing_by(data, 777), order, memory, size):
            output += piece
    except Malformed as error:
        return output, type(error)
    except (ValueError, ZeroDivisionError, IndexError):  # a model that cannot be
        return output, Malformed
    return output, None


def packed(data: bytes, order: int, memory: int) -> bytes:
    encoder = pyppmd.Ppmd7Encoder(order, memory)
    return bytes(encoder.encode(data) + encoder.flush())


@pytest.mark.parametrize("memory", [1 << 11, 3001, 1 << 14, 1 << 20])
@pytest.mark.parametrize("order", [2, 3, 6, 64])
@pytest.mark.parametrize("data", [TEXT, NOISE, MIXED], ids=["text", "noise", "mixed"])
def test_content_comes_back(data: bytes, order: int, memory: int) -> None:
    stream = packed(data, order, memory)
    result = outcome(fastest.pieces, stream, order, memory, len(data))
    assert result == (data, None)


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=80), st.sampled_from([2, 5, 64]), st.integers(0, 3))
def test_arbitrary_bytes_give_what_the_reference_gives(
    data: bytes, order: int, more: int
) -> None:
    memory = (1 << 11) + more
    expected = outcome(in_python, data, order, memory, 500)
    assert outcome(fastest.pieces, data, order, memory, 500) == expected


@settings(deadline=None, max_examples=15)
@given(st.integers(5, 2000), st.binary(min_size=1, max_size=4))
def test_damage_is_met_where_the_reference_meets_it(place: int, junk: bytes) -> None:
    stream = packed(TEXT, 4, 1 << 12)
    place %= len(stream)
    stream = stream[:place] + junk + stream[place + len(junk) :]
    expected = outcome(in_python, stream, 4, 1 << 12, 4000)
    assert outcome(fastest.pieces, stream, 4, 1 << 12, 4000) == expected


def test_what_comes_before_the_end_of_the_stream_is_given() -> None:
    stream = packed(TEXT, 6, 1 << 20)
    half = stream[: len(stream) // 2]
    output, error = outcome(fastest.pieces, half, 6, 1 << 20, len(TEXT))
    assert error is Truncated
    assert len(output) > 500
    assert TEXT.startswith(output[:-8])


def of_rar(data: bytes, order: int, size: int) -> tuple[bytes, type[Malformed] | None]:
    """What a stream of RAR gives, begun anew after every 40 bytes."""
    output = bytearray()
    try:
        decoder = fastest.Rar(Cursor(Reader.of(data)), order, 1 << 12)
        for place in range(size):
            output.append(decoder.next())
            if place % 40 == 39:
                decoder.restart()
    except Malformed as error:
        return bytes(output), type(error)
    except (ValueError, ZeroDivisionError, IndexError):  # a model that cannot be
        return bytes(output), Malformed
    return bytes(output), None


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400), st.sampled_from([2, 5, 64]))
def test_a_stream_of_rar_is_what_the_reference_says(data: bytes, order: int) -> None:
    class Single(Cursor):
        """It gives one byte at a time, so that no byte is taken too many."""

        @override
        def take(self, size: int) -> bytes:
            return super().take(min(size, 1))

    found = []
    for compiled in (fastest.COMPILED, None):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fastest, "COMPILED", compiled)
            patch.setattr(sys.modules[__name__], "Cursor", Single)
            found.append(of_rar(data, order, 200))
    assert found[0] == found[1]


def test_an_error_of_the_stream_comes_behind_what_was_decoded() -> None:
    stream = packed(TEXT, 6, 1 << 20)

    class Breaking(Cursor):
        @override
        def take(self, size: int) -> bytes:
            if self.offset:
                raise Malformed("lzma", 7, "stream")
            return super().take(size)

    half = Breaking(Reader.of(stream[: len(stream) // 2]))
    pieces = fastest.pieces(half, 6, 1 << 20, len(TEXT))
    assert len(next(pieces)) > 500
    with pytest.raises(Malformed, match="lzma: bad stream at byte 7"):
        next(pieces)


@pytest.mark.parametrize(("order", "memory"), [(1, 4096), (65, 4096), (6, 2047)])
def test_settings_out_of_range_are_refused(order: int, memory: int) -> None:
    assert fastest.COMPILED is not None
    with pytest.raises(ValueError, match="out of range"):
        fastest.COMPILED(bytes, order, memory)
