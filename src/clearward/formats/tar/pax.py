"""The records of a pax extended header.

Layout: records of text, one after the other, each of them (POSIX.1-2001 pax, "pax
Extended Header"):

    length, decimal, of the whole record; a space; key; "="; value; a newline

Keys that change what the content of a member is: ``size``, and ``GNU.sparse.*`` (GNU
tar manual, "Storing Sparse Files"). ``path`` changes its name. The rest is not needed
here.
"""

from dataclasses import dataclass, field

POINTS = 400_000  # numbers of a sparse map that are kept: 200,000 regions
DIGITS = 25  # no honest number is longer

SPARSE = b"GNU.sparse."
KNOWN = (b"path=", b"size=", SPARSE)


@dataclass(slots=True)
class Records:
    """What the extended headers in front of a member say about it.

    Attributes:
        path: name of the member, or None.
        size: bytes of its content in the archive, or None.
        sparse: the member is stored without its holes.
        mapped_inside: its sparse map stands at the front of its content (version 1.0).
        sparse_name: name of the file with its holes, or None.
        real_size: bytes of the file with its holes, or None.
        points: the sparse map of versions 0.0 and 0.1: offset and length, in turn.
        damaged: a record was not understood.
    """

    path: bytes | None = None
    size: int | None = None
    sparse: bool = False
    mapped_inside: bool = False
    sparse_name: bytes | None = None
    real_size: int | None = None
    points: list[int] = field(default_factory=list)
    damaged: bool = False

    def copy(self) -> "Records":
        """Return records of the same content, to be changed on their own."""
        return Records(
            self.path,
            self.size,
            self.sparse,
            self.mapped_inside,
            self.sparse_name,
            self.real_size,
            list(self.points),
            self.damaged,
        )

    def read(self, text: bytes) -> None:
        """Take over every record of `text`, later ones over earlier ones.

        Damage ends it and is noted in `damaged`: what stands before is good, and that
        is what GNU tar goes by too.
        """
        at = 0
        while at < len(text) and text[at]:
            space = text.find(b" ", at, at + DIGITS)
            end = at + (decimal(text[at:space]) or 0) if space > at else 0
            equals = text.find(b"=", space, end - 1)
            if not (at < equals < end <= len(text) and text.startswith(b"\n", end - 1)):
                self.damaged = True
                return
            if text.startswith(KNOWN, space + 1):
                self._set(text[space + 1 : equals], text[equals + 1 : end - 1])
            at = end

    def _set(self, key: bytes, value: bytes) -> None:
        if key == b"path":
            self.path = value
        elif key == b"size":
            self.size = self._number(value)
        else:
            self.sparse = True
            self._set_sparse(key[len(SPARSE) :], value)

    def _set_sparse(self, key: bytes, value: bytes) -> None:
        if key == b"name":
            self.sparse_name = value
        elif key == b"major":
            self.mapped_inside = value == b"1"
            self.damaged |= value not in {b"0", b"1"}
        elif key in {b"size", b"realsize"}:
            self.real_size = self._number(value)
        elif key in {b"offset", b"numbytes"}:
            self._add_points([value])
        elif key == b"map":
            self.points.clear()
            if value:
                self._add_points(value.split(b",", POINTS))

    def _add_points(self, values: list[bytes]) -> None:
        if len(self.points) + len(values) > POINTS:
            self.damaged = True
            return
        for value in values:
            number = self._number(value)
            if number is not None:
                self.points.append(number)

    def _number(self, value: bytes) -> int | None:
        number = decimal(value)
        self.damaged |= number is None
        return number


def decimal(digits: bytes) -> int | None:
    """Read a decimal number, or None if it is none."""
    return int(digits) if digits.isdigit() and len(digits) <= DIGITS else None
