"""Undo the branch filter for RISC-V.

It changes JAL, whose 20-bit target is scattered over the instruction, and pairs of
AUIPC and an instruction that adds the low 12 bits. A pair's address is stored absolute
and big-endian, behind an AUIPC to x2 that carries the second instruction; a pair that
looked so before is stored under another register. Instructions begin at even places.

Source: xz-file-format 1.2.1, section 5.3.2, and the filter as xz and 7-Zip have it.
"""

from re import finditer

MASK = 0xFFFFFFFF
CANDIDATES = rb"[\xef\x17\x97]"
JAL, AUIPC = 0xEF, 0x17
PAIR = 8  # bytes of two instructions
TO_X2 = AUIPC | 2 << 7


def riscv(data: bytearray, start: int) -> int:
    """Undo the filter in a buffer that starts at a position.

    Returns:
        how many bytes are done; fewer than 9 are left over.
    """
    last = len(data) - PAIR
    if last < 0:
        return 0
    place = 0
    for candidate in finditer(CANDIDATES, data[::2]):
        at = candidate.start() * 2
        if at > last:
            break
        if at >= place:
            undo = _jal if data[at] == JAL else _auipc
            place = at + undo(data, at, start + at)
    return max(place, last // 2 * 2 + 2)


def _jal(data: bytearray, at: int, position: int) -> int:
    """Undo one JAL; say how many bytes are done."""
    low, middle, high = data[at + 1 : at + 4]
    if low & 0x0D:
        return 2  # neither to x1 nor to x5
    target = ((low & 0xF0) << 13 | middle << 9 | high << 1) - position
    data[at + 1] = low & 0x0F | target >> 8 & 0xF0
    data[at + 2] = target >> 16 & 0x0F | target >> 7 & 0x10 | target << 4 & 0xE0
    data[at + 3] = target >> 4 & 0x7F | target >> 13 & 0x80
    return 4


def _auipc(data: bytearray, at: int, position: int) -> int:
    """Undo one AUIPC and what follows it; say how many bytes are done."""
    first = int.from_bytes(data[at : at + 4], "little")
    if first & 0xE80:  # neither to x0 nor to x2: a pair that looked filtered
        second = int.from_bytes(data[at + 4 : at + PAIR], "little")
        if (first << 8 ^ second - 3) & 0xF8003:
            return 6
        target = (first & 0xFFFFF000) + (second >> 20)
        first = TO_X2 | second << 12
    else:
        register = first >> 27
        if (first - 0x3117 << 18) & MASK >= register & 0x1D:
            return 4
        target = int.from_bytes(data[at + 4 : at + PAIR]) - position
        target, first = (
            first >> 12 | target << 20,
            AUIPC | register << 7 | target + 0x800 & 0xFFFFF000,
        )
    data[at : at + 4] = (first & MASK).to_bytes(4, "little")
    data[at + 4 : at + PAIR] = (target & MASK).to_bytes(4, "little")
    return PAIR
