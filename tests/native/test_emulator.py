"""The emulated processor beside the real one, and its memory."""

import os
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.instructions import ALL, CODE, DATA, MEMORY, Source, Trial

emulator = pytest.importorskip("clearward.native._emulator")

HELPER = Path(__file__).with_name("processor.c")
RESULT = struct.Struct(f"<QQ16QQ{DATA}s")
TRIALS = 1500
BUDGET, WRITTEN, TRAP, FAULT, INTERRUPT, DIVIDE, _, UNKNOWN = range(1, 9)
IP, FLAGS = 16, 17
SEGV, FPE, ILL, BREAK = 11, 8, 4, 5
STOPS = {BREAK: {INTERRUPT}, SEGV: {FAULT, UNKNOWN}, FPE: {DIVIDE}, ILL: {UNKNOWN}}


def machine(code: bytes, data: bytes = b"", *, wide: bool = False) -> Any:  # noqa: ANN401 - compiled
    """A processor with code at `CODE` and data at `MEMORY`."""
    made = emulator.Machine(code + data, wide=wide, pages=64)
    assert made.map(CODE, 4096, 0, len(code))
    assert made.map(MEMORY, 4096, len(code), len(data))
    made.set(IP, CODE)
    made.set(4, MEMORY + 128)
    return made


@pytest.fixture(scope="module", params=[32, 64])
def processor(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, bool]:
    """The helper that runs instructions on the real processor, and its width."""
    made = tmp_path_factory.mktemp("processor") / "helper"
    compiler = shutil.which("gcc")
    if compiler is None or os.uname().machine != "x86_64":
        pytest.skip("needs gcc on x86-64")
    command = [compiler, "-O1", f"-m{request.param}", "-o", str(made), str(HELPER)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip(f"gcc does not compile for {request.param} bits")
    return made, request.param == 64


def difference(trial: Trial, result: bytes, *, wide: bool) -> str:
    """What the emulator does otherwise; empty if nothing."""
    signal, behind, *numbers, flags, data = RESULT.unpack(result)
    count = 16 if wide else 8
    ran = machine(trial.code.ljust(64, b"\xcc"), trial.data, wide=wide)
    for number in range(count):
        ran.set(number, trial.registers[number])
    ran.set(FLAGS, trial.flags)
    if ran.run(1000) not in STOPS[signal]:
        return f"signal {signal}"
    if signal != BREAK:
        return ""
    if ran.get(IP) - CODE - 1 != behind:
        return f"goes on at {behind}"
    if [ran.get(number) for number in range(count)] != numbers[:count]:
        return f"registers {numbers}"
    if (ran.get(FLAGS) ^ flags) & ALL & ~trial.undefined:
        return f"flags {flags & ALL:#x}"
    return "" if ran.read(MEMORY, DATA) == data else "memory"


def test_instructions_do_what_the_processor_does(processor: tuple[Path, bool]) -> None:
    helper, wide = processor
    source = Source(20261123, wide=wide)
    trials = [source.trial() for _ in range(TRIALS)]
    records = b"".join(trial.record() for trial in trials)
    ran = subprocess.run([helper], input=records, capture_output=True, check=True)
    assert len(ran.stdout) == RESULT.size * len(trials)
    wrong = []
    for number, trial in enumerate(trials):
        result = ran.stdout[number * RESULT.size : (number + 1) * RESULT.size]
        if found := difference(trial, result, wide=wide):
            wrong.append((trial.code.hex(), found))
    assert wrong == []


def test_memory_that_is_not_mapped_is_a_fault() -> None:
    ran = machine(b"\x8b\x05\x34\x12\0\0")  # mov eax, [0x1234]
    assert ran.run(10) == FAULT
    assert ran.value == 0x1234
    assert ran.get(IP) == CODE


def test_a_write_over_the_end_of_memory_writes_nothing() -> None:
    ran = machine(b"\xc7\x05" + struct.pack("<II", MEMORY + 4094, 0x11111111))
    assert ran.run(10) == FAULT
    assert ran.read(MEMORY + 4090, 6) == bytes(6)
    assert ran.changed() == []


def test_pages_exist_once_they_are_touched_and_no_more_than_allowed() -> None:
    ran = emulator.Machine(b"", wide=False, pages=2)
    assert ran.map(0, 1 << 31, 0, 0)
    assert ran.write(0, b"1")
    assert ran.write(0x5000, b"1")
    assert not ran.full
    assert not ran.write(0x7000, b"1")
    assert ran.full
    assert ran.changed() == [0, 0x5000]


def test_a_copy_makes_no_pages() -> None:
    ran = emulator.Machine(b"abc", wide=False, pages=0)
    ran.map(0x1000, 0x1000, 0, 3)
    assert ran.copy(0xFFE, 7) == b"\0\0abc\0\0"
    assert not ran.full


@pytest.mark.parametrize(
    ("start", "size", "there"),
    [(0, 0, False), (1, 10, False), (1 << 64 - 1, 1, True), (0, (1 << 64) - 1, False)],
)
def test_a_range_is_whole_pages_inside_the_addresses(
    start: int, size: int, *, there: bool
) -> None:
    assert emulator.Machine(b"", wide=True, pages=1).map(start, size, 0, 9) is there


def test_it_stops_before_code_that_was_written_elsewhere() -> None:
    # mov byte [MEMORY], 0xf4; push MEMORY; ret
    code = b"\xc6\x05" + struct.pack("<I", MEMORY) + b"\xf4\x68"
    ran = machine(code + struct.pack("<I", MEMORY) + b"\xc3")
    ran.watch(1)
    assert ran.run(10) == WRITTEN
    assert ran.get(IP) == MEMORY == ran.entered
    ran.settle()
    assert ran.run(10) == UNKNOWN


def test_it_stops_at_a_trap() -> None:
    ran = machine(b"\xb8\0\0\0\x70\xff\xd0")  # mov eax, 0x70000000; call eax
    ran.trap(0x70000000, 16)
    assert ran.run(10) == TRAP
    assert ran.read(ran.get(4), 4) == struct.pack("<I", CODE + 7)


def test_a_repetition_counts_and_goes_on_where_it_was() -> None:
    ran = machine(b"\xf3\xaa\xcc")  # rep stosb
    ran.set(0, 0x41)
    ran.set(1, 100)
    ran.set(7, MEMORY)
    assert ran.run(10) == BUDGET
    assert 0 < ran.get(1) < 100
    assert ran.run(1000) == INTERRUPT
    assert ran.read(MEMORY, 101) == b"A" * 100 + b"\0"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_run_to_an_end(code: bytes, wide: bool) -> None:  # noqa: FBT001
    ran = machine(code, code, wide=wide)
    ran.watch(1)
    assert ran.run(5000) in range(1, 9)
    assert ran.done <= 5000
