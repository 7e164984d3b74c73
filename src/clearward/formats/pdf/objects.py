"""Read one PDF object from text: a dictionary, an array, a string, a name, a number.

Objects (ISO 32000-1, 7.3), with white space and remarks anywhere between them:

    << /Key value ... >>    [ value ... ]    /Name    (text)    <68 65 78>    5    7 0 R

Nesting is kept on a list, never on Python's stack. Names are read without their
``#xx``. A dictionary keeps every value of a key that is there twice, because programs
differ in which one they take.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple, Union

from clearward.formats.pdf.text import Patience, hexadecimal, literal

TOKENS = 20_000  # of one object; a stream's dictionary has a few dozen
DEPTH = 100  # levels that are kept; deeper ones are read and forgotten


class Name(bytes):
    """A name, without its slash and without escapes."""

    __slots__ = ()


class String(bytes):
    """A string, without escapes, perhaps encrypted."""

    __slots__ = ()


class Dictionary(dict[bytes, list["Value"]]):
    """Every value of each key, in order."""

    __slots__ = ()

    def all(self, *keys: bytes) -> list["Value"]:
        """Return every value of the first key that is there."""
        for key in keys:
            if key in self:
                return self[key]
        return []

    def get_last(self, *keys: bytes) -> "Value":
        """Return the last value of the first key that is there, else None."""
        values = self.all(*keys)
        return values[-1] if values else None


class Reference(NamedTuple):  # there are many, and this is quickly made
    """Another object, by its number."""

    number: int
    generation: int


@dataclass(frozen=True, slots=True)
class Word:
    """Anything else: true, null, obj, stream."""

    text: bytes


Value = Union[
    Name, String, Dictionary, "list[Value]", Reference, Word, int, float, None
]

GAP = rb"(?:[\s\0]++|%[^\r\n]*+)*+"
PLAIN = rb"[^\s\0()<>\[\]{}/%]"
TOKEN = re.compile(
    GAP + rb"(?:(<<|>>|[\[\](])|/(" + PLAIN + rb"*+)|<([^>]*+)>?|(" + PLAIN + rb"++)"
    rb"|[{})>])"
)
MARK, NAMED, DIGITS, PLAIN_WORD = 1, 2, 3, 4  # groups of it
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
MOST_DIGITS = 18
NUMBER = re.compile(rb"[+-]?[0-9]{1,18}")
FRACTION = re.compile(rb"[+-]?[0-9]{0,18}\.[0-9]{0,18}")


def name(raw: bytes) -> Name:
    """Return a name without its escapes."""
    if b"#" in raw:
        raw = ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode("ascii")), raw)
    return Name(raw)


def read(text: bytes, start: int, end: int, patience: Patience | None = None) -> Value:
    """Read the object that stands first between two places; None if none does.

    What is not finished at the end, or after `TOKENS`, is taken as if it were. The
    patience is that of all who read the same text.
    """
    levels = _Levels(Patience(end - start) if patience is None else patience)
    match = TOKEN.match
    for _ in range(TOKENS):
        found = match(text, start, end)
        if found is None:
            break
        start = found.end()
        kind = found.lastindex
        if kind == NAMED:
            levels.values.append(name(found[kind]))
        elif kind == PLAIN_WORD:
            levels.add(_word(found[kind]))
        elif kind == MARK:
            start = levels.mark(found[kind], text, start, end)
        elif kind == DIGITS:
            levels.values.append(String(hexadecimal(found[kind])))
        if levels.values is levels.outermost and levels.done:
            break
    return levels.whole()


class _Levels:
    """Dictionaries and arrays that were begun.

    Attributes:
        values: of the innermost.
        outermost: what stands outside of all; hidden levels do not change `values`.
    """

    __slots__ = ("_hidden", "_levels", "_patience", "outermost", "values")

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self.values: list[Value] = []
        self.outermost = self.values
        self._levels: list[tuple[bytes, list[Value]]] = [(b"", self.values)]
        self._hidden = 0  # levels too deep to be kept

    @property
    def done(self) -> bool:
        """Outside of all, an object was read; a number may still begin a reference."""
        if not self.values:
            return False
        number = isinstance(self.values[0], int)
        return not number or len(self.values) > 2  # noqa: PLR2004 - 7 0 R

    def add(self, value: Value) -> None:
        values = self.values
        if type(value) is Word and value.text == b"R" and len(values) > 1:
            number, generation = values[-2:]
            if isinstance(number, int) and isinstance(generation, int):
                values[-2:] = [Reference(number, generation)]
        else:
            values.append(value)

    def mark(self, mark: bytes, text: bytes, start: int, end: int) -> int:
        """Take a bracket; return the place behind it, or behind the string in it."""
        if mark == b"(":
            raw, start = literal(text, start, end, self._patience)
            self.add(String(raw))
        elif mark in {b"<<", b"["}:
            self.open(mark)
        else:
            self.close()
        return start

    def open(self, mark: bytes) -> None:
        if self._hidden or len(self._levels) > DEPTH:
            self._hidden += 1
        else:
            self.values = []
            self._levels.append((mark, self.values))

    def close(self) -> None:
        if self._hidden:
            self._hidden -= 1
        elif len(self._levels) > 1:
            kind, values = self._levels.pop()
            self.values = self._levels[-1][1]
            self.values.append(_paired(values) if kind == b"<<" else values)

    def whole(self) -> Value:
        """Return the object, closed as often as that is needed."""
        self._hidden = 0
        while len(self._levels) > 1:
            self.close()
        return self.values[0] if self.values else None


def _word(word: bytes) -> Value:
    if word.isdigit() and len(word) <= MOST_DIGITS:
        return int(word)  # as most are
    if NUMBER.fullmatch(word) is not None:
        return int(word)
    if word != b"." and FRACTION.fullmatch(word):
        return float(word)
    return Word(word)


def _paired(values: list[Value]) -> Dictionary:
    pairs = Dictionary()
    place = 0
    while place < len(values) - 1:
        key = values[place]
        if isinstance(key, Name):
            pairs.setdefault(bytes(key), []).append(values[place + 1])
            place += 1
        place += 1
    return pairs
