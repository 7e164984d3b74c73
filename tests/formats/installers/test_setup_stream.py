"""Behaviour of the reader of files for the Windows Installer."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.installshield import setup_stream
from support.parts import collect, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.formats.installers import setup_stream as reader

FILES = (("setup.msi", b"MSI content " * 500), ("0x0409.ini", b"[text]"))
EXPECTED = [(name.encode(), data) for name, data in FILES]


def unpacked(data: bytes) -> list[tuple[bytes, bytes]]:
    return named(reader.unpack(Reader.of(data)))


@pytest.mark.parametrize("flags", [0, 2, 4, 6])
@pytest.mark.parametrize("new", [False, True])
def test_the_files_come_back(new: bool, flags: int) -> None:  # noqa: FBT001
    assert unpacked(setup_stream(*FILES, flags=flags, new=new)) == EXPECTED


def test_the_files_of_older_ones_without_times_come_back() -> None:
    assert unpacked(setup_stream(*FILES, new=True, times=False)) == EXPECTED


@pytest.mark.parametrize("new", [False, True])
def test_what_ends_early_is_truncated(new: bool) -> None:  # noqa: FBT001
    whole = setup_stream(*FILES, new=new)
    for size in (10, 50, len(whole) - 3):
        with pytest.raises((Truncated, Malformed)):
            unpacked(whole[:size])


def test_an_entry_that_would_lie_behind_the_end_is_truncated() -> None:
    front = setup_stream(*FILES, new=True)[: reader.HEADER.size]
    with pytest.raises(Truncated):
        unpacked(front + reader.NEW_ENTRY.pack(0, 0, 7, 0))


def test_a_name_of_nonsense_is_damage() -> None:
    whole = setup_stream(("a", b"b"), new=True)
    with pytest.raises(Malformed, match="length of a name"):
        unpacked(whole[:46] + b"\xff\xff\xff\xff" + whole[50:])


@given(st.booleans(), st.integers(0), st.binary(max_size=9))
def test_damage_anywhere_gives_parts_or_an_error(
    new: bool,  # noqa: FBT001 - of hypothesis
    place: int,
    noise: bytes,
) -> None:
    data = bytearray(setup_stream(*FILES, new=new))
    place %= len(data)
    data[place : place + len(noise)] = noise
    with suppress(Malformed):
        collect(reader.unpack(Reader.of(bytes(data))))


@given(st.booleans(), st.binary(max_size=400))
def test_arbitrary_bytes_give_parts_or_an_error(new: bool, data: bytes) -> None:  # noqa: FBT001
    with suppress(Malformed):
        collect(reader.unpack(Reader.of(setup_stream(new=new)[:14] + data)))
