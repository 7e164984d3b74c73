"""Write ACE archives: streams by the format's own rules, and headers around them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from struct import pack

from clearward.formats.ace.codes import sorted_as_ace
from clearward.formats.ace.headers import checksum

SYMBOLS, LENGTHS, SOUND_SYMBOLS = 284, 255, 289
MODE, SOUND_MODE = 283, 288
AGAIN = 256
SOLID, VOLUME = 0x8000, 0x800
ENCRYPTED, GOES_ON, BEGUN = 0x4000, 0x2000, 0x1000
# Widths that every symbol fits in: 9 bits, and 8 and 9 where there are 289.
FLAT = [9] * SYMBOLS
FLAT_LENGTHS = [8] * LENGTHS
FLAT_SOUND = [9] * SOUND_SYMBOLS


class Bits:
    """Bits that are written high ones of each word of 32 first."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def put(self, value: int, count: int) -> None:
        if count:
            self.pieces.append(f"{value:0{count}b}")

    def rice(self, value: int, width: int) -> None:
        """A number by its low bits and its rest in ones."""
        self.put(value & (1 << width) - 1, width)
        self.pieces.append("1" * (value >> width) + "0")

    def data(self) -> bytes:
        text = "".join(self.pieces)
        text += "0" * (-len(text) % 32)
        words = range(0, len(text), 32)
        return b"".join(
            int(text[at : at + 32], 2).to_bytes(4, "little") for at in words
        )


class Words:
    """The words of a code of given widths, two symbols at least."""

    def __init__(self, widths: Sequence[int], widest: int) -> None:
        pairs = [(width, symbol) for symbol, width in enumerate(widths)]
        used = [pair for pair in sorted_as_ace(pairs) if pair[0]]
        self.words = {}
        place = 0
        for width, symbol in reversed(used):
            self.words[symbol] = (place >> widest - width, width)
            place += 1 << widest - width

    def put(self, bits: Bits, symbol: int) -> None:
        bits.put(*self.words[symbol])


def put_code(bits: Bits, widths: Sequence[int], widest: int) -> Words:
    """Write the widths of a code; return its words."""
    added = min(width for width in widths if width) - 1
    plain = [width - added if width else 0 for width in widths]
    kinds = max(plain) + 1
    bits.put(len(widths) - 1, 9)
    bits.put(added, 4)
    bits.put(kinds, 4)
    for _ in range(kinds + 1):
        bits.put(4, 3)
    first = Words([4] * (kinds + 1), 7)
    before = [0, *plain]
    steps = [(now - then) % kinds for now, then in zip(plain, before, strict=False)]
    place = 0
    while place < len(steps):
        run = 0
        while run < 19 and place + run < len(steps) and not steps[place + run]:
            run += 1
        if run >= 4:
            first.put(bits, kinds)
            bits.put(run - 4, 4)
            place += run
        else:
            first.put(bits, steps[place])
            place += 1
    return Words(widths, widest)


class Packer:
    """Writes LZ77 of ACE.

    Args:
        symbols: widths of the code of symbols.
        lengths: widths of that of lengths.
        block: symbols of a block.
    """

    def __init__(
        self,
        symbols: Sequence[int] = FLAT,
        lengths: Sequence[int] = FLAT_LENGTHS,
        block: int = 500,
    ) -> None:
        self.bits = Bits()
        self._widths = symbols, lengths
        self._block = block
        self._left = 0

    def symbol(self, symbol: int) -> None:
        if not self._left:
            self._symbols = put_code(self.bits, self._widths[0], 11)
            self._lengths = put_code(self.bits, self._widths[1], 11)
            self._left = self._block
            self.bits.put(self._left, 15)
        self._left -= 1
        self._symbols.put(self.bits, symbol)

    def plain(self, data: bytes) -> "Packer":
        for byte in data:
            self.symbol(byte)
        return self

    def match(self, distance: int, written: int) -> "Packer":
        """A match at a distance, its length as it is written."""
        less = distance - 1
        self.symbol(260 + less.bit_length())
        if less.bit_length() > 1:
            self.bits.put(less - (1 << less.bit_length() - 1), less.bit_length() - 1)
        self._lengths.put(self.bits, written)
        return self

    def again(self, which: int, written: int) -> "Packer":
        """A match at the last distance but `which`."""
        self.symbol(AGAIN + which)
        self._lengths.put(self.bits, written)
        return self

    def mode(self, kind: int, *fields: tuple[int, int]) -> "Packer":
        """A mark, and values with their widths behind it."""
        self.symbol(MODE)
        return self.fields(kind, *fields)

    def fields(self, kind: int, *fields: tuple[int, int]) -> "Packer":
        self.bits.put(kind, 8)
        for value, width in fields:
            self.bits.put(value, width)
        return self

    def data(self) -> bytes:
        return self.bits.data()


@dataclass(frozen=True)
class File:
    """A file of an archive."""

    content: bytes
    packed: bytes | None = None
    method: int = 1
    name: bytes = b"a"
    flags: int = 0
    attributes: int = 0x20
    crc: int | None = None
    size: int | None = None

    def bytes(self) -> bytes:
        stored = self.packed is None
        packed = self.content if self.packed is None else self.packed
        size = len(self.content) if self.size is None else self.size
        crc = checksum(self.content) if self.crc is None else self.crc
        fields = pack("<BHII", 1, self.flags | 1, len(packed), size)
        fields += pack("<II", 0, self.attributes)
        fields += pack("<IBBHHH", crc, 0 if stored else self.method, 3, 12, 0, 1)
        return header(fields[:-2] + pack("<H", len(self.name)) + self.name) + packed


@dataclass(frozen=True)
class Archive:
    """An archive."""

    files: Sequence[File] = field(default_factory=list)
    flags: int = 0
    volume: int = 0

    def bytes(self) -> bytes:
        fields = pack("<BH7s", 0, self.flags, b"**ACE**")
        fields += pack("<BBBBI", 20, 20, 2, self.volume, 0) + bytes(8)
        return header(fields) + b"".join(each.bytes() for each in self.files)


def header(fields: bytes) -> bytes:
    """A header around its fields."""
    return pack("<HH", checksum(fields) & 0xFFFF, len(fields)) + fields
