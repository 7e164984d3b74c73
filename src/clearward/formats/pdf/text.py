r"""Strings of a PDF: read to their end, without escapes, and as UTF-8.

    (a literal one, \( \051 \n \
    over several lines, (with brackets) inside)
    <48 65 78 61 64 65 63 69 6d 61 6c>

Source: ISO 32000-1, 7.3.4 and 7.9.2.
"""

import re

SIMPLE = re.compile(rb"([^()\\]*+(?:\\.[^()\\]*+)*+)\)", re.DOTALL)
STEP = re.compile(rb"[^()\\]*+(?:\\.[^()\\]*+)*+([()])", re.DOTALL)
LONGEST = 1 << 20  # bytes in which a string with brackets inside has to end
GIVEN_UP = re.compile(rb"\bend(?:obj|stream)\b|\bstream\r?\n")
ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
NOT_HEX = bytes(set(range(256)) - set(b"0123456789abcdefABCDEF"))


def literal(text: bytes, start: int, end: int) -> tuple[bytes, int]:
    """Read a string behind its bracket; return it and the place behind it.

    One without an end is read up to where its object seems to end.
    """
    simple = SIMPLE.match(text, start, end)
    if simple is not None:
        return unescaped(simple[1]), simple.end()
    depth = 1
    place = start
    most = min(end, start + LONGEST)
    while depth and (step := STEP.match(text, place, most)):
        depth += 1 if step[1] == b"(" else -1
        place = step.end()
    if depth == 0:
        return unescaped(text[start : place - 1]), place
    stop = GIVEN_UP.search(text, start, most)
    place = stop.start() if stop else most
    return unescaped(text[start:place]), place


def unescaped(raw: bytes) -> bytes:
    """Return a literal string without its escapes."""
    return ESCAPE.sub(_plain, raw) if b"\\" in raw else raw


def _plain(found: re.Match[bytes]) -> bytes:
    what = found[1]
    if what[:1].isdigit() and what[:1] < b"8":
        return bytes((int(what, 8) & 0xFF,))
    if what in {b"\n", b"\r", b"\r\n"}:
        return b""
    return LETTERS.get(what, what)


def hexadecimal(digits: bytes) -> bytes:
    """Return what hexadecimal digits say; whatever else is there is passed over."""
    digits = digits.translate(None, NOT_HEX)
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


def readable(raw: bytes) -> bytes:
    """Return a string in UTF-8 where it says that it is in UTF-16."""
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace").encode("utf-8", "replace")
    if raw.startswith(b"\xff\xfe"):
        return raw[2:].decode("utf-16-le", "replace").encode("utf-8", "replace")
    return raw
