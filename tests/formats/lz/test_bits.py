"""Behaviour of the bits of old formats."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Truncated
from clearward.core.reader import Reader
from clearward.formats.lz.bits import Bits, HighBits, LowBits


@given(st.binary(max_size=40), st.lists(st.integers(1, 17), max_size=40))
def test_bits_come_in_their_order(data: bytes, sizes: list[int]) -> None:
    low = "".join(f"{byte:08b}"[::-1] for byte in data)
    high = "".join(f"{byte:08b}" for byte in data)
    for kind, text in ((LowBits, low), (HighBits, high)):
        bits: Bits = kind(Reader.of(data), "x")
        place = 0
        for size in sizes:
            piece = text[place : place + size]
            wanted = piece.ljust(size, "0")
            wanted = wanted[::-1] if kind is LowBits else wanted
            assert bits.peek(size) == int(wanted, 2)
            if len(piece) < size:
                with pytest.raises(Truncated) as caught:
                    bits.drop(size)
                assert caught.value.offset <= len(data)
                return
            bits.drop(size)
            place += size
        assert bits.at_end() == (place == len(text))
