"""Numbers of variable length in RAR 5: seven bits a byte, the lowest first."""

from dataclasses import dataclass


@dataclass(slots=True)
class Fields:
    """Numbers and bytes, read one behind the other; missing ones are 0."""

    data: bytes
    place: int = 0

    def number(self) -> int:
        """Return the next number of variable length."""
        number = shift = 0
        while self.place < len(self.data) and shift < 70:  # noqa: PLR2004 - ten bytes
            byte = self.data[self.place]
            self.place += 1
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:  # noqa: PLR2004 - the last byte of a number
                break
        return number

    def take(self, size: int) -> bytes:
        """Return the next bytes, fewer at the end."""
        data = self.data[self.place : self.place + size]
        self.place += size
        return data


def number(value: int) -> bytes:
    """Write a number of variable length."""
    data = bytearray()
    while value >= 0x80:  # noqa: PLR2004 - more than seven bits
        data.append(value & 0x7F | 0x80)
        value >>= 7
    data.append(value)
    return bytes(data)
