"""YARA rules through yara-x: compile the sources, match buffers.

Each file is a name space of its own. Bytes that somebody else wants to know about are
looked for on the way, by one more rule that nobody sees. Includes are refused: a rule
file that pulls in another by path is a file that nobody named. The variables that
public rule sets expect from outside exist and are empty, since the name of a file
decides nothing here.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yara_x

from clearward.core.names import Problem, RuleName
from clearward.rules.condition import CONTEXT, REACH, Decision, decide
from clearward.rules.source import Source

OUTSIDE_VARIABLES = ("filename", "filepath", "extension", "filetype", "owner")
NO_STRING = 0xFFFF

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MARKS = "marks"  # a name space that no source has: theirs are numbers
_OUTSIDE_NAMES = re.compile(r"[^!-~]")
_LONGEST_NAME = 128

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
        rules: what yara-x compiled.
        first: number of the first rule; the others follow.
        sources: sources by name space.
        describe: put what the rules say about themselves into the name table.

    Attributes:
        names: the rules' entries in the name table, in order; private ones are there.
    """

    def __init__(
        self,
        rules: yara_x.Rules,
        first: int,
        sources: dict[str, Source],
        *,
        describe: bool = False,
    ) -> None:
        self.names: list[RuleName] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self._looks_for_marks = False
        for number, rule in enumerate(rules, start=first):
            if rule.namespace == _MARKS:  # the last one
                self._looks_for_marks = True
                break
            source = sources[rule.namespace]
            strings = tuple(pattern.identifier for pattern in rule.patterns)
            self._numbers[rule.namespace, rule.identifier] = number
            self.names.append(
                RuleName(
                    _printable(rule.identifier),
                    source.origin,
                    source.number,
                    "yara",
                    strings,
                    _meta(rule) if describe else (),
                )
            )
        self._scanner = yara_x.Scanner(rules)
        self._kept = (
            -1
        )  # matches of a string that the scanner keeps; 0 as `match` wants
        self._sources = sources

    @cached_property
    def decisions(self) -> dict[int, Decision]:
        """What a window of a large part says about each rule, by number.

        Made when it is first asked for: most scans never meet a large part.
        """
        spaces = {space for space, _ in self._numbers}
        judged = {space: decide(_text(self._sources[space])) for space in spaces}
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

        Without any mark among the rules, there may be some.
        """
        if self._kept:  # one match of a string is enough; set only where it changes
            self._kept = 0
            self._scanner.fast_scan(yes=True)
            self._scanner.max_matches_per_pattern(_KEPT_WHOLE)
        found = self._scanner.scan(data).matching_rules
        if not found:
            return [], not self._looks_for_marks
        keys = [(rule.namespace, rule.identifier) for rule in found]
        numbers = [self._numbers[key] for key in keys if key[0] != _MARKS]
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
        self._kept = most
        self._scanner.fast_scan(yes=False)
        self._scanner.max_matches_per_pattern(most)
        for rule in self._scanner.scan(data).matching_rules:
            number = self._numbers.get((rule.namespace, rule.identifier))
            if number is not None and number in wanted:
                yield number, list(_hits(number, rule))


def compile_yara(
    sources: list[Source],
    first: int,
    *,
    describe: bool = False,
    marks: Sequence[bytes] = (),
) -> tuple[YaraRules | None, list[Problem]]:
    """Compile YARA sources.

    A source with an error still gives the rules of it that compile; whether that is
    good enough is for the caller to say, by the problem that is also returned.

    Args:
        sources: each is a name space.
        first: number of the first rule.
        describe: put what the rules say about themselves into the name table.
        marks: bytes to look for on the way.

    Returns:
        The rules, or None if there is not one; and what could not be compiled.
    """
    compiler = yara_x.Compiler()
    compiler.enable_includes(yes=False)
    for variable in OUTSIDE_VARIABLES:
        compiler.define_global(variable, "")
    problems: list[Problem] = []
    spaces = {f"{source.number}": source for source in sources}
    for space, source in spaces.items():
        compiler.new_namespace(space)
        problems.extend(_add(compiler, source))
    if marks:
        compiler.new_namespace(_MARKS)
        compiler.add_source(_rule_for(marks))
    rules = YaraRules(compiler.build(), first, spaces, describe=describe)
    return (rules if rules.names else None), problems


def _rule_for(marks: Sequence[bytes]) -> str:
    strings = "".join(f"$ = {{ {mark.hex(' ')} }} " for mark in marks)
    return f"rule marks {{ strings: {strings} condition: any of them }}"


def _hits(number: int, rule: yara_x.Rule) -> Iterator[Hit]:
    for string, pattern in enumerate(rule.patterns):
        for match in pattern.matches:
            yield Hit(number, match.offset, match.length, string)


def _meta(rule: yara_x.Rule) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in rule.metadata)


def _printable(identifier: str) -> str:
    """A name of the allowed characters: YARA-X takes digits of every script."""
    return _OUTSIDE_NAMES.sub("_", identifier)[:_LONGEST_NAME]


def _text(source: Source) -> str:
    """Return the text of a source. Raises UnicodeDecodeError: it is not UTF-8."""
    return source.text.removeprefix(_BYTE_ORDER_MARK).decode()


def _add(compiler: yara_x.Compiler, source: Source) -> list[Problem]:
    try:
        text = _text(source)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return [Problem(source.number, line, 0, "not UTF-8 text", fatal=True)]
    known = len(compiler.errors())
    try:
        compiler.add_source(text)
    except yara_x.CompileError:
        return [_problem(source, error) for error in compiler.errors()[known:]]
    return []


def _problem(source: Source, error: dict[str, Any]) -> Problem:
    """One error of the compiler in our shape: its title and what it marks."""
    marks = (label["text"] for label in error["labels"] if label["level"] == "error")
    mark = next(marks, "")
    message = f"{error['title']}: {mark}" if mark else str(error["title"])
    line, column = error.get("line") or 0, error.get("column") or 0
    return Problem(source.number, line, column, message, fatal=True)
