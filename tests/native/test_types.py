"""Lists of types."""

import pytest

from clearward.native.errors import BadImage
from clearward.native.types import read_types


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (b"A\nB", 2),
        (b"A\nB\n", 1),
        (b"A\nB\n", 3),
        (b"A\nA\n", 2),
        (b"\n", 1),
        (b"\xff\n", 1),
        (b"A" * 65 + b"\n", 1),
        (b"", 2**60),
    ],
)
def test_a_broken_list_is_refused(data: bytes, count: int) -> None:
    with pytest.raises(BadImage):
        read_types(memoryview(data), count)


def test_types_are_numbered_in_order() -> None:
    made = read_types(memoryview(b"A\nB\n"), 2)
    assert [made.number(name) for name in ("A", "B")] == [1, 2]
    assert read_types(memoryview(b""), 0).names == ()
