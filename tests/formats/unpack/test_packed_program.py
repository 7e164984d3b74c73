"""Behaviour of programs that unpack themselves."""

import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.packers import (
    BASE,
    ONLY_ATTACHED_WIDE,
    STUB,
    TEXT,
    WIDE,
    as_library,
    go,
    loop,
    packed,
    packed_library,
    packed_wide,
    program,
    word,
    xor,
)
from support.parts import collect, contents

from clearward.core.part import Part
from clearward.core.reader import Reader
from clearward.formats.programs import image, pe
from clearward.formats.programs.packed import looks_packed
from clearward.formats.running import layers
from clearward.formats.running.machine import AVAILABLE
from clearward.formats.unpack import packed_program

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="nothing was compiled")

MARKER = b"-".join((b"what", b"was", b"packed")) * 20
PLAIN = b"\xf4" + MARKER  # hlt, then what nobody sees in the file


def unpacked(file: bytes) -> list[bytes]:
    return contents(packed_program.unpack(Reader.of(file)))


def names(file: bytes) -> list[bytes]:
    parts = packed_program.unpack(Reader.of(file))
    return [each.name for each in parts if isinstance(each, Part)]


def test_what_a_program_decrypts_is_a_program_again() -> None:
    file = packed(PLAIN)
    assert MARKER not in file
    layer, *_ = unpacked(file)
    again = image.read(Reader.of(layer))
    assert again.entry == TEXT
    assert [each.name.rstrip(b"\0") for each in again.sections] == [b".text"]
    assert pe.read(Reader.of(layer)).entry == layer.index(PLAIN)


def test_a_program_of_64_bits_is_unpacked_too() -> None:
    file = packed_wide(PLAIN)
    assert looks_packed(file, Reader.of(file))
    layer, *_ = unpacked(file)
    again = image.read(Reader.of(layer))
    assert (again.wide, again.base, again.entry) == (True, WIDE, TEXT)
    assert layer.index(PLAIN) == TEXT


def test_a_library_is_told_that_it_was_loaded() -> None:
    assert MARKER in unpacked(packed_library(PLAIN))[0]
    wide = packed_wide(PLAIN, ONLY_ATTACHED_WIDE)
    assert MARKER in unpacked(as_library(wide))[0]
    assert unpacked(wide) == []


@pytest.mark.parametrize("base", [0x10000000, 0x4FFF0000, 0x60000000, 0x71300000])
def test_a_library_may_lie_high(base: int) -> None:
    layer, *_ = unpacked(packed_library(PLAIN, base))
    assert image.read(Reader.of(layer)).base == base
    assert MARKER in layer


@pytest.mark.parametrize("base", [0, 0x50000000, 0x5FFF0000, 0x76FFE000, 0x7FFD0000])
def test_a_library_does_not_lie_where_something_else_does(base: int) -> None:
    assert unpacked(packed_library(PLAIN, base)) == []


def test_a_call_of_64_bits_has_its_arguments_in_registers() -> None:
    # xor ecx, ecx; mov edx, 0x2000; sub rsp, 40; call [address]; use what it gave
    call = b"\x31\xc9\xba\0\x20\0\0\x48\x83\xec\x28\xff\x15"
    call += word(TEXT + 0xE00 - (STUB + len(call) + 4))
    call += b"\xc6\x80\xff\x1f\0\0\x41" + b"\x48\x83\xc4\x28"
    assert MARKER in unpacked(packed_wide(PLAIN, call))[0]


def test_a_place_in_the_file_is_the_address() -> None:
    layer, *_ = unpacked(packed(PLAIN))
    assert layer.index(PLAIN) == TEXT


def test_an_unpacked_program_does_not_look_packed_again() -> None:
    file = packed(PLAIN)
    assert looks_packed(file, Reader.of(file))
    layer, *_ = unpacked(file)
    assert not looks_packed(layer, Reader.of(layer))


def test_each_layer_is_a_part() -> None:
    inner = loop(BASE + TEXT + 64, len(PLAIN), 0x33) + go(BASE + STUB + 0x800)
    middle = inner.ljust(64, b"\x90") + xor(PLAIN, 0x33)
    copy = b"\xbe" + word(BASE + TEXT + 64) + b"\xbf" + word(BASE + STUB + 0x800)
    copy += b"\xb9" + word(len(PLAIN)) + b"\xf3\xa4"  # rep movsb
    middle = (inner[:-6] + copy + inner[-6:]).ljust(64, b"\x90") + xor(PLAIN, 0x33)
    first, second, *_ = unpacked(packed(middle))
    assert xor(PLAIN, 0x33) in first
    assert MARKER in second


def test_code_that_decrypts_itself_where_it_stands_is_shown_at_the_end() -> None:
    code = loop(BASE + STUB + 0x20, len(PLAIN))
    file = program(code.ljust(0x20, b"\x90") + xor(PLAIN), b"")
    assert any(MARKER in each for each in unpacked(file))


def test_what_is_written_to_new_memory_is_shown() -> None:
    # call VirtualAlloc by walking the list of libraries would be long: push and pop
    # what is decrypted to the second section, which is left out of the program.
    code = loop(BASE + STUB + 0x80, len(PLAIN)) + loop(BASE + TEXT, 1) + go(BASE + TEXT)
    file = program(code.ljust(0x80, b"\x90") + xor(PLAIN), xor(b"\xf4"))
    assert names(file) == [b"unpacked", b"memory"]
    assert MARKER in unpacked(file)[1]


def test_a_handler_of_exceptions_is_called_as_windows_does() -> None:
    handler = BASE + STUB + 0x80
    install = b"\x68" + word(handler) + b"\x64\xff\x35\0\0\0\0\x64\x89\x25\0\0\0\0"
    fault = b"\x31\xc0\x89\x00"  # xor eax, eax; mov [eax], eax
    # The handler moves the context's place to what decrypts, and answers 0.
    move = b"\x8b\x44\x24\x0c\xc7\x80\xb8\0\0\0" + word(BASE + STUB + 0xC0)
    code = (install + fault).ljust(0x80, b"\xcc") + move + b"\x31\xc0\xc3"
    code = code.ljust(0xC0, b"\xcc") + loop(BASE + TEXT, len(PLAIN)) + go(BASE + TEXT)
    assert MARKER in unpacked(program(code, xor(PLAIN)))[0]


def test_a_program_that_changes_only_variables_gives_nothing() -> None:
    code = b"\xc7\x05" + word(BASE + TEXT) + word(1) + b"\xf4"
    assert unpacked(program(code, b"")) == []


def test_an_import_table_that_repeats_itself_is_read_in_part() -> None:
    names = word(BASE + TEXT) * 0x100  # each thunk a name; 4096 in all are followed
    library = struct.pack("<5I", TEXT + 0x800, 0, 0, TEXT, TEXT + 0x800) * 60
    file = program(b"\xf4", (library.ljust(0x800, b"\0") + names), size=0x4000)
    place = 64 + 24 + 96 + 8
    file = file[:place] + struct.pack("<II", TEXT, len(library)) + file[place + 8 :]
    assert unpacked(file) == []


def test_an_ordinary_program_does_not_look_packed() -> None:
    file = bytearray(packed(PLAIN))
    for place in (file.index(b".text"), file.index(b".stub")):
        struct.pack_into("<I", file, place + 36, 0x60000020)
    assert not looks_packed(bytes(file), Reader.of(bytes(file)))


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=300))
def test_any_code_ends_and_raises_nothing(code: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layers, "FEWEST", 20_000)
        patch.setattr(layers, "PER_BYTE", 0)
        collect(packed_program.unpack(Reader.of(program(code, code))))


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 0x3FF), st.binary(min_size=1, max_size=8))
def test_any_damage_raises_nothing(place: int, data: bytes) -> None:
    file = packed(PLAIN)
    damaged = file[:place] + data + file[place + len(data) :]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layers, "FEWEST", 20_000)
        collect(packed_program.unpack(Reader.of(damaged)))


@pytest.mark.parametrize("size", [0, 2, 63, 64, 100, 300, 312, 340, 392, 0x200])
def test_a_program_that_is_cut_short_gives_nothing(size: int) -> None:
    assert unpacked(packed(PLAIN)[:size]) == []


def test_where_nothing_was_compiled_a_packed_program_stays_what_it_is() -> None:
    code = (
        "import sys; sys.modules['clearward.native._emulator'] = None\n"
        "from clearward.core.reader import Reader\n"
        "from clearward.formats.unpack import packed_program\n"
        "data = sys.stdin.buffer.read()\n"
        "print(list(packed_program.unpack(Reader.of(data))))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        input=packed(PLAIN),
        capture_output=True,
        check=True,
    )
    assert ran.stdout == b"[]\n"


@pytest.mark.skipif(shutil.which("upx") is None, reason="upx is not installed")
@pytest.mark.parametrize("options", [[], ["-shared"]], ids=["program", "library"])
@pytest.mark.parametrize("method", ["--nrv2b", "--nrv2d", "--nrv2e", "--lzma"])
@pytest.mark.parametrize("machine", ["i686", "x86_64"])
def test_a_program_packed_by_upx_is_unpacked(
    tmp_path: Path, machine: str, method: str, options: list[str]
) -> None:
    compiler = shutil.which(f"{machine}-w64-mingw32-gcc")
    if compiler is None:
        pytest.skip("mingw is not installed")
    text = "marker" * 100
    source = tmp_path / "a.c"
    source.write_text(
        f'#include <stdio.h>\nint main(void) {{ puts("{text}"); return 0; }}\n'
    )
    made = tmp_path / "a.exe"
    subprocess.run([compiler, *options, "-s", "-o", made, source], check=True)
    before = made.read_bytes()
    subprocess.run(["upx", "-q", method, made], check=True, capture_output=True)
    file = made.read_bytes()
    assert text.encode() not in file
    assert looks_packed(file, Reader.of(file))
    layer, *_ = unpacked(file)
    assert code(layer) == code(before)
    assert image.read(Reader.of(layer)).entry == image.read(Reader.of(before)).entry


def code(file: bytes) -> dict[bytes, bytes]:
    """The sections whose content no packer has a reason to change."""
    return {
        each.name.rstrip(b"\0"): file[each.start : each.start + each.length][
            : each.size
        ]
        for each in image.read(Reader.of(file)).sections
        if each.name.rstrip(b"\0") in {b".text", b".data", b".rdata"}
    }
