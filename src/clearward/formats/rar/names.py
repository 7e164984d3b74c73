"""Names of files in RAR 1.5 to 4.

With flag 200 hex of a file's block its name is in Unicode: in UTF-8, or, with a zero in
it, in the system's own characters up to there and behind it as changes to that:

    1 byte    high byte, of characters that say so
    then      bits of two for each step, four to a byte, the high ones first:
              0: a low byte; 1: a low byte under the high byte; 2: two bytes, low first;
              3: a count and as many characters as it says, and two, of the first name;
              if it is 80 hex or more, behind a byte that is added to each of them,
              under the high byte

Source: XADMaster's reader of RAR, read as a description of the format.
"""

from collections.abc import Iterator

UNICODE = 0x200
SHIFTS = (6, 4, 2, 0)
LOW, UNDER, WHOLE = range(3)
CHANGED = 0x80


def name_of(stored: bytes, flags: int) -> bytes:
    """Return a name in UTF-8, or in the system's characters if it has no other."""
    plain, zero, changes = stored.partition(b"\0")
    if not flags & UNICODE or not zero or not changes:
        return plain
    found = _units(plain, iter(changes))
    units = b"".join(unit.to_bytes(2, "little") for unit in found)
    return units.decode("utf-16-le", "replace").encode() or plain


def _units(plain: bytes, changes: Iterator[int]) -> Iterator[int]:
    high = next(changes, 0) << 8
    place = 0
    for flags in changes:
        for shift in SHIFTS:
            kind = flags >> shift & 3
            first = next(changes, None)
            if first is None:
                return
            if kind == LOW:
                yield first
            elif kind == UNDER:
                yield high | first
            elif kind == WHOLE:
                yield first | next(changes, 0) << 8
            else:
                more = next(changes, 0) if first & CHANGED else None
                count = (first & ~CHANGED) + 2
                for byte in plain[place : place + count]:
                    yield byte if more is None else high | (byte + more) & 0xFF
                place += count - 1
            place += 1
