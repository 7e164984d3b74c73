"""Behaviour of the decoder of RAR 3."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import rar_packing as packing
from support.rar_packing import Bits

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.formats.decompressor import Undecoded
from clearward.formats.rar.packing import programs
from clearward.formats.rar.packing.third import Third

PROGRAM = b"program"
DELTA = (7, 0x92ED7784)


def expand(data: bytes, size: int, decoder: Third | None = None) -> bytes:
    decoder = decoder or Third()
    return b"".join(decoder.expand(Reader.of(data), "rar", size))


def match(bits: Bits, length_row: int, distance_row: int) -> None:
    bits.put(271 + length_row, 9)
    bits.put(distance_row, 6)


@given(st.binary(max_size=300))
def test_bytes_come_back(data: bytes) -> None:
    assert expand(packing.third(data), len(data)) == data


def test_matches_of_every_kind() -> None:
    bits = Bits()
    packing.begin_third(bits)
    for byte in b"abcdef":
        bits.put(byte, 9)
    match(bits, 0, 3)  # 4 back, 3 bytes
    bits.put(258, 9)  # the same again
    match(bits, 1, 2)  # 3 back, 4 bytes
    bits.put(260, 9)  # the distance before the last one: 4
    bits.put(2, 5)  # 4 bytes
    bits.put(264, 9)  # two bytes, 5 and more back
    bits.put(1, 2)  # 6 back
    found = expand(bits.data(), 22)
    window = bytearray(b"abcdef")
    for distance, length in ((4, 3), (4, 3), (3, 4), (4, 4), (6, 2)):
        for _ in range(length):
            window.append(window[-distance])
    assert found == bytes(window)


def test_low_bits_of_long_distances_may_repeat() -> None:
    bits = Bits()
    packing.begin_third(bits)
    text = bytes(range(90))
    for byte in text:
        bits.put(byte, 9)
    match(bits, 0, 10)  # 33 and more
    bits.put(7, 5)  # 40 back
    match(bits, 0, 10)
    bits.put(16, 5)  # the same low bits, for this one and 15 more
    for _ in range(15):
        match(bits, 0, 10)
    match(bits, 0, 10)
    bits.put(0, 5)  # 33 back
    window = bytearray(text)
    for distance in [40] * 17 + [33]:
        window += window[-distance:][:3]
    assert expand(bits.data(), len(window)) == bytes(window)


def test_a_file_goes_on_with_codes_and_window_of_the_one_before() -> None:
    decoder = Third()
    assert expand(packing.third(b"first"), 5, decoder) == b"first"
    bits = Bits()
    match(bits, 0, 4)
    bits.put(0, 1)
    bits.put(ord("!"), 9)
    packing.end_third(bits, codes=True)
    assert expand(bits.data(), 4, decoder) == b"fir!"
    assert expand(packing.third(b"last"), 4, decoder) == b"last"


def test_new_codes_may_follow_on_a_whole_byte() -> None:
    bits = Bits()
    packing.begin_third(bits)
    bits.put(ord("a"), 9)
    bits.put(256, 9)
    bits.put(1, 1)
    assert expand(bits.data() + packing.third(b"b"), 2) == b"ab"


def test_the_end_before_the_end_is_damage() -> None:
    with pytest.raises(Malformed):
        expand(packing.third(b"abc"), 4)


def with_filter(data: bytes, *, length: int) -> bytes:
    bits = Bits()
    packing.begin_third(bits)
    bits.put(data[0], 9)
    bits.put(257, 9)
    for byte in packing.filter_of(PROGRAM, 0, length, 2):
        bits.put(byte, 8)
    for byte in data[1:]:
        bits.put(byte, 9)
    return bits.data()


def test_a_filter_changes_its_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    data = with_filter(b"a\1\2\3\4bcd", length=4)
    monkeypatch.setitem(programs.KNOWN, DELTA, programs.delta)
    assert expand(data, 8) == b"a\xff\xfd\xfd\xf9bcd"


def test_a_filter_that_is_not_known_is_said_behind_the_content() -> None:
    data = with_filter(b"a\1\2\3\4bcd", length=4)
    chunks = Third().expand(Reader.of(data), "rar", 8)
    assert next(chunks) + next(chunks) + next(chunks) == b"a\1\2\3\4bcd"
    with pytest.raises(Undecoded):
        next(chunks)


@settings(max_examples=100)
@given(
    st.sampled_from([b"", packing.third(b"")[:-3], b"\xa0\0", b"\xe0\0\2"]),
    st.binary(max_size=400),
)
def test_arbitrary_bytes_give_no_more_than_is_asked_for(
    front: bytes, data: bytes
) -> None:
    data = front + data
    size = 0
    try:
        for chunk in Third().expand(Reader.of(data), "rar", 5000):
            size += len(chunk)
    except Malformed as error:
        assert 0 <= error.offset <= len(data)
    assert size <= 5000


def test_a_stream_that_ends_early_is_truncated() -> None:
    with pytest.raises(Truncated):
        expand(packing.third(b"abc" * 9)[:-9], 27)
