"""Behaviour of compressed sections of ELF programs."""

import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st
from support.elf import COMPRESSED, front, program
from support.parts import collect, named

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.programs.elf_compressed import is_compressed
from clearward.formats.unpack import elf_sections

MARKER = b"-".join((b"what", b"was", b"packed")) * 30
ZLIB, ZSTD = zlib.compress(MARKER), zstd.compress(MARKER)
SHAPES = [(True, "<"), (False, "<"), (True, ">"), (False, ">")]


def looks(file: bytes) -> bool:
    return is_compressed(file, Reader.of(file))


def opened(file: bytes) -> list[tuple[bytes, bytes]]:
    return named(elf_sections.unpack(Reader.of(file)))


@pytest.mark.parametrize(("wide", "order"), SHAPES)
@pytest.mark.parametrize(("kind", "data"), [(1, ZLIB), (2, ZSTD)])
def test_each_compressed_section_is_a_part(
    wide: bool,  # noqa: FBT001
    order: str,
    kind: int,
    data: bytes,
) -> None:
    content = front(kind, len(MARKER), wide=wide, order=order) + data
    rows = ((b".text", 6, b"code"), (b".debug_info", COMPRESSED, content))
    file = program(*rows, wide=wide, order=order)
    assert looks(file)
    assert opened(file) == [(b".debug_info", MARKER)]


def test_sections_of_old_are_known_by_their_name() -> None:
    content = b"ZLIB" + len(MARKER).to_bytes(8) + ZLIB
    file = program((b".zdebug_info", 0, content), (b".zeros", 0, b"nothing"))
    assert looks(file)
    assert opened(file) == [(b".zdebug_info", MARKER)]
    assert not looks(program((b".debug_info", 0, content)))


def test_an_ordinary_program_is_not_of_this_format() -> None:
    assert not looks(program((b".text", 6, b"code"), (b".data", 3, ZLIB)))
    assert not looks(program())


def test_another_compression_is_a_gap() -> None:
    file = program((b".debug_line", COMPRESSED, front(3, 10) + b"something"))
    assert looks(file)
    assert collect(elf_sections.unpack(Reader.of(file)))[1] == [Reason.UNSUPPORTED]


def test_damage_is_told_behind_what_stands_before_it() -> None:
    content = front(1, len(MARKER) * 99) + zlib.compress(MARKER * 99)[:-9]
    with pytest.raises(Malformed):
        opened(program((b".debug_line", COMPRESSED, content)))


@given(st.binary(max_size=300), st.booleans())
def test_arbitrary_bytes_raise_nothing_else(data: bytes, wide: bool) -> None:  # noqa: FBT001
    head = b"\x7fELF" + bytes((1 + wide, 1, 1))
    for file in (head + data, program((b".zdebug", COMPRESSED, data), wide=wide)):
        looks(file)
        collect(elf_sections.unpack(Reader.of(file)))


@given(st.integers(0, 1000), st.binary(min_size=1, max_size=8))
def test_any_damage_raises_nothing_else(place: int, junk: bytes) -> None:
    file = program((b".debug_line", COMPRESSED, front(1, len(MARKER)) + ZLIB))
    place %= len(file)
    file = file[:place] + junk + file[place + len(junk) :]
    looks(file)
    collect(elf_sections.unpack(Reader.of(file)))


@pytest.mark.skipif(shutil.which("objcopy") is None, reason="binutils are missing")
def test_sections_that_objcopy_compressed_come_back(tmp_path: Path) -> None:
    (tmp_path / "marker").write_bytes(MARKER)
    shutil.copy(shutil.which("true") or sys.executable, tmp_path / "before")
    add = ["objcopy", "--add-section", ".debug_marker=marker", "before", "between"]
    subprocess.run(add, cwd=tmp_path, check=True)
    pack = ["objcopy", "--compress-debug-sections=zlib", "between", "after"]
    subprocess.run(pack, cwd=tmp_path, check=True)
    file = (tmp_path / "after").read_bytes()
    assert MARKER not in file
    assert (b".debug_marker", MARKER) in opened(file)
