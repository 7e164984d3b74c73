"""The compiled matcher says what the reference says, of random images and parts.

Signatures are made at random from few letters, so that most of what they say is true
somewhere; a failure names the seed that makes it again.
"""

import random
from collections.abc import Callable
from typing import TypeVar

import pytest
from support import image
from support.image import ANYTHING, Made, Sig

from clearward.core.facts import Facts
from clearward.native.facts import pack_facts
from clearward.native.image import Image
from clearward.native.layout import Border, Condition, Flag, Section, State, Where
from clearward.native.reference import Matcher as Reference

native = pytest.importorskip(
    "clearward.native._native", reason="the compiled matcher is not built"
)

STEPS = 10**9  # neither runs out
TYPES: dict[tuple[int, int], tuple[bytes, int]] = {
    (Section.TYPES, 0): (b"CL_TYPE_ZIP\nCL_TYPE_MAIL\n", 2)
}
NAMES = ["CL_TYPE_ZIP", "CL_TYPE_MAIL", "CL_TYPE_GZ"]
WORDS = [b"a", b"b", b"\0", b"ab", b"aaaa", b"\n", b"\r\n", b" ", b".", b"-12", b"0x1f"]
Some = TypeVar("Some")


class Maker:
    """Makes signatures and parts."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - not secret

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def upto(self, most: int, least: int = 0) -> int:
        return self.random.randint(least, most)

    def some(self, make: Callable[[], Some], most: int, least: int = 0) -> list[Some]:
        return [make() for _ in range(self.upto(most, least))]

    def text(self, most: int = 4) -> bytes:
        return bytes(self.random.choices(b"ab\0", k=self.upto(most, 1)))

    def under_masks(self, most: int = 3) -> tuple[bytes, bytes]:
        values = self.text(most)
        masks = bytes(self.random.choice([255, 240, 15, 223, 0]) for _ in values)
        pairs = zip(values, masks, strict=True)
        return bytes(value & mask for value, mask in pairs), masks

    def plain(self) -> Made:
        return image.plain(self.text())

    def element(self, depth: int = 0) -> Made:
        kind = self.upto(7)
        if kind < 3:
            return self.plain()
        if kind == 3:
            return image.masked(*self.under_masks())
        if kind == 4:
            return image.skip(self.upto(3, 1))
        return self.plain() if depth > 2 else self.choice(depth)

    def choice(self, depth: int) -> Made:
        rows = [self.some(lambda: self.element(depth + 1), 2) for _ in range(3)]
        rows = rows[: self.upto(3, 1)]
        lengths = {sum(one.most for one in row) for row in rows}
        one_length = len(lengths) == 1 and all(
            one.least == one.most for row in rows for one in row
        )
        if max(lengths) == 0:
            return self.plain()
        return image.choice(*rows, negated=one_length and self.chance(0.7))

    def edge(self) -> Made:
        return image.border(self.random.choice(list(Border)), negated=self.chance(0.3))

    def within(self) -> Made:
        kind = self.random.choice([Border.WORD, Border.LINE, Border.NOT_ALPHANUMERIC])
        return image.border(kind, negated=self.chance(0.4), within=True)

    def near(self) -> Made:
        least = self.upto(4)
        values, masks = self.under_masks(2)
        distance = least, least + self.upto(4)
        return image.near(values, masks, distance, before=self.chance(0.5))

    def piece(self, *, first: bool) -> bytes:
        middle = self.some(self.element, 3, 1)
        if self.chance(0.15):
            middle = [self.plain(), self.within(), self.plain()]
        if sum(one.least for one in middle) == 0:
            middle.append(self.plain())
        if self.chance(0.2):
            middle = [*self.some(self.near, 1), *self.some(self.edge, 1), *middle]
        if self.chance(0.2):
            middle = [*middle, *self.some(self.edge, 1), *self.some(self.near, 1)]
        least = self.random.choice([0, 0, 1, 3, 7])
        most = self.random.choice([least, least + 1, least + 5, least + 40, ANYTHING])
        gap = (0, 0) if first else (least, most)
        return image.piece(*middle, gap=gap, keyed=self.chance(0.6))

    def chain(self) -> list[bytes]:
        length = self.random.choice([1, 1, 2, 2, 3, 4])
        return [self.piece(first=number == 0) for number in range(length)]

    def place(self) -> bytes:
        where = self.random.choice([Where.ANYWHERE] * 6 + list(Where))
        shift = self.random.choice([0, 0, 1, 5, 30])
        section = self.upto(2)
        if where is Where.ANYWHERE:
            return image.place()
        if where is Where.GROUP:
            return image.place(where, group=self.upto(1))
        if where is Where.IN_SECTION:
            return image.place(where, 0, shift, section=section)
        least = 0 if where in {Where.START, Where.END} else -4
        numbered = section if where is Where.SECTION else 0
        return image.place(where, self.upto(20, least), shift, section=numbered)

    def body(self) -> bytes:
        chains = [self.chain() for _ in range(self.random.choice([1, 1, 1, 2, 3]))]
        return image.body(*chains, at=self.place())

    def compare(self, number: int) -> bytes:
        form = self.random.choice(["hb", "hl", "d", "ab", "al", "ib", "il"])
        length = self.random.choice([1, 2, 4, 8] if form[0] == "i" else [1, 2, 3, 5, 9])
        tests = [
            (self.operator(), self.random.choice([self.upto(300, -20), self.far()]))
            for _ in range(self.upto(2, 1))
        ]
        exact = self.chance(0.3)
        at = self.upto(6, -4)
        return image.compare(number, at, form, length, *tests, exact=exact)

    def far(self) -> int:
        return self.upto(2**63 - 1, -(2**63))

    def operator(self) -> str:
        return self.random.choice("<>=")

    def expression(self, subs: int, depth: int = 0) -> bytes:
        kind = self.upto(6)
        if depth > 3 or kind < 2:
            return image.term(self.upto(subs - 1))
        if kind == 2:
            return image.count(self.upto(subs - 1), self.operator(), self.upto(4))
        left = self.expression(subs, depth + 1)
        if kind == 3:
            return image.group(left, self.operator(), self.upto(5), self.upto(2))
        join = image.both if kind == 4 else image.either
        return join(left, self.expression(subs, depth + 1))

    def signature(self) -> Sig:
        subs = self.some(self.body, 3, 1)
        flags = Flag(0)
        while self.chance(0.15) and len(subs) < 6:
            subs.append(image.macro(self.upto(1), least := self.upto(9), least + 9))
        placed = len(subs)
        while self.chance(0.3):
            kind = self.upto(4)
            if kind < 2:
                subs.append(self.compare(self.upto(placed - 1)))
                continue
            flags = Flag.DEFERRED
            trigger = self.expression(len(subs))
            subs.append(image.picture() if kind == 2 else image.regex(trigger))
        demands = self.some(self.demand, 1) if self.chance(0.3) else []
        return Sig(subs, self.expression(len(subs)), demands, flags)

    def demand(self) -> bytes:
        if self.chance(0.3):
            return image.demand(Condition.CONTAINER, self.upto(2))
        if self.chance(0.3):
            types = [self.upto(2) for _ in range(self.upto(3, 1))]
            return image.demand(Condition.INTERMEDIATES, *types)
        kinds = [Condition.FILE_SIZE, Condition.ENTRY_POINT, Condition.SECTIONS]
        most = self.upto(60)
        return image.demand(self.random.choice(kinds), self.upto(3), most)

    def facts(self, size: int) -> Facts:
        inside = tuple(self.some(lambda: self.random.choice(NAMES), 3))
        return Facts(
            size,
            entry=self.upto(30) if self.chance(0.8) else None,
            sections=tuple(self.some(lambda: (self.upto(30), self.upto(30)), 3)),
            versions=tuple(self.some(lambda: self.upto(30), 3)),
            container=inside[-1] if inside else "",
            intermediates=inside,
            placed=self.chance(0.9),
        )

    def part(self, most: int = 60) -> bytes:
        return b"".join(self.random.choices(WORDS, k=self.upto(most)))


def compared(seed: int, parts: int = 4) -> list[tuple[int, State]]:
    """Ask both matchers of some signatures and parts; return what they agree on."""
    maker = Maker(seed)
    made = image.image(*maker.some(maker.signature, 6, 1), more=TYPES)
    loaded = Image(made)
    reference = Reference(loaded, STEPS)
    compiled = native.Matcher(made)
    agreed: list[tuple[int, State]] = []
    for _ in range(parts):
        data = maker.part()
        facts = maker.facts(len(data))
        expected = reference.match(data, 0, facts)
        packed = pack_facts(facts, loaded.types)
        assert compiled.match(data, 0, packed, STEPS) == expected, f"seed {seed}"
        agreed += expected
    return agreed


@pytest.mark.parametrize("hundred", range(5))
def test_signatures_match_where_those_of_the_reference_do(hundred: int) -> None:
    start = hundred * 100
    assert sum(len(compared(seed)) for seed in range(start, start + 100)) > 100
