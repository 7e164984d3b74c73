"""Programs in a chunk of LZMS: addresses are turned back into distances.

The packer added to the distance in some instructions of x86 where they stand, since the
address of a function that is called often is a better match than many distances. It did
so where it believed that there is a program: where the low 16 bits of an address that
it met were met not longer than 65535 bytes ago, and for the next 1023 bytes, half of
that for calls. The first byte of a chunk and its last 16 are never the start of one.
"""

HISTORY = 1 << 16
NEAR = HISTORY - 1
REACH = 1023
CALL_REACH = REACH >> 1
TAIL = 16
LEAST = 17  # bytes of a chunk that is left alone
FIELD = 4
JUMP = 0xE9
CALL = 0xE8
STARTS = (0x48, 0x4C, CALL, JUMP, 0xF0, 0xFF)


def restored(data: bytearray) -> None:
    """Turn the addresses of a whole chunk back, in place."""
    if len(data) <= LEAST:
        return
    seen = [-HISTORY] * HISTORY
    program = -REACH - 1  # where there was one for the last time
    place, end = 1, len(data) - TAIL
    while place < end:
        first = data[place]
        size = _size(data, place) if first in STARTS else 0
        if not size:
            place += 5 if first == JUMP else 1
            continue
        at = place + size
        if place - program <= (CALL_REACH if first == CALL else REACH):
            value = int.from_bytes(data[at : at + FIELD], "little") - place
            data[at : at + FIELD] = (value & 0xFFFFFFFF).to_bytes(FIELD, "little")
        target = (place + int.from_bytes(data[at : at + 2], "little")) % HISTORY
        place = at + FIELD - 1
        if place - seen[target] <= NEAR:
            program = place
        seen[target] = place
        place += 1


def _size(data: bytearray, place: int) -> int:
    """Return the bytes of an instruction before its distance, 0 if it is none."""
    first, second, third = data[place : place + 3]
    if first == CALL:
        return 1
    if first == 0xFF:  # noqa: PLR2004 - with 15: call what an address says
        return 2 if second == 0x15 else 0  # noqa: PLR2004 - see above
    if first == 0xF0:  # noqa: PLR2004 - with 83 05: add under a lock
        is_add = (second, third) == (0x83, 0x05)
    elif second == 0x8D:  # noqa: PLR2004 - load the address itself
        is_add = third & 7 == 5 and first != JUMP  # noqa: PLR2004 - relative
    else:
        is_add = (first, second) == (0x48, 0x8B) and third in (0x05, 0x0D)
    return 3 if is_add else 0
