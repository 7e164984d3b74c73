"""Behaviour of the branch filter for RISC-V."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import passing_by

from clearward.formats.seven.branch import in_words
from clearward.formats.seven.riscv import riscv

RA, SP, A0 = 1, 2, 10


def word(value: int) -> bytes:
    return (value & 0xFFFFFFFF).to_bytes(4, "little")


def jal(register: int, target: int) -> bytes:
    """JAL as the instruction set has it: the bits of the target are scattered."""
    bits = (target >> 20 & 1) << 31 | (target >> 1 & 0x3FF) << 21
    bits |= (target >> 11 & 1) << 20 | (target >> 12 & 0xFF) << 12
    return word(bits | register << 7 | 0x6F)


def filtered_jal(register: int, address: int) -> bytes:
    """JAL as the filter stores it: highest bits first, behind opcode and register."""
    high = address >> 17 & 0x0F
    return bytes((0x6F | register << 7 & 0x80, register >> 1 | high << 4)) + (
        address >> 1 & 0xFFFF
    ).to_bytes(2)


def pair(register: int, target: int, second: int) -> bytes:
    """AUIPC, and an instruction that adds the low 12 bits of the target."""
    low = target & 0xFFF
    return word(target + 0x800 & 0xFFFFF000 | register << 7 | 0x17) + word(
        low << 20 | second
    )


def filtered_pair(register: int, address: int, second: int) -> bytes:
    """The same with an absolute address, behind an AUIPC to x2."""
    first = 0x17 | SP << 7 | second << 12 & 0x7FFFFFF | register << 27
    return word(first & 0xFFFFFFFF) + (address & 0xFFFFFFFF).to_bytes(4)


def undone(data: bytes, start: int = 0, piece: int = 10**6) -> bytes:
    return b"".join(in_words(passing_by(data, piece), undo=riscv, start=start))


@pytest.mark.parametrize("register", [RA, 5])
@pytest.mark.parametrize("target", [0, 2, 0x800, 0x1234, -4, -0x1236])
def test_calls_become_relative_again(register: int, target: int) -> None:
    position = 0x20000
    stored = filtered_jal(register, position + target) + bytes(4)
    assert undone(stored, position) == jal(register, target) + bytes(4)


def test_jumps_to_other_registers_are_left_alone() -> None:
    stored = filtered_jal(A0, 0x1234) + bytes(4)
    assert undone(stored, 0x100) == stored


@pytest.mark.parametrize("target", [0, 4, 0x7FF, 0x800, 0x12345678, -8])
def test_pairs_become_relative_again(target: int) -> None:
    position = 0x4000
    second = A0 << 15 | A0 << 7 | 0x13  # ADDI a0, a0
    stored = filtered_pair(A0, position + target, second)
    assert undone(stored, position) == pair(A0, target, second)


def test_what_is_too_short_for_a_pair_is_left_alone() -> None:
    for size in range(8):
        assert undone(b"\xef\1\2\3\x17\1\0"[:size]) == b"\xef\1\2\3\x17\1\0"[:size]


@given(
    st.lists(st.sampled_from([0xEF, 0x17, 0x97, 0x6F, 0, 1, 0x31, 0x82, 0xFF])),
    st.integers(1, 30),
    st.integers(0, 1 << 20),
)
def test_code_comes_out_the_same_however_it_is_split(
    code: list[int], piece: int, start: int
) -> None:
    data = bytes(code)
    whole = undone(data, start * 2)
    assert whole == undone(data, start * 2, piece)
    assert len(whole) == len(data)
