"""Random bodies with every construct, and bytes that match them or nearly do.

A body is a row of elements, each with its text and a way to write bytes for it that
fit, or bytes that just do not. Literals come from a small alphabet, so that pieces
overlap, repeat, and meet borders.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

LETTERS = b"abcdABCD019"
OTHERS = b" -._/@<>='\"\n\r\0\x01\xff"
BORDERS = ("(B)", "(L)", "(W)")
FAR = 12  # bytes; the most that a gap without a limit gets
LONG_GAP = 200  # {n} from 128 on is a gap, below it is wildcards


@dataclass(frozen=True, slots=True)
class Element:
    """A part of a body.

    Attributes:
        text: as a signature has it.
        fits: makes bytes for it.
        fails: makes bytes that do not fit, but nearly.
    """

    text: str
    fits: Callable[[random.Random], bytes]
    fails: Callable[[random.Random], bytes]


def body(source: random.Random) -> list[Element]:
    """A body that clamscan is likely to load."""
    row = _piece(source)
    for _ in range(source.choice((0, 0, 0, 1, 1, 2))):
        row += [_gap(source), *_piece(source)]
    if source.random() < 0.15:
        row[:1] = [_border(source), *row[:1]]
    if source.random() < 0.15:
        row.append(_border(source))
    if source.random() < 0.1:
        row = [_distant(source, first=True), *row[-1:]]
    elif source.random() < 0.1:
        row = [*row[:1], _distant(source, first=False)]
    return row


def text(row: Sequence[Element]) -> str:
    """A body as a signature has it."""
    return "".join(element.text for element in row)


def hit(row: Sequence[Element], source: random.Random) -> bytes:
    """Bytes that should match."""
    return b"".join(element.fits(source) for element in row)


def near(row: Sequence[Element], source: random.Random) -> bytes:
    """Bytes that are wrong in one place, or in none after all."""
    wrong = source.randrange(len(row))
    way = source.randrange(3)
    parts = []
    for number, element in enumerate(row):
        if number != wrong:
            parts.append(element.fits(source))
        elif way == 0:
            parts.append(element.fails(source))
        elif way == 1:
            parts += [element.fits(source), element.fits(source)]
    return b"".join(parts)


def literal(source: random.Random, least: int = 2, most: int = 5) -> Element:
    """Plain bytes."""
    data = some(source, source.randint(least, most))
    return Element(data.hex(), lambda _: data, lambda source: changed(data, source))


def some(source: random.Random, count: int) -> bytes:
    """Bytes of the alphabet, mostly letters."""
    return bytes(
        source.choice(OTHERS if source.random() < 0.1 else LETTERS)
        for _ in range(count)
    )


def changed(data: bytes, source: random.Random) -> bytes:
    """One byte of them is another one, or the case of its letter is."""
    out = bytearray(data)
    at = source.randrange(len(out))
    out[at] ^= source.choice((0x20, 0x01, 0x80, 0x10))
    return bytes(out)


def _piece(source: random.Random) -> list[Element]:
    row = [literal(source)]
    count = source.choice((0, 0, 1, 1, 2, 3))
    row += [source.choice(_INNER)(source) for _ in range(count)]
    if source.random() < 0.7:
        row.append(literal(source, 1, 3))
    return row


def _any(source: random.Random) -> Element:
    count = source.randint(1, 3)
    words = "??" * count if source.random() < 0.7 else f"{{{count}}}"
    return Element(
        words,
        lambda source: some(source, count),
        lambda source: some(source, count + source.choice((-1, 1))),
    )


def _half(source: random.Random) -> Element:
    value = source.choice(LETTERS)
    high = source.random() < 0.5
    words = f"{value >> 4:x}?" if high else f"?{value & 15:x}"
    keep = 0xF0 if high else 0x0F

    def fits(source: random.Random) -> bytes:
        return bytes([(value & keep) | (source.randrange(256) & ~keep & 0xFF)])

    return Element(words, fits, lambda source: bytes([fits(source)[0] ^ (keep & 0x11)]))


def _choice(source: random.Random) -> Element:
    lengths = source.choice(((1, 1), (2, 2), (1, 3), (2, 1, 3), (1, 1, 1)))
    options = [some(source, length) for length in lengths]
    words = [option.hex() for option in options]
    if source.random() < 0.2:
        words[0] = words[0][:-1] + "?"
    inner = "|".join(words)
    if source.random() < 0.15:
        inner = f"{words[0]}(61|62)|{inner}"
    return Element(
        f"({inner})",
        lambda source: source.choice(options),
        lambda source: changed(source.choice(options), source),
    )


def _none_of(source: random.Random) -> Element:
    length = source.choice((1, 1, 2))
    options = [some(source, length) for _ in range(source.randint(1, 3))]
    return Element(
        "!(" + "|".join(option.hex() for option in options) + ")",
        lambda source: changed(source.choice(options), source),
        lambda source: source.choice(options),
    )


def _border(source: random.Random) -> Element:
    kind = source.choice(BORDERS)
    words = kind if source.random() < 0.7 else "!" + kind
    edges = [bytes([value]) for value in OTHERS] + [b"\r\n", b"a", b"0", b"Z", b""]
    return Element(
        words, lambda source: source.choice(edges), lambda source: source.choice(edges)
    )


def _gap(source: random.Random) -> Element:
    least = source.choice((0, 1, 2, 5))
    most = least + source.choice((1, 2, 6))
    words, low, high = source.choice(
        (
            ("*", 0, FAR),
            (f"{{{least}-{most}}}", least, most),
            (f"{{-{most}}}", 0, most),
            (f"{{{least}-}}", least, least + FAR),
            (f"{{{LONG_GAP}}}", LONG_GAP, LONG_GAP),
        )
    )
    return Element(
        words,
        lambda source: some(source, source.choice((low, high))),
        lambda source: some(source, source.choice((max(low - 1, 0), high + 1))),
    )


def _distant(source: random.Random, *, first: bool) -> Element:
    """One byte at a distance, at either end; with its literal."""
    byte = some(source, 1)
    least = source.randint(0, 3)
    most = least + source.randint(0, 4)
    main = literal(source, 3, 5)
    span = f"[{least}-{most}]"

    def write(source: random.Random, way: int) -> bytes:
        between = some(source, way)
        whole = main.fits(source)
        return byte + between + whole if first else whole + between + byte

    words = byte.hex() + span + main.text if first else main.text + span + byte.hex()
    return Element(
        words,
        lambda source: write(source, source.randint(least, most)),
        lambda source: write(source, source.choice((max(least - 1, 0), most + 1))),
    )


_INNER = (_any, _half, _choice, _none_of, _border, _any, _choice, literal)
