"""How long a program that unpacks itself may run, and what is said at the end."""

import struct

import pytest
from support.packers import (
    BASE,
    STUB,
    packed,
    program,
    word,
)
from support.parts import contents, gaps

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.programs import image
from clearward.formats.running import layers
from clearward.formats.running.account import PER_PROGRAM, Account, shared
from clearward.formats.running.machine import AVAILABLE, Stop
from clearward.formats.running.process import Process
from clearward.formats.running.windows import NAMES
from clearward.formats.unpack import packed_program

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="nothing was compiled")

MARKER = b"-".join((b"what", b"was", b"packed")) * 20
PLAIN = b"\xf4" + MARKER  # hlt, then what nobody sees in the file


def unpacked(file: bytes) -> list[bytes]:
    return contents(packed_program.unpack(Reader.of(file)))


def test_a_run_without_end_is_no_gap_if_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(layers, "FEWEST", 100_000)
    file = program(b"\xeb\xfe", b"")
    assert list(packed_program.unpack(Reader.of(file))) == []


def test_a_run_that_is_cut_short_while_it_fills_memory_is_a_gap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(layers, "FEWEST", 100_000)
    fill = b"\xbf" + word(BASE + 0x3000) + b"\xb0\x01\xaa\xeb\xfd"  # stosb for ever
    file = bytearray(program(fill, b"", size=0x1000))
    sizes = file.index(b".stub") + 8
    struct.pack_into("<I", file, sizes, 0x1000000)
    found = gaps(packed_program.unpack(Reader.of(bytes(file))))
    assert found == [Reason.TIME_LIMIT]


def test_too_much_memory_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clearward.formats.running.process.MOST_PAGES", 64)
    fill = b"\xbf" + word(BASE + 0x3000) + b"\xb0\x01\xaa\xeb\xfd"
    file = bytearray(program(fill, b"", size=0x1000))
    struct.pack_into("<I", file, file.index(b".stub") + 8, 0x1000000)
    found = gaps(packed_program.unpack(Reader.of(bytes(file))))
    assert found == [Reason.MEMORY_LIMIT]


def test_what_a_program_does_once_it_is_unpacked_is_no_gap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(layers, "FEWEST", 100_000)
    fill = b"\xbf" + word(BASE + STUB + 0x1000) + b"\xb0\x01\xaa\xeb\xfd" + MARKER
    file = bytearray(packed(fill))
    struct.pack_into("<I", file, file.index(b".stub") + 8, 0x1000000)
    items = list(packed_program.unpack(Reader.of(bytes(file))))
    assert gaps(items) == []
    assert MARKER in contents(items)[0]


def test_a_program_that_turns_in_circles_is_left_early() -> None:
    file = program(b"\xeb\xfe", b"")
    process = Process(file, image.read(Reader.of(file)), NAMES)
    account = Account(1 << 30)
    ran = list(layers.run(process, 1 << 30, account))
    assert [each.stopped for each in ran] == [Stop.BUDGET]
    assert process.machine.done <= 2 * layers.PATIENCE
    assert process.machine.done == (1 << 30) - account.left


def test_what_one_program_uses_is_gone_for_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("clearward.formats.running.account.MOST", 500_000)
    circle = program(b"\xeb\xfe", b"")
    with shared():
        assert gaps(packed_program.unpack(Reader.of(circle))) == [Reason.TIME_LIMIT]
        assert gaps(packed_program.unpack(Reader.of(packed(PLAIN)))) == [
            Reason.TIME_LIMIT
        ]
    assert MARKER in unpacked(packed(PLAIN))[0]


def test_what_is_given_has_to_be_paid_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clearward.formats.running.account.MOST", 20_000_000)
    with shared() as account:
        layer = unpacked(packed(PLAIN))[0]
        assert account.left <= 20_000_000 - PER_PROGRAM - len(layer) // 4
