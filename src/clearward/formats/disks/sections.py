"""Read text of sections in braces, with which LVM describes its volumes.

Layout (lvm.conf(5)): `name { ... }` is a section, `name = value` a field; a value is a
number, a string in quotes or a list of these in brackets; `#` begins a comment.
"""

import re
from dataclasses import dataclass, field

TOKEN = re.compile(
    rb'[\s,]+|#[^\n]*|"((?:[^"\\]|\\.)*)"|([A-Za-z0-9_.+-]+)|([{}=\[\]])', re.DOTALL
)
MOST_DEPTH = 16
MOST_DIGITS = 20
Scalar = bytes | int


@dataclass(slots=True)
class Section:
    """What stands between braces, by name.

    Attributes:
        inside: sections.
        fields: lists of one value if there were no brackets.
    """

    inside: dict[bytes, "Section"] = field(default_factory=dict)
    fields: dict[bytes, list[Scalar]] = field(default_factory=dict)

    def section(self, name: bytes) -> "Section":
        """Return a section in it, an empty one if there is none."""
        return self.inside.get(name) or Section()

    def number(self, name: bytes) -> int:
        """Return a number, 0 if there is none."""
        found = self.fields.get(name, [0])[:1]
        return next((value for value in found if isinstance(value, int)), 0)

    def text(self, name: bytes) -> bytes:
        """Return a string, an empty one if there is none."""
        found = self.fields.get(name, [b""])[:1]
        return next((value for value in found if isinstance(value, bytes)), b"")


class _Reading:
    """A text that is read token by token."""

    def __init__(self) -> None:
        self.root = Section()
        self._open = [self.root]
        self._name = b""
        self._values: list[Scalar] | None = None  # of the field that is being read
        self._is_list = False

    def word(self, value: Scalar) -> None:
        """Take in a word or a string."""
        if self._values is None:
            self._name = value if isinstance(value, bytes) else b"%d" % value
            return
        self._values.append(value)
        if not self._is_list:
            self._values = None

    def mark(self, mark: bytes) -> None:
        """Take in a sign.

        Raises:
            ValueError: it makes no sense here.
        """
        if mark == b"=" and self._values is None:
            self._values = self._open[-1].fields[self._name] = []
        elif mark == b"[" and self._values is not None:
            self._is_list = True
        elif mark == b"]" and self._is_list:
            self._is_list, self._values = False, None
        elif self._values is not None:
            raise ValueError("a field that makes no sense")
        elif mark == b"{" and len(self._open) < MOST_DEPTH:
            inside = self._open[-1].inside
            self._open.append(inside.setdefault(self._name, Section()))
        elif mark == b"}" and len(self._open) > 1:
            self._open.pop()
        else:
            raise ValueError("a sign that makes no sense")

    def end(self) -> Section:
        """Return all of it.

        Raises:
            ValueError: a section or a field is not at its end.
        """
        if self._values is not None or len(self._open) > 1:
            raise ValueError("an end that makes no sense")
        return self.root


def sections(text: bytes) -> Section:
    """Return what a text says.

    Raises:
        ValueError: it makes no sense.
    """
    reading = _Reading()
    place = 0
    while place < len(text):
        token = TOKEN.match(text, place)
        if token is None:
            raise ValueError("a byte that makes no sense")
        place = token.end()
        string, word, mark = token.groups()
        if string is not None:
            reading.word(string)
        elif word is not None:
            is_number = word.isdigit() and len(word) <= MOST_DIGITS
            reading.word(int(word) if is_number else word)
        elif mark is not None:
            reading.mark(mark)
    return reading.end()
