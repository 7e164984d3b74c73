"""Behaviour of the reader of programs that carry an installer's data."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.carriers import PROGRAMS
from support.installers import nsis_blocks, nsis_first, nsis_header
from support.parts import collect, gaps, named

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.installers import places
from clearward.formats.unpack import installer

HEADER = nsis_header({})
NSIS = nsis_first(HEADER, nsis_blocks((HEADER, False), (b"content", False)))
ANY_PROGRAM = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)


@ANY_PROGRAM
def test_data_behind_a_program_are_handed_on(program: bytes) -> None:
    items = installer.unpack(Reader.of(program + NSIS))
    assert named(items) == [(b"offset %d" % len(program), NSIS)]


def test_data_of_several_installers_are_all_handed_on() -> None:
    whole = PROGRAMS["pe"] + NSIS + NSIS
    parts = named(installer.unpack(Reader.of(whole)))
    assert [content for _, content in parts] == [NSIS + NSIS, NSIS]


def test_what_has_no_reader_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(installer.BEFORE, places.NSIS)
    items = installer.unpack(Reader.of(PROGRAMS["pe"] + NSIS))
    assert gaps(items) == [Reason.UNSUPPORTED]


def test_a_flood_is_said() -> None:
    items = list(installer.unpack(Reader.of(PROGRAMS["pe"] + NSIS * 80)))
    assert gaps(items) == [Reason.PARTS_LIMIT]
    assert len(named(items)) == 64
    false = b"InstallShield\0 is a word" * 2000
    items = list(installer.unpack(Reader.of(PROGRAMS["pe"] + false)))
    assert gaps(items) == [Reason.PARTS_LIMIT]


@given(st.sampled_from(places.SIGNS), st.binary(max_size=300))
def test_arbitrary_bytes_behind_a_magic_give_parts_or_an_error(
    sign: places.Sign, data: bytes
) -> None:
    with suppress(Malformed):
        collect(installer.unpack(Reader.of(PROGRAMS["pe"] + sign.magic + data)))
