"""Behaviour of the reader of programs made by PyInstaller."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.carriers import PROGRAMS
from support.parts import collect, gaps, named
from support.pyinstaller import MAGIC, archive

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.identify import identify
from clearward.formats.installers import pyinstaller
from clearward.formats.unpack import installer

FILES = {"app": (b"code " * 99, True), "lib/x.so": (b"\x7fELF", False)}
EXPECTED = [(name.encode(), data) for name, (data, _) in FILES.items()]
ANY_PROGRAM = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)


def unpacked(data: bytes) -> list[tuple[bytes, bytes]]:
    return named(pyinstaller.unpack(Reader.of(data), data.rindex(MAGIC)))


@ANY_PROGRAM
@pytest.mark.parametrize("old", [False, True])
def test_the_files_come_back(program: bytes, old: bool) -> None:  # noqa: FBT001
    whole = program + archive(FILES, old=old)
    assert named(installer.unpack(Reader.of(whole))) == EXPECTED
    assert named(installer.unpack(Reader.of(whole + b"signature" * 50))) == EXPECTED


def test_programs_of_macos_are_asked_too() -> None:
    whole = b"\xcf\xfa\xed\xfe".ljust(4096, b"\0") + archive(FILES)
    assert "installer" in [each.name for each in identify(whole, Reader.of(whole))]
    assert named(installer.unpack(Reader.of(whole))) == EXPECTED


def test_a_place_outside_the_program_is_damage() -> None:
    with pytest.raises(Malformed, match="place of the table"):
        unpacked(archive(FILES)[10:])
    with pytest.raises(Truncated):
        unpacked(MAGIC)


def test_a_table_too_large_to_hold_is_said() -> None:
    whole = MAGIC + b"\xff" * 20
    items = pyinstaller.unpack(Reader.of(whole), 0)
    assert gaps(items) == [Reason.MEMORY_LIMIT]


def test_an_entry_that_leads_outside_is_truncated() -> None:
    data = bytearray(archive({"a": (b"content", False)}))
    data[7 + 8] = 0xFF
    with pytest.raises(Truncated):
        unpacked(bytes(data))


@given(st.integers(0), st.binary(max_size=9))
def test_damage_anywhere_gives_parts_or_an_error(place: int, noise: bytes) -> None:
    data = bytearray(archive(FILES))
    place %= len(data)
    data[place : place + len(noise)] = noise
    with suppress(Malformed):
        collect(pyinstaller.unpack(Reader.of(bytes(data)), len(data) - 88))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    for whole, place in ((MAGIC + data, 0), (data + MAGIC + bytes(80), len(data))):
        with suppress(Malformed):
            collect(pyinstaller.unpack(Reader.of(whole), place))
