"""Behaviour of the decoder of RAR 1.5."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import rar_packing as packing
from support.rar_packing import Bits

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.rar.packing.first import First


def expand(data: bytes, size: int, decoder: First | None = None) -> bytes:
    decoder = decoder or First()
    return b"".join(decoder.expand(Reader.of(data), "rar", size))


@given(st.binary(max_size=160))
def test_bytes_come_back(data: bytes) -> None:
    assert expand(packing.packed_first(data), len(data)) == data


def test_a_match_among_bytes_that_follow_each_other() -> None:
    front = bytes(range(65, 65 + 24))
    bits = Bits()
    # Behind so many bytes there are no more bits that say what comes next.
    row = packing.put_first(bits, front)
    bits.put(*packing.word(row, 0))
    bits.put(0, 1)  # a match
    bits.put(1, 1)  # of 4 bytes
    bits.put(*packing.word(2, 0))
    bits.put(24, 5)
    assert expand(bits.data(), 28) == front + front[:4]


def test_a_file_goes_on_with_the_tables_of_the_one_before() -> None:
    decoder = First()
    assert expand(packing.packed_first(b"abc"), 3, decoder) == b"abc"
    # What was used first is the first value now.
    bits = Bits()
    bits.put(*packing.word(2, 0))
    bits.put(*packing.word(1, 0))
    assert expand(bits.data(), 1, decoder) == b"a"


@settings(max_examples=100)
@given(st.binary(max_size=400))
def test_arbitrary_bytes_give_no_more_than_is_asked_for(data: bytes) -> None:
    size = 0
    try:
        for chunk in First().expand(Reader.of(data), "rar", 5000):
            size += len(chunk)
    except Malformed as error:
        assert 0 <= error.offset <= len(data)
    assert size <= 5000


def test_a_table_counts_anew_where_a_value_is_used_too_often() -> None:
    data = b"e" * 160
    assert expand(packing.packed_first(data), 160) == data
    with pytest.raises(Malformed):
        expand(packing.packed_first(data), 99999)
