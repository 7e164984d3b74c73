"""Read the fields of a 7z header one after the other.

Numbers take 1 to 9 bytes: as many bytes follow the first as it has leading one bits, in
little-endian order, and the bits of the first behind its zero bit are the highest ones.
Source: 7zFormat.txt in the LZMA SDK, "UINT64".
"""

from clearward.core.errors import Malformed

NAME = "7z"


class Fields:
    """A position in the bytes of a header.

    Args:
        data: the bytes.
        origin: where to say that errors are: the header's offset in the archive.

    Attributes:
        origin: the same.
    """

    def __init__(self, data: bytes, origin: int) -> None:
        self._data = data
        self.origin = origin
        self._place = 0

    @property
    def left(self) -> int:
        """Bytes that were not read yet."""
        return len(self._data) - self._place

    def wrong(self, field: str) -> Malformed:
        """An error that says that `field` cannot be so."""
        return Malformed(NAME, self.origin, field)

    def take(self, size: int) -> bytes:
        """The next `size` bytes.

        Raises:
            Malformed: there are not so many.
        """
        if size > self.left:
            raise self.wrong("header, which ends early")
        self._place += size
        return self._data[self._place - size : self._place]

    def byte(self) -> int:
        """The next byte."""
        return self.take(1)[0]

    def number(self) -> int:
        """The next number, below 2^64."""
        first = self.byte()
        more = 8 - (first ^ 0xFF).bit_length()
        low = int.from_bytes(self.take(more), "little")
        high = first & (0x7F >> more)
        return low | high << (8 * more)

    def count(self, what: str, least: int = 1) -> int:
        """A number of things that each take at least `least` bytes from here on."""
        number = self.number()
        if number * least > self.left:
            raise self.wrong(f"number of {what}")
        return number

    def bits(self, count: int) -> list[bool]:
        """The next `count` bits, from the highest in each byte on."""
        data = self.take((count + 7) // 8)
        return [bool(data[n >> 3] & 0x80 >> (n & 7)) for n in range(count)]

    def digests(self, count: int) -> list[int | None]:
        """`count` CRC-32, None where one is not stored. `count` must be known sane."""
        defined = [True] * count if self.byte() else self.bits(count)
        return [
            int.from_bytes(self.take(4), "little") if there else None
            for there in defined
        ]

    def skip_attribute(self) -> None:
        """Pass over a size and so many bytes."""
        self.take(self.number())
