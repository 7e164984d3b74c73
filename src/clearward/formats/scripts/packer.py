"""Scripts in the form eval(function(p,a,c,k,e,d){...}('...',62,99,'a|b|c'.split('|'))).

    payload, base, count, words: each word of the payload is a number in that base, with
    digits 0 to 9, a to z, A to Z, and stands for the word of that number, or for itself
    if that word is empty

Source: the output of D. Edwards' packer, whose form is its own description.
"""

import re

MOST_WORDS = 65_536
GROWTH = 8
DIGITS = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

_PACKED = re.compile(
    rb"\}\s?\(\s?'((?:[^'\\]|\\.)*+)'\s?,\s?(\d{1,3}|\[\])\s?,\s?(\d{1,6})\s?,"
    rb"\s?'((?:[^'\\]|\\.)*+)'\s?\.split\(\s?'\|'\s?\)[^)]{0,40}\)\)?",
    re.DOTALL,
)
_WORD = re.compile(rb"\b\w+\b")
_VALUES = {byte: value for value, byte in enumerate(DIGITS)}


def unpack(text: bytes) -> bytes:
    """Return a text with packed scripts as they were; the text itself if none is."""
    return _PACKED.sub(_unpacked, text) if text.find(b".split('|')") >= 0 else text


def _unpacked(found: re.Match[bytes]) -> bytes:
    payload, base, _, words = found.groups()
    known = words.split(b"|", MOST_WORDS)
    digits = int(base) if base.isdigit() else 62
    room = GROWTH * len(found[0])

    def word(each: re.Match[bytes]) -> bytes:
        nonlocal room
        number = _number(each[0], digits)
        if not 0 <= number < len(known) or not known[number]:
            return each[0]
        room -= len(known[number])
        return known[number] if room > 0 else each[0]

    script = _WORD.sub(word, payload)
    return b"};" + script.replace(b"\\'", b"'").replace(b"\\\\", b"\\")


def _number(word: bytes, base: int) -> int:
    number = 0
    for byte in word[:8]:
        value = _VALUES.get(byte, base)
        if value >= base:
            return -1
        number = number * base + value
    return number if len(word) <= 8 else -1  # noqa: PLR2004 - longer than any count
