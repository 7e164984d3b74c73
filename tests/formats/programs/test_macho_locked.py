"""Behaviour of the check whether a Mach-O program has encrypted code."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reader import Reader
from clearward.formats.identify import identify
from clearward.formats.programs import macho_locked

SEGMENT = {False: 1, True: 0x19}
every_magic = pytest.mark.parametrize("magic", macho_locked.MAGICS)


def program(magic: bytes, *commands: bytes) -> bytes:
    order, wide = macho_locked.MAGICS[magic]
    joined = b"".join(commands)
    head = magic + struct.pack(order + "6I", 12, 0, 2, len(commands), len(joined), 0)
    return head.ljust(macho_locked.COMMANDS[wide], b"\0") + joined + bytes(64)


def encryption(magic: bytes, kind: int, size: int = 4096) -> bytes:
    order, wide = macho_locked.MAGICS[magic]
    command = struct.pack(order + "5I", 0x2C if wide else 0x21, 20, 0, size, kind)
    return command.ljust(20, b"\0")


def segment(magic: bytes, flags: int) -> bytes:
    order, wide = macho_locked.MAGICS[magic]
    place = macho_locked.SEGMENTS[SEGMENT[wide]]
    head = struct.pack(order + "II", SEGMENT[wide], place + 4).ljust(place, b"\0")
    return head + struct.pack(order + "I", flags)


def locked(file: bytes) -> bool:
    return macho_locked.is_encrypted(file, Reader.of(file))


@every_magic
def test_what_a_shop_encrypted_is_known(magic: bytes) -> None:
    plain = segment(magic, 0)
    assert locked(program(magic, plain, encryption(magic, 1)))
    assert not locked(program(magic, plain, encryption(magic, 0)))
    assert not locked(program(magic, plain, encryption(magic, 1, size=0)))


@every_magic
def test_a_segment_that_is_protected_is_known(magic: bytes) -> None:
    assert locked(program(magic, segment(magic, 0), segment(magic, 8)))
    assert not locked(program(magic, segment(magic, 0), segment(magic, 4)))


@every_magic
def test_a_command_of_no_length_ends_in_bounds(magic: bytes) -> None:
    order, _ = macho_locked.MAGICS[magic]
    assert not locked(program(magic, *[struct.pack(order + "II", 2, 0)] * 50))
    assert not locked(program(magic, segment(magic, 0))[:40])


def test_it_is_encrypted_and_searched_all_the_same() -> None:
    magic = b"\xcf\xfa\xed\xfe"
    file = program(magic, encryption(magic, 1)) + b"%PDF-1.4\n1 0 obj\n%%EOF\n"
    names = [each.name for each in identify(file, Reader.of(file))]
    assert names == ["machoencrypted", "pdf"]


@given(st.sampled_from(sorted(macho_locked.MAGICS)), st.binary(max_size=200))
def test_arbitrary_bytes_raise_nothing(magic: bytes, data: bytes) -> None:
    locked(magic + data)
