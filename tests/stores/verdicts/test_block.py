"""Behaviour of blocks: what was not closed for a place is not opened there."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.stores.verdicts.block import Seal, Slot, Spoiled

SEAL = Seal.of(b"secret" * 5, b"space")
SLOTS = st.lists(
    st.tuples(
        st.binary(min_size=32, max_size=32),
        st.integers(-(2**63), 2**63 - 1),
        st.integers(0, 2**32 - 1),
    ),
    max_size=5,
)


@given(SLOTS, st.integers(0, 2**64 - 1), st.integers(0, 2**58))
def test_slots_come_back(slots: list[Slot], device: int, block: int) -> None:
    assert SEAL.open(device, block, SEAL.close(device, block, slots)) == slots


@given(SLOTS, st.data())
def test_a_flipped_bit_is_seen(slots: list[Slot], data: st.DataObject) -> None:
    closed = bytearray(SEAL.close(1, 2, slots))
    place = data.draw(st.integers(0, 8 * len(closed) - 1))
    closed[place // 8] ^= 1 << place % 8
    with pytest.raises(Spoiled):
        SEAL.open(1, 2, bytes(closed))


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_no_block(data: bytes) -> None:
    with pytest.raises(Spoiled):
        SEAL.open(1, 2, data)


@pytest.mark.parametrize("value", [None, 5, "text", 1.5])
def test_other_values_are_no_block(value: object) -> None:
    with pytest.raises(Spoiled):
        SEAL.open(1, 2, value)


@pytest.mark.parametrize(
    ("seal", "device", "block"),
    [
        pytest.param(SEAL, 2, 2, id="another device"),
        pytest.param(SEAL, 1, 3, id="another block"),
        pytest.param(Seal.of(b"secret" * 5, b"other"), 1, 2, id="other rules"),
        pytest.param(Seal.of(b"guess" * 5, b"space"), 1, 2, id="another secret"),
    ],
)
def test_a_block_holds_only_where_it_was_closed(
    seal: Seal, device: int, block: int
) -> None:
    closed = SEAL.close(1, 2, [(b"x" * 32, 5, 6)])
    with pytest.raises(Spoiled):
        seal.open(device, block, closed)


def test_a_seal_without_the_secret_is_not_enough() -> None:
    body = SEAL.close(1, 2, [(b"x" * 32, 5, 6)])[:-16]
    with pytest.raises(Spoiled):
        SEAL.open(1, 2, body + hashlib.blake2b(body, digest_size=16).digest())


def test_numbers_of_rows_fit_and_differ() -> None:
    numbers = {SEAL.number(device, block) for device in range(9) for block in range(9)}
    assert len(numbers) == 81
    assert all(0 <= number < 2**63 for number in numbers)
