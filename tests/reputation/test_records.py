"""Records are in order, and found where they are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.digests import digest, digests

from clearward.core.errors import Malformed
from clearward.reputation import records
from clearward.reputation.records import PREFIXES, WIDTH

LABELS = st.integers(0, (1 << 32) - 1)
HELD = st.lists(st.tuples(digests, LABELS), max_size=40)


def ordered(held: list[tuple[bytes, int]]) -> bytes:
    made = bytearray(b"".join(records.record(*one) for one in held))
    records.order(made)
    return bytes(made)


@given(HELD)
def test_records_are_in_order_each_once(held: list[tuple[bytes, int]]) -> None:
    assert ordered(held * 2) == b"".join(
        records.record(*one) for one in sorted(set(held))
    )


@given(HELD)
def test_what_is_compiled_orders_as_python_does(held: list[tuple[bytes, int]]) -> None:
    plain = bytearray(b"".join(records.record(*one) for one in held))
    records.order_plainly(plain)
    assert plain == ordered(held)


@given(HELD)
def test_many_records_are_made_as_one_is(held: list[tuple[bytes, int]]) -> None:
    bare = b"".join(one for one, _ in held)
    labels = b"".join(label.to_bytes(4, "big") for _, label in held)
    assert records.records(bare, labels) == b"".join(
        records.record(*one) for one in held
    )


@settings(max_examples=20, deadline=None)
@given(HELD)
def test_the_parts_are_the_list_by_prefixes(held: list[tuple[bytes, int]]) -> None:
    whole = ordered(held)
    parts = [bytes(part) for part in records.parts(memoryview(whole))]
    assert (len(parts), b"".join(parts)) == (PREFIXES, whole)
    for number, part in enumerate(parts):
        records.check_part(part, number)


@given(HELD, digests)
def test_the_labels_of_a_digest_are_all_that_it_has(
    held: list[tuple[bytes, int]], other: bytes
) -> None:
    whole = ordered(held)
    for asked in (other, *(one for one, _ in held)):
        due = tuple(sorted({label for one, label in held if one == asked}))
        assert records.labels_of(whole, asked) == due


def test_a_prefix_is_the_first_12_bits() -> None:
    assert records.prefix(bytes.fromhex("abcdef")) == 0xABC


@given(st.binary(max_size=3 * WIDTH), st.integers(0, PREFIXES - 1))
def test_other_bytes_are_no_part(data: bytes, number: int) -> None:
    try:
        records.check_part(data, number)
    except Malformed:
        return
    starts = range(0, len(data), WIDTH)
    each = [data[at : at + WIDTH] for at in starts]
    assert each == sorted(set(each))
    assert {records.prefix(one) for one in each} <= {number}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (lambda part: part[:-1], "length"),
        (lambda part: part[WIDTH:] + part[:WIDTH], "order"),
        (lambda part: part + part[-WIDTH:], "order"),
        (lambda part: part[:-WIDTH] + b"\xff" * WIDTH, "prefix"),
    ],
)
def test_damage_of_a_part_is_told(wrong, field: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    front = digest(1)[:2]
    part = b"".join(records.record(front + bytes([one]) * 30, 0) for one in range(3))
    records.check_part(part, records.prefix(front))
    with pytest.raises(Malformed) as caught:
        records.check_part(wrong(part), records.prefix(front))
    assert caught.value.field == field


def test_records_of_another_width_are_not_ordered() -> None:
    compiled = pytest.importorskip("clearward.reputation._compiled")
    with pytest.raises(ValueError, match="width"):
        compiled.order(bytearray(WIDTH + 1))
