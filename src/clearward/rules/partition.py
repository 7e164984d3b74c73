"""Part YARA rules into sets, so that data are held only against those that may match.

    partition   its rules                              is scanned
    the first   all that fit nowhere else, marks, and  always
                one probe for each other partition
    programs    rules that demand `MZ` at the front,   if the data begin so
                parted once more
    groups      rules that demand one of some rare     if one of the strings of its
                strings, so many of them together      rules is found
    costly      rules that need a module that looks    the same
                at every file, and demand any string

A probe is a rule of its own: the first partition says itself which others to scan. What
a rule demands always holds where it matches, see `demands`, so whatever one scan with
all rules finds is found. A rule may be in two partitions; then either finds it.

A rule takes those with it that it refers to. Parted are sources that are understood
completely; the others are in the first partition as they are: those with a global rule,
with two rules of one name, or with anything that does not compile.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from clearward.core.errors import Malformed
from clearward.rules.demands import Demand, demand
from clearward.rules.kinds import MAGIC, tells_kinds_apart
from clearward.rules.lexer import Rule, String, read

FEW = 500  # rules; so many are quicker in one scan than in two

_PER_GROUP = 700  # rules
# Below, a string is in too many files. Modules that take the data apart, whatever a
# rule makes of it, are kept out of the first partition at any price.
_RARE = 8
_LIGHT = frozenset(('"math"', '"hash"', '"string"', '"time"', '"console"'))
_PROGRAM = f"uint16(0) == {int.from_bytes(MAGIC, 'little'):#06x}"
_MOST_FAMILIES = 64  # names with a star in one source; each is held to every rule
_MOST_REFERENCES = 100_000  # in one source, with those of what is referred to


@dataclass(slots=True)
class Partition:
    """Rules that are compiled and scanned together.

    Attributes:
        rules: those of sources that were parted, in order, by name space.
        whole: the texts of the others, by name space.
        strings: one of these matches if a rule here does; None if that is not so.
        condition: this holds if a rule here matches; empty if strings tell.
        further: partitions to scan, too, if their probe matches beside these rules.
    """

    rules: dict[str, list[Rule]] = field(default_factory=dict)
    whole: dict[str, str] = field(default_factory=dict)
    strings: frozenset[String] = frozenset()
    condition: str = ""
    further: tuple["Partition", ...] = ()

    def all(self) -> list["Partition"]:
        """Return this partition and what it leads to, in a fixed order."""
        return [self, *(one for other in self.further for one in other.all())]

    def text(self, space: str) -> str:
        """Return the text of one name space."""
        if space in self.whole:
            return self.whole[space]
        return "\n".join(_with_imports(rule) for rule in self.rules[space])

    def probe(self, name: str) -> str:
        """Return a rule that matches all data that this partition is for."""
        if self.condition:
            return f"rule {name} {{ condition: {self.condition} }}"
        if not self.strings:
            return f"rule {name} {{ condition: false }}"
        texts = {f"$ = {one.text} {one.modifiers}\n": None for one in self.strings}
        strings = "".join(sorted(texts))
        return f"rule {name} {{ strings: {strings} condition: any of them }}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Where all rules are.

    Attributes:
        first: scanned always.
        names: of the rules of the sources that were parted, in order.
    """

    first: Partition
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)


class _Place(Enum):
    FIRST = "first"
    GROUP = "group"
    COSTLY = "costly"
    PROGRAMS = "programs"
    PROGRAM_GROUP = "group of programs"


class _Placed(NamedTuple):
    """A rule that was judged.

    Attributes:
        place: where it belongs.
        space: name space of its source.
        number: in its source.
        strings: one of them matches if the rule does.
    """

    place: _Place
    space: str
    number: int
    strings: frozenset[String] = frozenset()


def plan(
    texts: Mapping[str, str], whole: Collection[str] = (), *, few: int = FEW
) -> Plan:
    """Part the rules of sources.

    Args:
        texts: of the sources, by name space.
        whole: name spaces of sources that must not be parted.
        few: that many rules are not worth it.
    """
    if sum(text.count("rule") for text in texts.values()) <= few:
        return Plan(Partition(whole=dict(texts)))
    sources = {
        space: source
        for space, text in texts.items()
        if space not in whole and (source := _Source.understood(text))
    }
    placed = [one for space in sources for one in sources[space].placed(space)]
    chosen = {place: [one for one in placed if one.place is place] for place in _Place}
    programs = _gathered(chosen[_Place.PROGRAMS], sources)
    programs.condition = _PROGRAM
    programs.further = _groups(chosen[_Place.PROGRAM_GROUP], sources)
    first = _gathered(chosen[_Place.FIRST], sources)
    first.whole = {space: texts[space] for space in texts if space not in sources}
    first.further = _groups(chosen[_Place.GROUP], sources)
    if chosen[_Place.COSTLY]:
        first.further += (_gathered(chosen[_Place.COSTLY], sources),)
    if programs.rules or programs.further:
        first.further += (programs,)
    names = {space: source.names for space, source in sources.items()}
    return Plan(first, names)


def _groups(
    placed: list[_Placed], sources: Mapping[str, "_Source"]
) -> tuple[Partition, ...]:
    """Return groups of about the same size.

    The rules of a source stay together: what takes time is to compile a source.
    """
    number = -(-len(placed) // _PER_GROUP)
    borders = [len(placed) * group // number for group in range(number)]
    return tuple(
        _gathered(placed[start:end], sources)
        for start, end in pairwise((*borders, len(placed)))
    )


def _gathered(placed: Iterable[_Placed], sources: Mapping[str, "_Source"]) -> Partition:
    """Return a partition of these rules and of those that they refer to."""
    wanted: dict[str, set[int]] = {}
    strings: set[String] = set()
    for one in placed:
        needs = sources[one.space].needs[one.number]
        wanted.setdefault(one.space, set()).update(needs)
        strings |= one.strings
    rules = {
        space: [sources[space].rules[number] for number in sorted(wanted[space])]
        for space in sources
        if space in wanted
    }
    return Partition(rules, strings=frozenset(strings))


class _Source(NamedTuple):
    """A source that is understood.

    Attributes:
        rules: in order.
        needs: for each rule, its own number and those of what it refers to.
    """

    rules: tuple[Rule, ...]
    needs: tuple[frozenset[int], ...]

    @classmethod
    def understood(cls, text: str) -> "_Source | None":
        """Return a source taken apart, or None if it must stay whole."""
        try:
            rules = tuple(read(text))
        except Malformed:
            return None
        names = {rule.name for rule in rules}
        if len(names) < len(rules) or any(rule.is_global for rule in rules):
            return None
        needs = _needs(rules)
        return None if needs is None else cls(rules, needs)

    @property
    def names(self) -> tuple[str, ...]:
        """Those of its rules, in order."""
        return tuple(rule.name for rule in self.rules)

    def placed(self, space: str) -> Iterator[_Placed]:
        """Yield where each rule belongs; it may be two places."""
        before: dict[str, Demand] = {}
        before_program: dict[str, Demand] = {}
        for number, rule in enumerate(self.rules):
            plain = program = demand(rule, before, program=False)
            if self.needs[number] != {number} or tells_kinds_apart(rule.tokens):
                program = demand(rule, before_program, program=True)
            before[rule.name], before_program[rule.name] = plain, program
            if plain.is_never:
                yield _of_programs(program, space, number)
                continue
            place = _place(rule, plain)
            strings = plain.strings or frozenset()
            if place is _Place.FIRST:
                strings = frozenset()
            elif program.strings is not None and _place(rule, program) is place:
                strings |= program.strings
            elif not program.is_never:
                yield _of_programs(program, space, number)
            yield _Placed(place, space, number, strings)


def _of_programs(demand: Demand, space: str, number: int) -> _Placed:
    """Return where a rule is that demands this of programs, for those."""
    if demand.strings is None or (demand.rarity < _RARE and not demand.is_never):
        return _Placed(_Place.PROGRAMS, space, number)
    return _Placed(_Place.PROGRAM_GROUP, space, number, demand.strings)


def _place(rule: Rule, demand: Demand) -> _Place:
    """Return where a rule is that demands this of data that are no program."""
    if demand.strings is None:
        return _Place.FIRST
    if demand.rarity >= _RARE:
        return _Place.GROUP
    return _Place.FIRST if _LIGHT.issuperset(_modules(rule)) else _Place.COSTLY


def _needs(rules: tuple[Rule, ...]) -> tuple[frozenset[int], ...] | None:
    """Return what each rule needs; None if it is too much."""
    known: dict[str, int] = {}
    families: set[str] = set()
    needs: list[frozenset[int]] = []
    total = 0
    for number, rule in enumerate(rules):
        direct = {known[word] for word in rule.tokens if word in known}
        for word, star in pairwise(rule.tokens):
            if star == "*" and word.isidentifier():
                families.add(word)
                direct.update(
                    place for name, place in known.items() if name.startswith(word)
                )
        needs.append(frozenset((number,)).union(*(needs[one] for one in direct)))
        known[rule.name] = number
        total += len(needs[-1])
        if total > _MOST_REFERENCES + len(rules) or len(families) > _MOST_FAMILIES:
            return None
    return tuple(needs)


def _modules(rule: Rule) -> list[str]:
    """Return the modules that a rule uses, in double quotes."""
    return [name for name in rule.imports if name[1:-1] in rule.tokens]


def _with_imports(rule: Rule) -> str:
    return "".join(f"import {name}\n" for name in _modules(rule)) + rule.text
