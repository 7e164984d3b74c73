"""Decode the blocks of bzip2 as the installer of Nullsoft writes them.

They are those of bzip2 without checksums, and marked with one byte each: no header, a
block behind "1", the end behind 0x17. Bits of a byte count from the highest.

    8 bits, mark; 24, where the first byte is in the sorted block
    16 bits, which of the next there are; 16 bits for each of those: bytes in use
    3 bits, number of codes; 15, number of groups; for each group the code, counted in
    the list of codes by last use, as so many ones and a zero
    for each code: 5 bits, first length; for each symbol 10 for one more, 11 for one
    less, 0 for the next symbol
    words: 50 symbols a group

Symbols 0 and 1 are digits of a run of the byte used last, the others the place of a
byte in the list of bytes by last use, the greatest ends the block. Four equal bytes of
the block have a count of more behind them.

Source: bzip2's format as its manual and J. Tsai's "bzip2 format specification" have it;
NSIS, licence file and manual, for what it leaves out.
"""

import re
from collections.abc import Iterator
from itertools import accumulate

from clearward.core.reader import CHUNK, Reader
from clearward.formats.lz.bits import HighBits
from clearward.formats.lz.codes import Codes

BLOCK, END = 0x31, 0x17
LARGEST = 900_000  # bytes of a block
MOST_CODES, GROUP = 6, 50
LONGEST = 20  # bits of a word
DIGITS = 2  # symbols that are digits, of worth 1 and 2
RUNS = re.compile(rb"(?s)(.)\1\1\1(.)")


def expand(
    content: Reader, format: str, start: int = 0, *, passed: int = 0
) -> Iterator[bytes]:
    """Yield what the blocks hold, up to the end mark.

    Args:
        content: from the first block on.
        format: name for errors.
        start: what is added to offsets in errors, in bytes.
        passed: bits in front that belong to what was before.

    Raises:
        Malformed: a block is damaged.
        Truncated: the blocks end before the end mark.
    """
    bits = HighBits(content, format, start)
    bits.drop(passed)
    while (mark := bits.take(8)) != END:
        if mark != BLOCK:
            raise bits.bad("mark of a block")
        yield from _spread(_unsorted(bits))


def _unsorted(bits: HighBits) -> bytes:
    """Read one block and put its bytes into their order."""
    first = bits.take(24)
    block = _symbols(bits, _used(bits))
    if not block:
        return b""
    if first >= len(block):
        raise bits.bad("first byte")
    places = [0, *accumulate(block.count(value) for value in range(256))]
    following = [0] * len(block)
    for place, value in enumerate(block):
        following[places[value]] = place
        places[value] += 1
    output = bytearray()
    place = first
    for _ in block:
        place = following[place]
        output.append(block[place])
    return bytes(output)


def _used(bits: HighBits) -> list[int]:
    """Read which bytes occur."""
    rows = bits.take(16)
    used = []
    for row in range(16):
        if rows >> (15 - row) & 1:
            columns = bits.take(16)
            used += [row * 16 + at for at in range(16) if columns >> (15 - at) & 1]
    if not used:
        raise bits.bad("bytes in use")
    return used


def _symbols(bits: HighBits, recent: list[int]) -> bytearray:
    """Read the sorted block; `recent` are its bytes by last use."""
    last = len(recent) + 1
    block = bytearray()
    run, digit = 0, 1
    for symbol in _words(bits, last + 1):
        if symbol < DIGITS:
            run += digit << symbol
            digit <<= 1
            if run > LARGEST:
                raise bits.bad("run")
            continue
        if run:
            block += bytes(recent[:1]) * run
            run, digit = 0, 1
        if len(block) > LARGEST:
            raise bits.bad("size of a block")
        if symbol == last:
            return block
        value = recent.pop(symbol - 1)
        recent.insert(0, value)
        block.append(value)
    raise bits.bad("end of a block")


def _words(bits: HighBits, symbols: int) -> Iterator[int]:
    """Yield the symbols of all groups."""
    count = bits.take(3)
    if not 0 < count <= MOST_CODES:
        raise bits.bad("number of codes")
    chosen = _choice(bits, count)
    codes = [_code(bits, symbols) for _ in range(count)]
    for number in chosen:
        code = codes[number]
        for _ in range(GROUP):
            yield code.symbol(bits)


def _choice(bits: HighBits, count: int) -> list[int]:
    """Read which of so many codes each group uses."""
    groups = bits.take(15)
    recent = list(range(count))
    chosen = []
    for _ in range(groups):
        place = 0
        while bits.take(1):
            place += 1
            if place >= count:
                raise bits.bad("code of a group")
        number = recent.pop(place)
        recent.insert(0, number)
        chosen.append(number)
    return chosen


def _code(bits: HighBits, symbols: int) -> Codes:
    lengths = []
    length = bits.take(5)
    for _ in range(symbols):
        while bits.take(1):
            length += -1 if bits.take(1) else 1
            if not 0 < length <= LONGEST:
                raise bits.bad("length of a word")
        lengths.append(length)
    try:
        return Codes(lengths, LONGEST)
    except ValueError as error:
        raise bits.bad("code") from error


def _spread(block: bytes) -> Iterator[bytes]:
    """Yield a block with its runs written out, in bounded pieces."""
    place = 0
    piece = bytearray()
    for match in RUNS.finditer(block):
        value, more = match.groups()
        piece += block[place : match.start() + 4] + value * more[0]
        place = match.end()
        if len(piece) >= CHUNK:
            yield bytes(piece)
            piece.clear()
    piece += block[place:]
    for at in range(0, len(piece), CHUNK):
        yield bytes(piece[at : at + CHUNK])
