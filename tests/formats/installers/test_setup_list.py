"""Behaviour of the reader of files behind Setup.exe of InstallShield."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.carriers import PROGRAMS
from support.installshield import File, cabinet, setup_list
from support.parts import collect, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.formats.installers import setup_list as reader
from clearward.formats.unpack import installer

FILES = (("setup.ini", b"[Startup]"), ("setup.inx", b"script"))


@pytest.mark.parametrize("wide", [False, True])
def test_files_behind_a_program_come_back(wide: bool) -> None:  # noqa: FBT001
    whole = PROGRAMS["pe"] + setup_list(*FILES, wide=wide)
    parts = named(installer.unpack(Reader.of(whole)))
    assert parts == [(name.encode(), data) for name, data in FILES]


def test_a_list_in_a_list_comes_back() -> None:
    whole = setup_list(("setup.ibt", setup_list(*FILES)))
    parts = named(reader.unpack(Reader.of(whole)))
    assert parts[1:] == [
        (b"setup.ibt/setup.ini", b"[Startup]"),
        (b"setup.ibt/setup.inx", b"script"),
    ]


def test_cabinets_of_a_set_are_opened_together() -> None:
    header, volume = cabinet(File("inside.txt", b"content"))
    whole = setup_list(
        ("data1.cab", volume), ("data1.hdr", header), ("data9.txt", b"text")
    )
    parts = named(installer.unpack(Reader.of(PROGRAMS["pe"] + whole)))
    assert parts == [(b"data9.txt", b"text"), (b"inside.txt", b"content")]


def test_a_cabinet_without_its_header_is_handed_on() -> None:
    _, volume = cabinet(File("inside.txt", b"content"))
    whole = setup_list(("data1.cab", volume))
    assert named(reader.unpack(Reader.of(whole))) == [(b"data", volume)]


def test_a_file_that_is_cut_short_is_truncated() -> None:
    whole = setup_list(*FILES)[:-1]
    with pytest.raises(Truncated):
        named(reader.unpack(Reader.of(whole)))


@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    for whole in (data, setup_list(("a", data[:20])) + data):
        with suppress(Malformed):
            collect(reader.unpack(Reader.of(whole)))
