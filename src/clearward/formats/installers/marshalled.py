"""Read numbers and texts of what Python's `marshal` wrote, and nothing else of it.

A byte for the kind, with its highest bit set if the value is numbered, then

    i                   number (4), little-endian, signed
    z, Z                length (1), letters
    a, A, u, t, s       length (4), letters
    r                   number (4) of a value that was numbered before
    (, [                how many values (4) follow; ) the same in one byte
    {, 0, N, T, F       nothing: a dictionary begins or ends; three constants

Values are told apart from what they are in, so nothing is nested here.

Source: CPython, `marshal`, versions 2 to 4.
"""

from collections.abc import Iterator

Value = int | bytes

NUMBERED = 0x80
NUMBER, REFERENCE = b"i", b"r"
SHORT, LONG = b"zZ", b"aAuts"
# Bytes behind the kind where only their length matters.
PASSED = {
    **dict.fromkeys(b"([", 4),
    **dict.fromkeys(b")", 1),
    **dict.fromkeys(b"{0NTF", 0),
}


def scalars(data: bytes) -> Iterator[Value]:
    """Yield numbers and texts in the order in which they are written.

    It ends in silence at what is not known, and at the end of the bytes.
    """
    numbered: list[Value | None] = []
    offset = 0
    while offset < len(data):
        kind = data[offset] & ~NUMBERED
        is_numbered = data[offset] & NUMBERED
        offset += 1
        value, size = _value(kind, data, offset, numbered)
        if size < 0:
            return
        offset += size
        if is_numbered:
            numbered.append(value)
        if value is not None:
            yield value


def _value(
    kind: int, data: bytes, offset: int, numbered: list[Value | None]
) -> tuple[Value | None, int]:
    """Return a value, None for others, and the bytes it takes, -1 if unknown."""
    if kind in PASSED:
        return None, PASSED[kind]
    number = int.from_bytes(data[offset : offset + 4], "little", signed=True)
    if kind in NUMBER:
        return number, 4
    if kind in REFERENCE:
        there = 0 <= number < len(numbered)
        return (numbered[number], 4) if there else (None, -1)
    if kind in SHORT:
        size, width = int.from_bytes(data[offset : offset + 1], "little"), 1
    else:
        size, width = number if kind in LONG else -1, 4
    if size < 0:
        return None, -1
    return data[offset + width : offset + width + size], width + size
