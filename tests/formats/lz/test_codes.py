"""Behaviour of prefix codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.lz.bits import HighBits
from clearward.formats.lz.codes import Always, Codes


def packed(text: str) -> Reader:
    text = text.ljust(-(-len(text) // 8) * 8, "0")
    return Reader.of(int("1" + text, 2).to_bytes(len(text) // 8 + 1)[1:])


def words(lengths: list[int]) -> dict[int, str]:
    """The words that RFC 1951, 3.2.2 gives to symbols."""
    found, code = {}, 0
    for length in range(1, 17):
        for symbol, each in enumerate(lengths):
            if each == length:
                found[symbol] = f"{code:0{length}b}"
                code += 1
        code <<= 1
    return found


@given(st.data())
def test_every_symbol_is_found_by_its_word(data: st.DataObject) -> None:
    lengths = [2, 0, 3, 16, 4, 3, 0, 5]
    known = words(lengths)
    symbols = data.draw(st.lists(st.sampled_from(sorted(known)), max_size=20))
    bits = HighBits(packed("".join(known[symbol] for symbol in symbols)), "x")
    codes = Codes(lengths)
    assert [codes.symbol(bits) for _ in symbols] == symbols


def test_a_word_that_no_symbol_has_is_malformed() -> None:
    with pytest.raises(Malformed):
        Codes([1]).symbol(HighBits(Reader.of(b"\xff\xff"), "x"))


@pytest.mark.parametrize("lengths", [[1, 1, 1], [17], [1, 2, 2, 16]])
def test_more_words_than_fit_are_refused(lengths: list[int]) -> None:
    with pytest.raises(ValueError):
        Codes(lengths)


def test_a_code_of_one_symbol_takes_no_bits() -> None:
    assert Always(7).symbol(HighBits(Reader.of(b""), "x")) == 7
    assert not Codes([0, 0])
