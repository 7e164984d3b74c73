r"""Strings of a PDF: read to their end, without escapes, and as UTF-8.

    (a literal one, \( \051 \n \
    over several lines, (with brackets) inside)
    <48 65 78 61 64 65 63 69 6d 61 6c>

Source: ISO 32000-1, 7.3.4 and 7.9.2.
"""

import re

PLAIN = re.compile(rb"[^()\\]*+(?:\\.[^()\\]*+)*+", re.DOTALL)
STEP = re.compile(PLAIN.pattern + rb"([()])", re.DOTALL)
LONGEST = 1 << 20  # bytes in which a string with brackets inside has to end
HASTY = 4096  # the same once there is no more patience
GIVEN_UP = re.compile(rb"\bend(?:obj|stream)\b|\bstream\r?\n")
ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
NOT_HEX = bytes(set(range(256)) - set(b"0123456789abcdefABCDEF"))


class Patience:
    """How much more may be looked at in vain for the ends of strings.

    A string without an end is read up to where its object ends, and the next may have
    none either: each would be looked for in all that follows.

    Args:
        size: bytes of the text.
    """

    __slots__ = ("left",)

    def __init__(self, size: int) -> None:
        self.left = min(LEAST + TIMES * size, MOST)


LEAST, TIMES, MOST = 256 << 10, 32, 128 << 20  # bytes
BRACKET = 64  # bytes that are gone through in the time that a bracket takes


def literal(text: bytes, start: int, end: int, patience: Patience) -> tuple[bytes, int]:
    """Read a string behind its bracket; return it and the place behind it.

    One without an end is read up to where its object seems to end.
    """
    most = end if patience.left > 0 else min(end, start + HASTY)
    plain = PLAIN.match(text, start, most)
    place = plain.end() if plain is not None else start
    if place < most and text[place : place + 1] == b")":
        return unescaped(text[start:place]), place + 1
    most = min(end, start + LONGEST)
    behind = _behind(text, start, place, most, patience)
    if behind:
        return unescaped(text[start : behind - 1]), behind
    stop = GIVEN_UP.search(text, start, most)
    place = stop.start() if stop else most
    return unescaped(text[start:place]), place


def _behind(text: bytes, start: int, place: int, most: int, patience: Patience) -> int:
    """Say where a string with brackets inside ends, 0 if it does not.

    There is no bracket up to `place`, and it has to end before `most`. If it does not,
    that takes patience.
    """
    if patience.left <= 0:
        return 0
    depth = 1
    steps = 0
    before = place
    while step := STEP.match(text, place, most):
        depth += 1 if step[1] == b"(" else -1
        place = step.end()
        if depth == 0:
            return place
        steps += 1
    patience.left -= max(before, most) - start + BRACKET * steps
    return 0


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
