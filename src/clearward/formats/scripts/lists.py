"""Lists of numbers in a text, and what they stand for: bytes, or letters.

    [72, 0x65, &H6c, ...]    twelve numbers or more, with commas between them

Numbers of up to five digits, or four hexadecimal ones. If all are below 256 they are
bytes, else letters by number, of which nine in ten of the first ones have to be ASCII.

`find` is compiled, or in plain Python where the package was built without a compiler;
tests compare the two.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

TRIED = 64  # numbers of a list that are looked at to judge
TEXT_SHARE = 0.9
BYTE, LETTER = 256, 128  # numbers below them are bytes, and letters of ASCII

_NUMBER = rb"(?:0x[0-9a-f]{1,4}|&h[0-9a-f]{1,4}|\d{1,5})"
_LIST = re.compile(rb"%b(?:\s{0,8},\s{0,8}%b){11,}" % (_NUMBER, _NUMBER), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list.

    Attributes:
        start, end: of it in the text.
        content: what it stands for; empty if its front is no text.
    """

    start: int
    end: int
    content: bytes


def reference(text: bytes, start: int) -> tuple[int, int, bytes]:
    """Find the next list; the end of the text twice if there is none."""
    found = _LIST.search(text, start)
    if found is None:
        return len(text), len(text), b""
    return found.start(), found.end(), _content(found[0])


def _content(text: bytes) -> bytes:
    words = text.lower().replace(b"&h", b"0x").split(b",")
    front = list(map(_number, words[:TRIED]))
    letters = sum(number < LETTER for number in front)
    if max(front) >= BYTE and letters < TEXT_SHARE * len(front):
        return b""
    numbers = list(map(_number, words))
    if max(numbers) < BYTE:
        return bytes(numbers)
    return "".join(map(chr, numbers)).encode("utf-8", "surrogatepass")


def _number(word: bytes) -> int:
    digits = word.strip()
    return int(digits, 16 if digits.startswith(b"0x") else 10)


find: Callable[[bytes, int], tuple[int, int, bytes]] = reference

try:
    from clearward.native import _lists
except ImportError as missing:
    # Anything else that is missing is a fault, not a choice.
    if missing.name not in {"clearward.native._lists", "clearward.native"}:
        raise
else:
    find = _lists.find


def lists(text: bytes) -> Iterator[Listed]:
    """Yield the lists of a text, in their order."""
    place = 0
    while place < len(text):
        start, place, content = find(text, place)
        if content:
            yield Listed(start, place, content)
