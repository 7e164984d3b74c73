"""YARA rules through yara-x: compile the sources, match buffers.

Each file is a name space of its own, also those of an archive. Bytes that somebody else
wants to know about are looked for on the way, by one more rule that nobody sees. Many
rules are parted into several sets, of which only those are scanned that may have
something to say about the data, see `partition`; what is found is what one set would
find.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import yara_x

from clearward.core.names import Problem, RuleName
from clearward.rules.condition import CONTEXT, REACH, Decision, decide
from clearward.rules.kinds import OUTSIDE_VARIABLES
from clearward.rules.partition import FEW
from clearward.rules.source import Source
from clearward.rules.unloaded import Unloaded
from clearward.rules.yara_names import name_of
from clearward.rules.yara_source import (
    MARKS,
    PROBES,
    Compiled,
    asks_for_time,
    compile_texts,
    decoded,
    number_of,
    problem,
    texts_of,
)
from clearward.rules.yara_spaces import spaces_of

__all__ = ["NO_STRING", "OUTSIDE_VARIABLES", "Hit", "YaraRules", "compile_yara"]

NO_STRING = 0xFFFF

# Matches of one string that YARA-X keeps; a condition that counts sees no more. The
# first is its own default. In a window, those that begin outside its middle must not
# use up the number; for an explanation, a few are enough.
_KEPT_WHOLE = 1_000_000
_KEPT_WINDOW = 2 * (REACH + CONTEXT)
_KEPT_SHOWN = 1_000


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a rule matched.

    Attributes:
        rule: number of the rule.
        offset: bytes from the start of the part.
        length: bytes matched; 0 if the rule has no string to show.
        string: number of the string in its rule, or `NO_STRING`.
    """

    rule: int
    offset: int = 0
    length: int = 0
    string: int = NO_STRING


class YaraRules:
    """Compiled YARA rules.

    Args:
        compiled: what yara-x made of the sources.
        first: number of the first rule; the others follow.
        sources: sources by name space.
        describe: put what the rules say about themselves into the name table.

    Attributes:
        names: the rules' entries in the name table, in order; private ones are there.
        first: number of the first rule.
        spaces: name spaces, in order.
        partitions: what yara-x made, see `yara_source.Compiled`.
    """

    def __init__(
        self,
        compiled: Compiled,
        first: int,
        sources: dict[str, Source],
        *,
        describe: bool = False,
    ) -> None:
        self.names: list[RuleName] = []
        self.first = first
        self.spaces = tuple(sources)
        self.partitions = compiled.partitions
        self._numbers: dict[tuple[str, str], int] = {}
        self._looks_for_marks = False
        rules: dict[str, dict[str, yara_x.Rule]] = {space: {} for space in sources}
        for rule in chain.from_iterable(compiled.partitions):
            if rule.namespace in rules:
                rules[rule.namespace][rule.identifier] = rule
            elif rule.namespace == MARKS:
                self._looks_for_marks = True
        for space, source in sources.items():
            for name in compiled.names.get(space, rules[space]):
                self._numbers[space, name] = first + len(self.names)
                self.names.append(
                    name_of(rules[space][name], source, describe=describe)
                )
        self._scanners: list[yara_x.Scanner | None] = [
            yara_x.Scanner(made) for made in compiled.partitions
        ]
        # Matches of a string that the scanners keep; 0 as `match` wants it.
        self._kept = -1
        self._sources = sources

    @property
    def keys(self) -> Iterator[tuple[str, str]]:
        """Name space and name of each rule, in order."""
        return iter(self._numbers)

    def look_for_no_marks(self) -> None:
        """Say no more that there are no marks: others were looked for."""
        self._looks_for_marks = False

    def load(self, number: int) -> bool:
        """Load a partition that `Unloaded` names; False if there is no such."""
        del number
        return False

    @cached_property
    def decisions(self) -> dict[int, Decision]:
        """What a window of a large part says about each rule, by number.

        Made when it is first asked for: most scans never meet a large part.
        """
        spaces = {space for space, _ in self._numbers}
        judged = {space: decide(decoded(self._sources[space])) for space in spaces}
        return {
            number: judged[space].get(name, Decision.OPEN)
            for (space, name), number in self._numbers.items()
        }

    @cached_property
    def needs_whole(self) -> bool:
        """Some rule cannot be decided in windows."""
        return not {Decision.POSITIVE, Decision.OPEN}.isdisjoint(
            self.decisions.values()
        )

    def match(self, data: bytes) -> list[int]:
        """Return the numbers of the rules that match."""
        return self.look(data)[0]

    def look(self, data: bytes) -> tuple[list[int], bool]:
        """Return the numbers of the rules that match, and whether marks may be there.

        The numbers are in order. Without any mark among the rules, there may be some.
        """
        if self._kept:  # one match of a string is enough; set only where it changes
            self._keep(0)
        found = self._scan(data)
        if not found:
            return [], not self._looks_for_marks
        keys = {(rule.namespace, rule.identifier) for rule in found}
        numbers = sorted(self._numbers[key] for key in keys if key[0] != MARKS)
        return numbers, len(numbers) < len(keys) or not self._looks_for_marks

    def explain(self, data: bytes) -> Iterator[Hit]:
        """Yield the first matches of every string of each rule that matches."""
        found = self.match(data)
        shown = dict(self._locate(data, found, _KEPT_SHOWN)) if found else {}
        for number in found:
            yield from shown.get(number) or [Hit(number)]

    def match_window(self, data: bytes) -> Iterator[tuple[int, list[Hit]]]:
        """Yield each rule that matches a window of a large part, with its matches.

        Only rules are told whose decision is `ANY` or `POSITIVE`.
        """
        if self._decided_in_windows:
            yield from self._locate(data, self._decided_in_windows, _KEPT_WINDOW)

    @cached_property
    def _decided_in_windows(self) -> frozenset[int]:
        return frozenset(
            number
            for number, decision in self.decisions.items()
            if decision in (Decision.ANY, Decision.POSITIVE)
        )

    def _locate(
        self, data: bytes, wanted: Collection[int], most: int
    ) -> Iterator[tuple[int, list[Hit]]]:
        """Yield each wanted rule that matches, and `most` matches of each string."""
        self._keep(most)
        located: dict[int, list[Hit]] = {}
        for rule in self._scan(data):
            number = self._numbers.get((rule.namespace, rule.identifier))
            if number is not None and number in wanted:
                located[number] = list(_hits(number, rule))
        yield from sorted(located.items())

    def _scan(self, data: bytes) -> Sequence[yara_x.Rule]:
        """Return what matches; a rule that is in two partitions may be there twice."""
        first = self._scanner(0)
        found: Sequence[yara_x.Rule] = first.scan(data).matching_rules
        if not found or len(self._scanners) == 1:
            return found
        waiting = list(found)
        matching: list[yara_x.Rule] = []
        for rule in waiting:  # grows
            if rule.namespace == PROBES:
                further = self._scanner(number_of(rule.identifier))
                waiting.extend(further.scan(data).matching_rules)
            else:
                matching.append(rule)
        return matching

    def _scanner(self, number: int) -> yara_x.Scanner:
        """Return what scans with a partition.

        Raises:
            Unloaded: it is not loaded here.
        """
        scanner = self._scanners[number]
        if scanner is None:
            raise Unloaded(number)
        return scanner

    def _keep(self, most: int) -> None:
        """Make the scanners keep so many matches of a string; 0: what decides."""
        self._kept = most
        for scanner in filter(None, self._scanners):
            scanner.fast_scan(yes=not most)
            scanner.max_matches_per_pattern(most or _KEPT_WHOLE)


def compile_yara(
    sources: list[Source],
    first: int,
    *,
    describe: bool = False,
    marks: Sequence[bytes] = (),
    few: int = FEW,
) -> tuple[YaraRules | None, list[Problem]]:
    """Compile YARA sources.

    A source with an error still gives the rules of it that compile; whether that is
    good enough is for the caller to say, by the problem that is also returned.

    Args:
        sources: each file is a name space, see `yara_spaces`.
        first: number of the first rule.
        describe: put what the rules say about themselves into the name table.
        marks: bytes to look for on the way.
        few: that many rules are scanned at once, see `partition`.

    Returns:
        The rules, or None if there is not one; and what could not be compiled.
    """
    spaces, problems = spaces_of(sources)
    texts, unread = texts_of(spaces)
    problems += unread
    compiled = compile_texts(texts, marks, few=few)
    for space, errors in compiled.errors.items():
        problems.extend(problem(spaces[space], error) for error in errors)
    for space, names in compiled.banned.items():
        problems.extend(asks_for_time(spaces[space], name) for name in names)
    rules = YaraRules(compiled, first, spaces, describe=describe)
    return (rules if rules.names else None), problems


def _hits(number: int, rule: yara_x.Rule) -> Iterator[Hit]:
    for string, pattern in enumerate(rule.patterns):
        for match in pattern.matches:
            yield Hit(number, match.offset, match.length, string)
