r"""The bytes that a Rich Text document holds in its destinations.

    {\rtf1 ... {\object ... {\*\objdata 01050000...}} ... {\pict ... 89504e47...}}
               \binN  and N bytes as they are, in place of 2N digits

A destination begins with its word and ends with the brace that closes its group. What
programs make of the rest differs, and documents are written to use that, so there are
two readings:

    strict     groups that begin with a star and a word of their own are no data, nor
               are \'hh and the numbers of words; \bin is obeyed
    literal    every digit in the group is data, whatever it stands in; \bin is a word
               like any other

Both pass over white space, letters that are no digits and all other words, as Word
does, and take half a byte over into the next run of digits. Words outside destinations
are not looked at, so braces cost nothing there; groups in groups are one byte each.

Source: RTF 1.9.1, "Objects", "Pictures" and "Conventions of an RTF reader".
"""

import re
from binascii import unhexlify
from collections.abc import Iterator
from dataclasses import dataclass, field

from clearward.core.limits import MIB
from clearward.core.reader import CHUNK, Reader

MOST = 64 * MIB  # bytes of all open destinations together
MOST_OPEN = 64  # destinations inside each other
MARGIN = 1024  # bytes that are at hand behind a place, so that no word is cut

WORDS = (
    b"objdata", b"pict", b"datastore", b"themedata", b"colorschememapping",
    b"datafield", b"fontemb", b"fontfile", b"passwordhash", b"blipuid",
)  # fmt: skip
DATA = frozenset(WORDS) - {b"blipuid", b"passwordhash"}

_WORD = rb"\\(bin|%s)(?![a-z])(-?[0-9]{1,10}+)?[ ]?" % b"|".join(sorted(DATA))
_BEGINS = re.compile(_WORD, re.IGNORECASE)
_TOKEN = re.compile(
    rb"[^\\{}]++|[{}]|\\([A-Za-z]{1,255}+)(-?[0-9]{1,10}+)?[ ]?"
    rb"|\\'([^\\{}]{0,2})|\\.|\\",
    re.DOTALL,
)
_STAR = re.compile(rb"[\s\0]*\\\*[\s\0]*\\([A-Za-z]{1,255})")
_NO_DIGITS = bytes(each for each in range(256) if each not in b"0123456789abcdefABCDEF")
_OPEN, _SKIPPED = 0, 1


@dataclass(slots=True)
class Found:
    """What a destination holds.

    Attributes:
        word: that it begins with, in lower case.
        data: its bytes.
        whole: all of them are here; False beyond `MOST`.
    """

    word: bytes
    data: bytearray = field(default_factory=bytearray)
    whole: bool = True
    half: bytes = b""  # a digit whose other half has not come

    def digits(self, text: bytes) -> None:
        """Add what stands in a text as digits."""
        digits = self.half + text.translate(None, _NO_DIGITS)
        even = len(digits) & ~1
        self.half = digits[even:]
        self.add(unhexlify(digits[:even]))

    def add(self, data: bytes) -> None:
        """Add bytes as they are."""
        room = MOST - len(self.data)
        if len(data) > room:
            self.whole = False
            data = data[:room]
        self.data += data


@dataclass(slots=True)
class _Level:
    """A destination that is open, and the groups inside it, a byte each."""

    found: Found
    groups: bytearray = field(default_factory=lambda: bytearray((_OPEN,)))


class Groups:
    """The destinations of a document, in the order in which they end.

    Args:
        document: its bytes.
        literal: take every digit for data; see above.

    Attributes:
        ambiguous: the other reading may hold something else.
        cut: the document ended inside a destination.
        deep: destinations lay deeper than `MOST_OPEN`.
    """

    def __init__(self, document: Reader, *, literal: bool) -> None:
        self._source = document.chunks()
        self._literal = literal
        self._held = b""
        self._place = 0
        self._ended = False
        self._levels: list[_Level] = []
        self.ambiguous = False
        self.cut = False
        self.deep = False

    def __iter__(self) -> Iterator[Found]:
        while self._forward():
            if self._levels:
                yield from self._inside()
            else:
                self._outside()
        self.cut = bool(self._levels)
        while self._levels:
            yield self._levels.pop().found

    def _forward(self) -> bool:
        """Have `MARGIN` bytes at hand or the last ones; return False at the end."""
        while len(self._held) - self._place < MARGIN and not self._ended:
            chunk = next(self._source, b"")
            self._ended = not chunk
            self._held = self._held[self._place :] + chunk
            self._place = 0
        return self._place < len(self._held)

    def _outside(self) -> None:
        """Pass over text up to the next destination, or nearly all that is at hand."""
        found = _BEGINS.search(self._held, self._place)
        end = len(self._held) if self._ended else len(self._held) - MARGIN // 2
        if found is None or found.start() >= end:
            self._place = max(end, self._place + 1)
            return
        self._place = found.end()
        if not self._escaped(found.start()):
            self._word(found[1].lower(), found[2] or b"")

    def _escaped(self, place: int) -> bool:
        """Say whether the backslash at a place is one that another stands before."""
        before = self._held[max(place - MARGIN, 0) : place]
        return (len(before) - len(before.rstrip(b"\\"))) % 2 == 1

    def _inside(self) -> Iterator[Found]:
        """Read one token of the innermost destination."""
        token = _TOKEN.match(self._held, self._place)
        if token is None:  # pragma: no cover - the expression takes any byte
            self._place += 1
            return
        self._place = token.end()
        level = self._levels[-1]
        text = token[0]
        if text == b"{":
            self._group(level)
        elif text == b"}":
            yield from self._close()
        elif token[1] is not None:
            self._word(token[1].lower(), token[2] or b"")
        elif token[3] is not None:
            self._odd(level, token[3])
        elif text[:1] != b"\\" and level.groups[-1] == _OPEN:
            level.found.digits(text)

    def _close(self) -> Iterator[Found]:
        """Close a group; one that began a destination is of the outer one, too."""
        while self._levels:
            groups = self._levels[-1].groups
            groups.pop()
            if groups:
                return
            yield self._levels.pop().found

    def _group(self, level: _Level) -> None:
        star = _STAR.match(self._held, self._place)
        skipped = level.groups[-1]
        if star is not None and star[1].lower() not in DATA:
            self.ambiguous |= level.found.word == b"objdata"
            skipped = _OPEN if self._literal else _SKIPPED
        level.groups.append(skipped)

    def _odd(self, level: _Level, digits: bytes) -> None:
        """Take what is data in one reading and none in the other."""
        self.ambiguous |= level.found.word == b"objdata" and bool(digits)
        if self._literal:
            level.found.digits(digits)

    def _word(self, word: bytes, number: bytes) -> None:
        if word == b"bin":
            self.ambiguous = True
            if not self._literal:
                self._raw(int(number or 0))
        elif word in DATA:
            if len(self._levels) >= MOST_OPEN:
                self.deep = True
                return
            self._levels.append(_Level(Found(word)))
            if number:
                self._odd(self._levels[-1], number)
        elif self._levels and number and self._levels[-1].found.word == b"objdata":
            self._odd(self._levels[-1], number)

    def _raw(self, size: int) -> None:
        """Take bytes as they are; as data if a destination is open."""
        while size > 0 and self._forward():
            piece = self._held[self._place : self._place + min(size, CHUNK)]
            self._place += len(piece)
            size -= len(piece)
            if self._levels:
                self._levels[-1].found.add(piece)
