"""Behaviour of numbers of variable length."""

from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.rar.numbers import Fields, number


@given(st.lists(st.integers(0, (1 << 63) - 1)))
def test_numbers_come_back(values: list[int]) -> None:
    fields = Fields(b"".join(map(number, values)))
    assert [fields.number() for _ in values] == values
    assert fields.place == len(fields.data)


@given(st.binary(max_size=40))
def test_arbitrary_bytes_are_numbers_of_at_most_ten(data: bytes) -> None:
    fields = Fields(data)
    while fields.place < len(data):
        before = fields.place
        fields.number()
        assert 0 < fields.place - before <= 10
    assert fields.number() == 0
    assert fields.take(5) == b""
