"""Random logical signatures, and what a file for them is made of."""

import random
from dataclasses import dataclass

import bodies

MODIFIERS = ("", "", "", "", "::i", "::w", "::a", "::f", "::iw", "::wa", "::fi", "::x")
DESCRIPTIONS = (
    *("Engine:81-255,Target:0",) * 6,
    *("Target:0", "Engine:1-80,Target:0", "Engine:81-255,Target:1"),
    *("Engine:81-255,Target:0,FileSize:20-90", "Engine:81-255,Target:7"),
    *("Engine:81-255,Target:1,NumberOfSections:2-3", "Engine:300-400,Target:0"),
    *("Engine:81-255,Target:1,EntryPoint:1040-1040", "Engine:81-255,Target:6"),
    "Engine:81-255,Target:0,Container:CL_TYPE_ZIP",
)
REGEXES = (
    *("[a-c]{2}[0-9]", "^\\x7f.*a", "b+.c", "(?:ab|cd){2}", "D[^a]b", "a$", "9.{1,4}0"),
    *("\\d\\D\\d", "(a|b)\\1", "[[:upper:]]{2}"),
)
FLAGS = ("", "", "", "i", "s", "g", "r", "gi", "m", "E")


@dataclass(frozen=True, slots=True)
class Made:
    """A signature, and the bodies in it.

    Attributes:
        line: as the database has it.
        rows: its bodies; other kinds of sub-signatures have none.
        wide: some of them are asked for with zero bytes between.
    """

    line: str
    rows: tuple[list[bodies.Element], ...]
    wide: bool

    def file(self, source: random.Random) -> bytes:
        """Bodies in any order and number, some of them spoilt."""
        parts = []
        for _ in range(source.randint(1, 2 * len(self.rows))):
            row = source.choice(self.rows)
            make = source.choice((bodies.hit, bodies.hit, bodies.hit, bodies.near))
            data = make(row, source)
            if source.random() < 0.15:
                data = data.swapcase()
            if self.wide and source.random() < 0.6:
                data = b"".join(bytes([value, 0]) for value in data)
            digits = b"%d" % source.choice((7, 12, 12, 13, 300))
            parts += [data, source.choice((b"", b"\x80\x90", b" ", digits))]
        return b"".join(parts)


def signature(name: str, source: random.Random) -> Made:
    """A random signature of two to five sub-signatures."""
    rows: list[list[bodies.Element]] = []
    subs: list[str] = []
    wide = False
    for _ in range(source.randint(1, 4)):
        short = [bodies.literal(source, 3, 4)]
        row = bodies.body(source) if source.random() < 0.4 else short
        modifier = source.choice(MODIFIERS)
        wide = wide or "w" in modifier
        place = source.choice(("", "", "", "", "0,40:", "EOF-30,30:", "3:"))
        rows.append(row)
        subs.append(place + bodies.text(row) + modifier)
    if source.random() < 0.35:
        subs.append(_regex(source, len(subs)))
    if source.random() < 0.25:
        subs.append(_compare(source, len(rows), rows))
    line = f"{name};{source.choice(DESCRIPTIONS)};{expression(len(subs), source)};"
    return Made(line + ";".join(subs), tuple(rows), wide)


def expression(count: int, source: random.Random) -> str:
    """An expression over all sub-signatures, each at least once."""
    terms = [_term(number, source) for number in range(count)]
    source.shuffle(terms)
    while len(terms) > 1:
        joined = terms.pop() + source.choice("&&|") + terms.pop()
        if source.random() < 0.6:
            joined = f"({joined}){_comparison(source, groups=True)}"
        terms.append(joined)
    return terms[0]


def _term(number: int, source: random.Random) -> str:
    return f"{number}{_comparison(source, groups=False)}"


def _comparison(source: random.Random, *, groups: bool) -> str:
    if source.random() < 0.65:
        return ""
    form = source.choice(("=0", "=1", "=2", ">0", ">1", "<1", "<2", "<3", "==1"))
    different = f",{source.randint(1, 3)}" if source.random() < 0.4 else ""
    return form + (different if groups or source.random() < 0.1 else "")


def _regex(source: random.Random, count: int) -> str:
    trigger = expression(source.randint(1, count), source)
    place = source.choice(("", "", "", "2:", "1,9:", "EOF-9:"))
    flags = source.choice(FLAGS)
    if place and source.random() < 0.3 and "e" not in flags:
        flags += "e"
    return f"{place}{trigger}/{source.choice(REGEXES)}/{flags}"


def _compare(
    source: random.Random, count: int, rows: list[list[bodies.Element]]
) -> str:
    number = source.randrange(count)
    length = len(bodies.hit(rows[number], source))
    offset = source.choice((f">>{length}", f">>{length}", ">>0", "<<2", "0"))
    form = source.choice(("d2", "d2", "de2", "d3", "hb2", "hl2", "ab2", "il2", "ib1"))
    wanted = source.choice(("=12", ">10", "<13", "=0x12", ">10,<13", "=300"))
    return f"{number}({offset}#{form}#{wanted})"
