"""Pack bytes as NRV2B, NRV2D or NRV2E, with the first match that comes up."""

END = 0xFFFFFFFF
SAME = 2
FAR = {"b": 0xD00, "d": 0x500, "e": 0x500}
LONGEST = 3000


class Writer:
    """Bits in units, and bytes between them."""

    def __init__(self, unit: int) -> None:
        self.data = bytearray()
        self._unit = unit
        self._place = 0  # of the unit that is being filled
        self._value = 0
        self._left = 0

    def bit(self, value: int) -> None:
        """Append a bit."""
        if not self._left:
            self._place = len(self.data)
            self.data += bytes(self._unit)
            self._value, self._left = 0, 8 * self._unit
        self._left -= 1
        self._value |= value << self._left
        unit = self._value.to_bytes(self._unit, "little")
        self.data[self._place : self._place + self._unit] = unit

    def bits(self, *values: int) -> None:
        """Append bits."""
        for value in values:
            self.bit(value)

    def number(self, value: int) -> None:
        """Append a number from 2 on: digits, with a bit behind each: is it the last?"""
        digits = bin(value)[3:]
        for place, digit in enumerate(digits, 1):
            self.bits(int(digit), int(place == len(digits)))

    def skipping(self, code: int) -> None:
        """Append the upper part of a distance as 2D and 2E have it."""
        steps: list[tuple[int, ...]] = [(code & 1, 1)]
        code >>= 1
        while code != 1:
            below = (code >> 1) + 1
            steps.append((below & 1, 0, code & 1))
            code = below >> 1
        for step in reversed(steps):
            self.bits(*step)


def packed(data: bytes, letter: str, unit: int) -> bytes:
    """A whole stream."""
    writer = Writer(unit)
    seen: dict[bytes, int] = {}
    place, last = 0, 1
    while place < len(data):
        at = seen.get(data[place : place + 3])
        seen[data[place : place + 3]] = place
        length = _common(data, at, place) if at is not None else 0
        if at is None or length < 4:
            writer.bit(1)
            writer.data.append(data[place])
            place += 1
            continue
        last = match(writer, letter, (place - at, length), last)
        place += length
    writer.bit(0)
    code = (END >> 8) + 3
    if letter == "b":
        writer.number(code)
    else:
        writer.skipping(code)
    writer.data.append(0xFF)
    return bytes(writer.data)


def match(writer: Writer, letter: str, what: tuple[int, int], last: int) -> int:
    """Append a match, of which the distance and the length are given."""
    distance, length = what
    length -= 2 if distance > FAR[letter] else 1
    first = int(length <= 2) if letter == "e" else int(length in {2, 3})
    writer.bit(0)
    if letter == "b":
        if distance == last:
            writer.number(SAME)
        else:
            writer.number((distance - 1 >> 8) + 3)
            writer.data.append(distance - 1 & 0xFF)
        writer.bit(first)
    elif distance == last:
        writer.skipping(SAME)
        writer.bit(first)
    else:
        code = (distance - 1) << 1 | 1 - first
        writer.skipping((code >> 8) + 3)
        writer.data.append(code & 0xFF)
    if letter == "e":
        _length_e(writer, length)
    elif length > 3:
        writer.bit(0)
        writer.number(length - 2)
    else:
        writer.bit(length & 1)
    return distance


def _length_e(writer: Writer, length: int) -> None:
    if length <= 2:
        writer.bit(length - 1)
    elif length <= 4:
        writer.bits(1, length - 3)
    else:
        writer.bit(0)
        writer.number(length - 3)


def _common(data: bytes, at: int, place: int) -> int:
    length = 0
    most = min(len(data) - place, LONGEST)
    while length < most and data[at + length] == data[place + length]:
        length += 1
    return length
