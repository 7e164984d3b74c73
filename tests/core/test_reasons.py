"""Behaviour of the reasons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reasons import ALL, FROM_THE_JAIL, NONE, Reason, words

# In the order of the contract, which is the order of the bits on the wire.
CONTRACT = (
    *("encrypted", "corrupt", "truncated", "size-limit", "parts-limit", "depth-limit"),
    *("time-limit", "memory-limit", "unsupported", "not-regular", "permission"),
    *("vanished", "changed", "excluded", "worker-died"),
)


def test_the_vocabulary_is_that_of_the_contract_in_its_order() -> None:
    assert tuple(reason.word for reason in Reason) == CONTRACT
    assert [int(reason) for reason in Reason] == [1 << bit for bit in range(15)]


def test_all_reasons_together_fit_into_the_answer() -> None:
    assert int(ALL) == 0x7FFF
    assert ALL.bit_count() == len(CONTRACT)


def test_what_only_the_broker_knows_cannot_come_from_the_jail() -> None:
    assert words(ALL & ~FROM_THE_JAIL) == (
        "excluded",
        "not-regular",
        "vanished",
        "worker-died",
    )


@given(st.integers(0, 0x7FFF))
def test_the_words_of_a_set_are_sorted_and_one_for_each_bit(mask: int) -> None:
    found = words(mask)
    assert found == tuple(sorted(found))
    assert {CONTRACT.index(word) for word in found} == {
        bit for bit in range(15) if mask >> bit & 1
    }


def test_no_reason_has_no_words() -> None:
    assert words(NONE) == ()


@pytest.mark.parametrize("mask", [1 << 15, 1 << 16, 0xFFFF, -1])
def test_a_bit_that_is_no_reason_is_refused(mask: int) -> None:
    with pytest.raises(ValueError):
        words(mask)
