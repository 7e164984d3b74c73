"""Behaviour of the little of Windows that unpacking code meets."""

import struct

import pytest
from support.packers import BASE, STUB, program

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.programs import image
from clearward.formats.running import windows
from clearward.formats.running.kernel import KERNEL
from clearward.formats.running.machine import AVAILABLE, Register
from clearward.formats.running.process import PROCESS, Process

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="nothing was compiled")

TEXT_PLACE = BASE + STUB + 0x100
RETURN = 0x12345


def process(*, name: bytes = b"") -> Process:
    file = program(b"\xf4".ljust(0x100, b"\x90") + name + b"\0", b"")
    return Process(file, image.read(Reader.of(file)), windows.NAMES)


def call(process: Process, name: str, *arguments: int) -> int:
    """What a function answers; the stack is cleaned as it does that itself."""
    machine = process.machine
    top = machine.get(Register.SP) - 4 * (len(arguments) + 1)
    words = struct.pack(f"<{len(arguments) + 1}I", RETURN, *arguments)
    assert machine.write(top, words)
    machine.set(Register.SP, top)
    machine.set(Register.IP, process.trap(name))
    assert windows.answer(process)
    assert machine.get(Register.IP) == RETURN
    assert machine.get(Register.SP) == top + len(words)
    return machine.get(Register.AX)


def test_a_library_of_windows_has_a_header_and_exports_by_name() -> None:
    ran = process()
    assert ran.machine.read(KERNEL, 2) == b"MZ"
    place = KERNEL + ran.word(KERNEL + 60)
    exports = KERNEL + ran.word(place + 24 + 96)
    count, functions, names, numbers = (
        ran.word(exports + at) for at in (24, 28, 32, 36)
    )
    assert count == len(windows.NAMES)
    for index in (0, count // 2, count - 1):
        name = ran.text(KERNEL + ran.word(KERNEL + names + 4 * index))
        assert name == windows.NAMES[index]
        number = ran.word(KERNEL + numbers + 2 * index) & 0xFFFF
        address = KERNEL + ran.word(KERNEL + functions + 4 * number)
        assert address == ran.trap(name)


def test_the_list_of_libraries_leads_around_and_back() -> None:
    ran = process()
    head = ran.word(PROCESS + 0x0C) + 0x0C
    entry = ran.word(head)
    bases = []
    while entry != head:
        bases.append(ran.word(entry + 0x18))
        assert ran.word(ran.word(entry) + 4) == entry
        entry = ran.word(entry)
    assert bases == [BASE, KERNEL, KERNEL]


@pytest.mark.parametrize(
    ("name", "handle"), [(b"kernel32.dll", KERNEL), (b"KERNEL32", KERNEL), (b"", 0)]
)
def test_a_library_is_known_by_its_name(name: bytes, handle: int) -> None:
    assert call(process(name=name), "LoadLibraryA", TEXT_PLACE) == handle


def test_no_name_is_the_program_itself() -> None:
    assert call(process(), "GetModuleHandleA", 0) == BASE


@pytest.mark.parametrize("name", [b"", b"\x80\xff", b"a\x01"])
def test_a_name_that_none_can_be_has_no_address(name: bytes) -> None:
    assert call(process(name=name), "GetProcAddress", KERNEL, TEXT_PLACE) == 0


def test_the_same_name_has_the_same_address() -> None:
    ran = process(name=b"SomethingElse")
    first = call(ran, "GetProcAddress", KERNEL, TEXT_PLACE)
    assert (
        first == call(ran, "GetProcAddress", 1, TEXT_PLACE) == ran.trap("SomethingElse")
    )


def test_memory_that_was_asked_for_is_there() -> None:
    ran = process()
    place = call(ran, "VirtualAlloc", 0, 0x1800, 0x1000, 4)
    assert ran.machine.read(place, 0x2000) == bytes(0x2000)
    assert call(ran, "VirtualAlloc", 0, 1 << 30, 0x1000, 4) == 0


def test_the_only_file_is_the_program_itself() -> None:
    ran = process()
    handle = call(ran, "CreateFileA", TEXT_PLACE, 0x80000000, 1, 0, 3, 0, 0)
    assert call(ran, "GetFileSize", handle, 0) == len(ran.file)
    place = call(ran, "GlobalAlloc", 0x40, 64)
    assert call(ran, "SetFilePointer", handle, 0xFFFFFFF0, 0, 2) == len(ran.file) - 16
    assert call(ran, "ReadFile", handle, place, 64, place + 64, 0) == 1
    assert ran.machine.read(place, 16) == ran.file[-16:]
    assert ran.word(place + 64) == 16


def test_a_file_is_not_opened_to_be_written() -> None:
    asked = (TEXT_PLACE, 0x40000000, 0, 0, 2, 0, 0)
    assert call(process(), "CreateFileA", *asked) == 0xFFFFFFFF


def test_a_call_that_only_programs_make_is_not_answered() -> None:
    ran = process()
    for name in ("ExitProcess", "NoSuchThing"):
        ran.machine.set(Register.IP, ran.trap(name))
        assert not windows.answer(ran)


def test_a_base_that_windows_does_not_take_is_refused() -> None:
    file = bytearray(program(b"\xf4", b""))
    struct.pack_into("<I", file, 64 + 24 + 28, 0x77000000)
    with pytest.raises(Malformed):
        Process(bytes(file), image.read(Reader.of(bytes(file))), windows.NAMES)
