"""Behaviour of the reader of InstallShield 3."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.installshield import old_archive
from support.parts import collect, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.installers import shield

WHOLE = old_archive(
    ("", "readme.txt", b"content " * 9, 0), ("Images", "a.png", b"\x89PNG", 16)
)


def unpacked(data: bytes) -> list[tuple[bytes, bytes]]:
    return named(shield.unpack(Reader.of(data)))


def test_files_come_back() -> None:
    assert unpacked(WHOLE) == [
        (b"readme.txt", b"content " * 9),
        (b"Images\\a.png", b"\x89PNG"),
    ]


def test_what_ends_early_is_truncated() -> None:
    for size in (20, len(WHOLE) - 20):
        with pytest.raises(Truncated):
            unpacked(WHOLE[:size])


def test_a_file_in_another_volume_is_said() -> None:
    data = bytearray(WHOLE)
    at = data.rindex(b"a.png") - 4
    data[at] = 1
    assert gaps(shield.unpack(Reader.of(bytes(data)))) == [Reason.TRUNCATED]


def test_an_entry_without_length_is_damage() -> None:
    data = WHOLE.replace(b"\x01\0\x07\0\0\0", b"\x01\0\0\0\0\0")
    with pytest.raises(Malformed, match="length of a folder"):
        unpacked(data)


@given(st.integers(0), st.binary(max_size=9))
def test_damage_anywhere_gives_parts_or_an_error(place: int, noise: bytes) -> None:
    data = bytearray(WHOLE)
    place %= len(data)
    data[place : place + len(noise)] = noise
    with suppress(Malformed):
        collect(shield.unpack(Reader.of(bytes(data))))


@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    with suppress(Malformed):
        collect(shield.unpack(Reader.of(WHOLE[:41] + data)))
