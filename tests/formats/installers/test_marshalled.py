"""Behaviour of the reader of what Python's marshal wrote."""

import marshal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.installers.marshalled import scalars

TEXT = "text"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([("a", (0, 1, 2))], [b"a", 0, 1, 2]),
        ({"a": (0, 1, -2)}, [b"a", 0, 1, -2]),
        ([TEXT, TEXT, (TEXT,)], [b"text"] * 3),
        (["long" * 100, "\u00fc", b"bytes"], [b"long" * 100, b"\xc3\xbc", b"bytes"]),
        ([None, True, False, 7], [7]),
    ],
)
@pytest.mark.parametrize("version", [2, 3, 4])
def test_numbers_and_texts_come_back(
    value: Any,  # noqa: ANN401
    expected: list[int | bytes],
    version: int,
) -> None:
    assert list(scalars(marshal.dumps(value, version))) == expected


def test_what_is_not_known_ends_it() -> None:
    assert list(scalars(b"i\1\0\0\0?i\2\0\0\0")) == [1]
    assert list(scalars(b"r\1\0\0\0")) == []
    assert list(scalars(b"a\xff\xff\xff\xff")) == []


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_values(data: bytes) -> None:
    assert len(list(scalars(data))) <= len(data)
