"""Entities of HTML as clamscan writes them in a normalised page.

    &name;  &#65;  &#x41;      the byte, if it is below 0xff
    the same from 0xff         &#x, four hexadecimal digits or more, ;
    a name it does not know    stays
    digits without ;           are decoded as well, a name only at the end of the page

Source: entities.txt, and what Debian's clamscan 1.4.6 writes with --leave-temps.
"""

import re

_HIGHEST = 0x10FFFF
_BYTES = 0xFF  # code points below are written as a byte
_ENTITY = re.compile(
    rb"&(?:([A-Za-z][A-Za-z0-9]{1,15})(?:;|\Z)"
    rb"|#[xX]0*+([0-9A-Fa-f]{0,16});?|#0*+([0-9]{0,16});?)"
)


def _byte_or_number(point: int) -> bytes:
    return bytes([point]) if point < _BYTES else b"&#x%04x;" % min(point, _HIGHEST)


def _read() -> dict[bytes, bytes]:
    # Without importlib.resources, which takes longer to import than all of this.
    with open(f"{__file__.removesuffix('.py')}.txt", encoding="ascii") as file:
        text = file.read()
    rows = [line.split() for line in text.splitlines() if not line.startswith("#")]
    return {name.encode(): _byte_or_number(int(point, 16)) for name, point in rows}


NAMED = _read()  # what each name stands for, as it is written


def _decoded(match: re.Match[bytes]) -> bytes:
    name, hexadecimal, decimal = match.groups()
    if name is not None:
        return NAMED.get(name, match[0])
    if hexadecimal is not None:
        return _byte_or_number(int(hexadecimal or b"0", 16))
    return _byte_or_number(int(decimal or b"0"))


def records() -> bytes:
    """Return the table as the compiled views read it: each string behind its length."""
    strings = (one for row in NAMED.items() for one in row)
    return b"".join(bytes([len(string)]) + string for string in strings)


def decode(page: bytes) -> bytes:
    """Return the page with its entities decoded, once.

    A page may be nothing but entities, so what was decoded is not kept in pieces.
    """
    if page.find(b"&") < 0:
        return page
    decoded = bytearray()
    end = 0
    for match in _ENTITY.finditer(page):
        decoded += page[end : match.start()]
        decoded += _decoded(match)
        end = match.end()
    decoded += page[end:]
    return bytes(decoded)
