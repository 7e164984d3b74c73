"""Behaviour of names in RAR archives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.rar.names import UNICODE, name_of


def changes(*steps: tuple[int, bytes], high: int = 0) -> bytes:
    """A name behind the zero, of up to four steps."""
    flags = 0
    for number, (kind, _) in enumerate(steps):
        flags |= kind << (6 - 2 * number)
    return b"\0" + bytes((high, flags)) + b"".join(data for _, data in steps)


@pytest.mark.parametrize(
    ("stored", "found"),
    [
        pytest.param(b"n", "n", id="no other name"),
        pytest.param("ü".encode(), "ü", id="in UTF-8"),
        pytest.param(b"n" + changes((0, b"m")), "m", id="low bytes"),
        pytest.param(b"n" + changes((1, b"\x42"), high=4), "т", id="under a high byte"),
        pytest.param(b"n" + changes((2, b"\x42\4")), "т", id="two bytes"),
        pytest.param(b"nut" + changes((3, b"\1")), "nut", id="of the first name"),
        pytest.param(
            b"xab" + changes((0, b"y"), (3, b"\x80\1"), high=4),
            "y" + chr(0x462) + chr(0x463),
            id="of the first name, changed",
        ),
        pytest.param(b"n\0", "n", id="nothing behind the zero"),
        pytest.param(b"n\0\0", "n", id="no changes"),
    ],
)
def test_a_name_is_what_its_changes_make_of_it(stored: bytes, found: str) -> None:
    assert name_of(stored, UNICODE) == found.encode()


def test_without_the_flag_it_ends_at_a_zero() -> None:
    assert name_of(b"n\0\0\0m", 0) == b"n"


@given(st.binary(max_size=80))
def test_arbitrary_bytes_give_a_bounded_name(data: bytes) -> None:
    assert len(name_of(data, UNICODE)) <= 3 * 130 * (len(data) + 1)
