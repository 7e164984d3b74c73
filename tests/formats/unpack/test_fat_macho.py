"""Behaviour of universal Mach-O files."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.unpack import fat_macho

PROGRAMS = [b"\xfe\xed\xfa\xce" + bytes(20), b"\xcf\xfa\xed\xfe" + bytes(30)]


def universal(*programs: bytes, wide: bool = False) -> bytes:
    entry = ">IIQQII" if wide else ">IIIII"
    place = 8 + struct.calcsize(entry) * len(programs)
    table, data = b"", b""
    for program in programs:
        rest = (0, 0) if wide else (0,)
        table += struct.pack(entry, 7, 3, place + len(data), len(program), *rest)
        data += program
    magic = 0xCAFEBABF if wide else 0xCAFEBABE
    return struct.pack(">II", magic, len(programs)) + table + data


@pytest.mark.parametrize("wide", [False, True])
def test_each_architecture_is_a_part(wide: bool) -> None:  # noqa: FBT001
    file = universal(*PROGRAMS, wide=wide)
    assert fat_macho.recognises(file, Reader.of(file))
    assert contents(fat_macho.unpack(Reader.of(file))) == PROGRAMS


def test_a_java_class_is_none() -> None:
    java = b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(100)
    assert not fat_macho.recognises(java, Reader.of(java))


def test_a_program_that_is_cut_is_read_as_far_as_it_is_there() -> None:
    file = universal(*PROGRAMS)[:-10]
    parts, _, field = collect(fat_macho.unpack(Reader.of(file)))
    assert parts == [PROGRAMS[0], PROGRAMS[1][:-10]]
    assert field == "offset and size"


def test_a_table_that_is_cut_is_told() -> None:
    with pytest.raises(Malformed, match="table"):
        list(fat_macho.unpack(Reader.of(universal(*PROGRAMS)[:30])))


@given(st.sampled_from(fat_macho.MAGICS), st.binary(max_size=200))
def test_arbitrary_bytes_raise_nothing_else(magic: bytes, data: bytes) -> None:
    collect(fat_macho.unpack(Reader.of(magic + data)))
