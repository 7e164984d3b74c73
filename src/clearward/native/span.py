"""Bytes of the image, read front to back and never beyond their end."""

from collections.abc import Iterator
from struct import Struct
from typing import Any

from clearward.native.errors import BadImage

BYTE = Struct("<B")
SHORT = Struct("<H")
LONG = Struct("<I")
QUAD = Struct("<Q")
SHORT_PADDED = Struct("<HH")


class Span:
    """Some bytes of an image and how far they have been read.

    Args:
        data: the bytes.
        what: what they are, for messages.

    Attributes:
        at: the next byte to read, counted from the start of `data`.
    """

    __slots__ = ("_end", "at", "data", "what")

    def __init__(self, data: memoryview, what: str) -> None:
        self.data = data
        self.what = what
        self.at = 0
        self._end = len(data)

    @property
    def left(self) -> int:
        """Bytes that have not been read."""
        return self._end - self.at

    def take(self, length: int) -> memoryview:
        """Return the next `length` bytes, all of them.

        Raises:
            BadImage: there are not so many.
        """
        start = self.at
        if length > self._end - start:
            raise BadImage(f"{self.what} ends too early")
        self.at = start + length
        return self.data[start : self.at]

    def fields(self, shape: Struct) -> tuple[Any, ...]:
        """Return the next fields.

        Raises:
            BadImage: the bytes end before they do.
        """
        start = self.at
        if shape.size > self._end - start:
            raise BadImage(f"{self.what} ends too early")
        self.at = start + shape.size
        return shape.unpack_from(self.data, start)

    def number(self, shape: Struct) -> int:
        """Return the one next number, likewise."""
        value: int = self.fields(shape)[0]
        return value

    def numbers(self, count: int) -> "Numbers":
        """Return as many numbers of 4 bytes, without reading them, likewise."""
        return Numbers(self.take(count * LONG.size))

    def part(self, length: int, what: str) -> "Span":
        """Return the next bytes as a span of their own, likewise."""
        return Span(self.take(length), what)

    def done(self) -> None:
        """Raise BadImage unless everything has been read."""
        if self.left:
            raise BadImage(f"{self.what} is too long")

    def check(self, holds: object, field: str) -> None:
        """Raise BadImage that names the field, unless it holds."""
        if not holds:
            raise BadImage(f"{self.what} has a bad {field}")


class Numbers:
    """Numbers of 4 bytes, little-endian, that stay where they are."""

    __slots__ = ("_data",)

    def __init__(self, data: memoryview) -> None:
        self._data = data

    def __len__(self) -> int:
        return len(self._data) // LONG.size

    def __getitem__(self, index: int) -> int:
        value: int = LONG.unpack_from(self._data, index * LONG.size)[0]
        return value

    def __iter__(self) -> Iterator[int]:
        return (value for (value,) in LONG.iter_unpack(self._data))


def zero(data: memoryview) -> bool:
    """Say whether all bytes are zero."""
    return not any(data)
