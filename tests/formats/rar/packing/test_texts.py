"""Behaviour of PPMd inside of RAR 3: where it begins, goes on, and hands over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Undecoded
from clearward.formats.lz.bits import HighBits
from clearward.formats.rar.packing import texts
from clearward.formats.rar.packing.texts import Texts
from clearward.formats.seven.ppmd.decoder import Decoder
from clearward.formats.seven.ppmd.ranges import CoderOfRar

NEW, ESCAPE = 0x20, 0x40
STREAM = bytes(n * n % 251 for n in range(60))


def bits_of(flags: int, *rest: bytes) -> HighBits:
    """Bits behind the one that says that PPMd follows."""
    bits = HighBits(Reader.of(bytes((0x80 | flags,)) + b"".join(rest)), "rar")
    bits.drop(1)
    return bits


def plainly(order: int, count: int) -> bytes:
    bits = HighBits(Reader.of(STREAM), "rar")
    decoder = Decoder(texts.Bytes(bits), order, 1 << 20, CoderOfRar)
    return b"".join(decoder.pieces(count))


@pytest.mark.parametrize(("row", "order"), [(1, 2), (15, 16), (16, 19), (31, 64)])
def test_a_model_begins_with_its_order(row: int, order: int) -> None:
    bits = bits_of(NEW | row, b"\0", STREAM)
    decoder = Texts()
    decoder.begin(bits)
    assert decoder.going
    assert bytes(decoder.next(bits) for _ in range(20)) == plainly(order, 20)


def test_the_escape_may_be_another_and_stays_so() -> None:
    decoder = Texts()
    assert decoder.escape == 2
    decoder.begin(bits_of(NEW | ESCAPE | 5, b"\0", b"\x99", STREAM))
    assert decoder.escape == 0x99
    decoder.begin(bits_of(0, STREAM))
    assert decoder.escape == 0x99


def test_no_byte_is_taken_that_is_not_needed() -> None:
    bits = bits_of(NEW | 5, b"\0", STREAM)
    decoder = Texts()
    decoder.begin(bits)
    decoder.next(bits)
    assert bits.offset < 12


def test_matches_are_read_from_the_same_stream() -> None:
    due = plainly(6, 5)
    bits = bits_of(NEW | 5, b"\0", STREAM)
    decoder = Texts()
    decoder.begin(bits)
    distance, length = decoder.match(bits, texts.MATCH)
    assert distance == int.from_bytes(due[:3], "big") + 2
    assert length == due[3] + 32
    assert decoder.match(bits, texts.RUN) == (1, due[4] + 4)


def test_too_much_memory_is_refused() -> None:
    with pytest.raises(Undecoded) as caught:
        Texts().begin(bits_of(NEW | 5, b"\xff", STREAM))
    assert caught.value.reason is Reason.MEMORY_LIMIT


@pytest.mark.parametrize(
    "flags",
    [pytest.param(0, id="no model to go on with"), pytest.param(NEW, id="order one")],
)
def test_what_cannot_begin_is_damage(flags: int) -> None:
    with pytest.raises(Malformed):
        Texts().begin(bits_of(flags, b"\0", STREAM))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_end_with_an_error_of_the_archive(data: bytes) -> None:
    bits = bits_of(NEW | 3, b"\0", data)
    decoder = Texts()
    with pytest.raises(Malformed) as caught:
        _read_on(decoder, bits)
    assert caught.value.format == "rar"
    assert caught.value.offset <= len(data) + 2


def _read_on(decoder: Texts, bits: HighBits) -> None:
    decoder.begin(bits)
    for _ in range(100_000):
        decoder.next(bits)
    raise Truncated("rar", 0, "patience")
