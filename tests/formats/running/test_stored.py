"""Behaviour of notes that say how UPX packed a program of Windows."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.packers import noted, packed
from support.parts import collect, contents, gaps

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.programs import image
from clearward.formats.running import layers, stored
from clearward.formats.running.machine import AVAILABLE
from clearward.formats.running.process import Process
from clearward.formats.running.windows import NAMES
from clearward.formats.unpack import packed_program

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="nothing was compiled")

MARKER = b"-".join((b"what", b"was", b"packed")) * 20
FILE = noted(MARKER)
NOTE = FILE.index(b"UPX!")


def unpacked(file: bytes) -> bytes | None:
    return stored.program(Process(file, image.read(Reader.of(file)), NAMES))


def test_the_program_is_a_file_again() -> None:
    assert MARKER not in FILE
    whole = unpacked(FILE)
    assert whole is not None
    again = image.read(Reader.of(whole))
    assert [each.name.rstrip(b"\0") for each in again.sections] == [b".text"]
    assert whole.index(MARKER) == again.sections[0].start
    assert again.entry == again.sections[0].address


def test_a_program_that_takes_too_long_is_given_and_a_gap_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(layers, "FEWEST", 500_000)
    assert gaps(packed_program.unpack(Reader.of(FILE))) == [Reason.TIME_LIMIT]
    assert MARKER in contents(packed_program.unpack(Reader.of(FILE)))[-1]


def test_calls_in_its_code_are_made_distances_again() -> None:
    call = b"\x90" * 16 + b"\xe8\x05\0\0\x40" + MARKER
    for filter in (0x26, 0x46, 0x49):
        whole = unpacked(noted(call, filter=(filter, 5)))
        assert whole is not None
        assert b"\x90\xe8" + struct.pack("<i", 0x40 - 17) + MARKER in whole


@pytest.mark.parametrize("place", [6, 8, 12, 16, 20])
def test_a_note_that_does_not_agree_is_none(place: int) -> None:
    file = bytearray(FILE)
    file[NOTE + place] ^= 0x55
    assert unpacked(bytes(file)) is None


def test_a_program_without_a_note_has_none() -> None:
    assert unpacked(packed(MARKER)) is None
    assert unpacked(FILE.replace(b"UPX!", b"NOT!")) is None


@settings(deadline=None, max_examples=50)
@given(st.integers(0, len(FILE) - 1), st.binary(min_size=1, max_size=8))
def test_any_damage_raises_nothing(place: int, junk: bytes) -> None:
    file = FILE[:place] + junk + FILE[place + len(junk) :]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layers, "FEWEST", 20_000)
        patch.setattr(layers, "PER_BYTE", 0)
        collect(packed_program.unpack(Reader.of(file)))
