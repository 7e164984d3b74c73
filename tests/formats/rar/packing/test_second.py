"""Behaviour of the decoder of RAR 2.0."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import rar_packing as packing
from support.rar_packing import Bits

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.formats.rar.packing.second import Second


def expand(data: bytes, size: int, decoder: Second | None = None) -> bytes:
    decoder = decoder or Second()
    return b"".join(decoder.expand(Reader.of(data), "rar", size))


@given(st.binary(max_size=300))
def test_bytes_come_back(data: bytes) -> None:
    assert expand(packing.second(data), len(data)) == data


def test_matches_of_every_kind() -> None:
    bits = Bits()
    packing.begin_second(bits)
    for byte in b"abcdef":
        bits.put(byte, 9)
    packing.long_match(bits, 3, 0, 0)  # 4 back: cde
    bits.put(256, 9)  # the same again: fcd
    bits.put(257, 9)  # of the distances the last one, and a length
    bits.put(2, 5)  # 4 bytes: ecde? as the window has them
    bits.put(262, 9)  # two bytes, 5 and more back
    bits.put(1, 2)  # 6 back
    found = expand(bits.data(), 18)
    window = bytearray(b"abcdef")
    for distance, length in ((4, 3), (4, 3), (4, 4), (6, 2)):
        for _ in range(length):
            window.append(window[-distance])
    assert found == bytes(window)


@pytest.mark.parametrize(
    ("row", "bits", "extra", "longer"),
    [
        pytest.param(25, 11, 0, 0, id="below 8192"),
        pytest.param(26, 12, 0, 1, id="8193"),
        pytest.param(36, 16, 0, 2, id="262145"),
    ],
)
def test_far_matches_are_longer(row: int, bits: int, extra: int, longer: int) -> None:
    writing = Bits()
    packing.begin_second(writing)
    packing.long_match(writing, row, extra, bits)
    assert expand(writing.data(), 3 + longer) == bytes(3 + longer)
    with pytest.raises(Truncated):
        expand(writing.data(), 6 + longer)


def test_new_codes_may_follow() -> None:
    bits = Bits()
    packing.begin_second(bits)
    bits.put(ord("a"), 9)
    bits.put(269, 9)
    packing.flat(bits, [10] * 298 + [6] * 48 + [5] * 28)
    bits.put(ord("b"), 10)
    assert expand(bits.data(), 2) == b"ab"


def test_a_file_goes_on_with_codes_and_window_of_the_one_before() -> None:
    decoder = Second()
    assert expand(packing.second(b"first"), 5, decoder) == b"first"
    bits = Bits()
    packing.long_match(bits, 4, 0, 1)  # 5 back
    bits.put(ord("!"), 9)
    assert expand(bits.data(), 4, decoder) == b"fir!"


def test_codes_for_the_next_file_may_stand_behind_one() -> None:
    decoder = Second()
    bits = Bits()
    packing.begin_second(bits)
    bits.put(ord("a"), 9)
    bits.put(269, 9)
    packing.flat(bits, [10] * 298 + [6] * 48 + [5] * 28)
    assert expand(bits.data(), 1, decoder) == b"a"
    bits = Bits()
    bits.put(ord("b"), 10)
    assert expand(bits.data(), 1, decoder) == b"b"


def test_what_stands_before_damage_is_given() -> None:
    bits = Bits()
    packing.begin_second(bits)
    bits.put(ord("a"), 9)
    bits.put(300, 9)  # no symbol
    chunks = Second().expand(Reader.of(bits.data() + bytes(9)), "rar", 9)
    assert next(chunks) == b"a"
    with pytest.raises(Malformed):
        next(chunks)


@settings(max_examples=100)
@given(st.sampled_from([b"", packing.second(b"")]), st.binary(max_size=400))
def test_arbitrary_bytes_give_no_more_than_is_asked_for(
    front: bytes, data: bytes
) -> None:
    data = front + data
    size = 0
    try:
        for chunk in Second().expand(Reader.of(data), "rar", 5000):
            size += len(chunk)
    except Malformed as error:
        assert 0 <= error.offset <= len(data)
    assert size <= 5000
