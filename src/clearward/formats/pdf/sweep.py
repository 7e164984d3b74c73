"""Find what a PDF holds by looking at all of its bytes, whatever its tables say.

    7 0 obj << /Length 42 >> stream      each place where "obj" stands begins an object,
    ... endstream endobj                 each "stream" ends its dictionary

The bytes are gone through once as a viewer reads them, remarks and strings left out and
streams passed over. Words that were passed over so are looked at as well, since a table
of places may point into a stream or a remark. Every version of an object is there.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from clearward.formats.pdf.objects import Dictionary, Reference, Value, name, read
from clearward.formats.pdf.text import Patience, hexadecimal, literal

# Hexadecimal strings of less than four bytes say nothing and may be many. Each way
# begins with a letter that is looked for, and only then at what stands before it: five
# times as quick.
STEP = re.compile(
    rb"%[^\r\n]*+|\(|<(?:<|[^<>]{8,}+>?)|s(?<=[\s\0>\])]s)tream\b|o(?<!\wo)bj\b"
)
BLANK = re.compile(rb"[ \t\f\0]*(?:\r\n|\n|\r)?")
BLANKS = b"\0\t\n\f\r "
NUMBERS = re.compile(rb"([0-9]{1,10})[\s\0]+([0-9]{1,5})[\s\0]*\Z")
KEY = re.compile(rb"/([^\s\0()<>\[\]{}/%]+)[\s\0]*(?:\[[\s\0]*)?\Z")
LETTER = re.compile(rb"[0-9A-Za-z_]")
END = b"end"
MOST_MARKS = 1_000_000
VERSIONS = 8  # of an object that another refers to
BACK = 64  # bytes in front of a string in which its key is looked for


@dataclass(frozen=True, slots=True)
class Place:
    """A stream.

    Attributes:
        number, generation: of its object; 0 if it has none.
        entries: its dictionary; empty if there is none.
        start, end: of its bytes.
        certain: it has a dictionary in front of it.
    """

    number: int
    generation: int
    entries: Dictionary
    start: int
    end: int
    certain: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A string outside of streams.

    Attributes:
        number, generation: of its object; 0 if it has none.
        key: the key in front of it; ``obj`` if it is an object of its own; or empty.
        raw: what it says, without escapes, perhaps encrypted.
        plain: its bytes stand in the file as they are.
    """

    number: int
    generation: int
    key: bytes
    raw: bytes
    plain: bool


class Sweep:
    """All marks of a PDF.

    Args:
        data: the file, or what an object stream holds.

    Attributes:
        data: the same.
        patience: what is left of it for strings without an end.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.patience = Patience(len(data))
        self._full = False
        self._objects = self._all(b"obj")
        self._ends = self._all(b"endstream")
        self._words = self._all(b"stream", without=END)
        self._versions: dict[int, list[int]] | None = None
        self._known: dict[int, list[Value]] = {}
        self._passed: set[int] = set()

    @property
    def full(self) -> bool:
        """Not all was found: too many marks, or too many strings without an end."""
        return self._full or self.patience.left <= 0

    def _all(self, word: bytes, *, without: bytes = b"") -> "array[int]":
        """Return where a word stands, but not where other letters stand before it."""
        data, places = self.data, array("Q")
        place = data.find(word)
        while place >= 0 and len(places) <= MOST_MARKS:
            if not without or data[max(place - len(without), 0) : place] != without:
                places.append(place)
            place = data.find(word, place + len(word))
        self._full |= len(places) > MOST_MARKS
        return places

    def numbers(self, place: int) -> tuple[int, int]:
        """Return number and generation in front of the word obj, or zeros."""
        found = NUMBERS.search(self.data[max(place - 24, 0) : place])
        return (int(found[1]), int(found[2])) if found else (0, 0)

    def versions(self, reference: Reference) -> list[Value]:
        """Return the last objects that have this number, in their order."""
        if self._versions is None:
            self._versions = {}
            for mark, place in enumerate(self._objects):
                number, _ = self.numbers(place)
                self._versions.setdefault(number, []).append(mark)
        if reference.number not in self._known:
            marks = self._versions.get(reference.number, ())[-VERSIONS:]
            self._known[reference.number] = [self._object(mark) for mark in marks]
        return self._known[reference.number]

    def _object(self, mark: int) -> Value:
        """Read an object, up to where the next begins, so that none is read twice."""
        last = mark + 1 == len(self._objects)
        behind = len(self.data) if last else self._objects[mark + 1]
        return read(self.data, self._objects[mark] + 3, behind, self.patience)

    def each(self, value: Value) -> list[Value]:
        """Return every version of what is referred to; any other value alone."""
        return self.versions(value) if isinstance(value, Reference) else [value]

    def resolved(self, value: Value) -> Value:
        """Return what a reference stands for, its last version; else the value."""
        for _ in range(8):  # a reference to a reference, or to itself
            if not isinstance(value, Reference):
                return value
            versions = self.versions(value)
            value = versions[-1] if versions else None
        return None

    def places(self) -> Iterator[Place | Text]:
        """Yield streams and strings as a viewer meets them, then what is left."""
        yield from self._in_order()
        last = -1
        entries: Value = None
        for place in self._words:
            if place in self._passed or self._is_part_of_a_word(place):
                continue
            mark = bisect_left(self._objects, place) - 1
            start = self._objects[mark] if mark >= 0 else 0
            if start != last:
                last = start
                entries = read(self.data, start + 3 * (mark >= 0), place, self.patience)
            front = self.data[max(place - 16, 0) : place].rstrip(BLANKS)
            known = entries if front.endswith(b">>") else None  # else a word in a text
            yield self._stream(self.numbers(start), place, known)

    def _is_part_of_a_word(self, place: int) -> bool:
        around = self.data[place + 6 : place + 7], self.data[max(place - 1, 0) : place]
        return any(LETTER.match(each) is not None for each in around)

    def _in_order(self) -> Iterator[Place | Text]:
        data, size = self.data, len(self.data)
        place = mark = 0
        numbers = (0, 0)
        while found := STEP.search(data, place):
            word, place = found[0], found.end()
            if word == b"obj":
                mark = place
                numbers = self.numbers(found.start())
            elif word == b"stream":
                entries = read(data, mark, found.start(), self.patience)
                mark = place  # nothing is read twice
                if isinstance(entries, Dictionary):
                    self._passed.add(found.start())
                    stream = self._stream(numbers, found.start(), entries)
                    yield stream
                    place = mark = max(place, stream.end)
            elif word == b"(":
                raw, place = literal(data, place, size, self.patience)
                plain = data.startswith(raw, found.end())
                yield Text(*numbers, self._key(found.start()), raw, plain)
            elif word[:1] == b"<" and word != b"<<":
                raw = hexadecimal(word)
                yield Text(*numbers, self._key(found.start()), raw, plain=False)

    def _key(self, place: int) -> bytes:
        front = self.data[max(place - BACK, 0) : place]
        slash = front.rfind(b"/")
        found = KEY.match(front, slash) if slash >= 0 else None
        if found is not None:
            return bytes(name(found[1]))
        return b"obj" if front.rstrip().endswith(b"obj") else b""

    def _stream(self, numbers: tuple[int, int], word: int, entries: Value) -> Place:
        blank = BLANK.match(self.data, word + 6)
        start = blank.end() if blank else word + 6
        certain = isinstance(entries, Dictionary)
        known = entries if isinstance(entries, Dictionary) else Dictionary()
        end = self._end(start, known)
        return Place(*numbers, known, start, end, certain)

    def _end(self, start: int, entries: Dictionary) -> int:
        """Say where a stream ends: where it says, if an end stands there."""
        length = self.resolved(entries.get_last(b"Length"))
        if isinstance(length, int) and 0 <= length <= len(self.data) - start:
            behind = self.data[start + length : start + length + 32].lstrip(
                b"\0\t\n\f\r "
            )
            if behind.startswith((b"endstream", b"endobj")):
                return start + length
        after = bisect_right(self._ends, start - 1)
        return self._ends[after] if after < len(self._ends) else len(self.data)
