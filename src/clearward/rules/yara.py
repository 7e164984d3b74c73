"""YARA rules through yara-x: compile the sources, match buffers.

Each file is a name space of its own. Includes are refused: a rule file that pulls in
another by path is a file that nobody named. The variables that public rule sets expect
from outside exist and are empty, since the name of a file decides nothing here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yara_x

from clearward.core.names import Problem, RuleName
from clearward.rules.condition import Decision, decide
from clearward.rules.source import Source

OUTSIDE_VARIABLES = ("filename", "filepath", "extension", "filetype", "owner")
NO_STRING = 0xFFFF


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
        names: the rules' entries in the name table, in order.
        decisions: what a window of a large part says about each rule, by number.
        needs_whole: some rule cannot be decided in windows.
    """

    def __init__(
        self,
        rules: yara_x.Rules,
        first: int,
        sources: dict[str, Source],
        *,
        describe: bool,
    ) -> None:
        self.names: list[RuleName] = []
        self._numbers: dict[tuple[str, str], int] = {}
        for number, rule in enumerate(rules, start=first):
            source = sources[rule.namespace]
            strings = tuple(pattern.identifier for pattern in rule.patterns)
            meta = _meta(rule) if describe else ()
            self._numbers[rule.namespace, rule.identifier] = number
            self.names.append(
                RuleName(
                    rule.identifier,
                    source.origin,
                    source.number,
                    "yara",
                    strings,
                    meta,
                )
            )
        self._scanner = yara_x.Scanner(rules)
        self._first = first
        judged = {space: _judge(source) for space, source in sources.items()}
        self.decisions = {
            number: judged[space].get(name, Decision.OPEN)
            for (space, name), number in self._numbers.items()
        }
        self.needs_whole = not all(
            decision in (Decision.ANY, Decision.SMALL)
            for decision in self.decisions.values()
        )

    def match(self, data: bytes) -> list[int]:
        """Return the numbers of the rules that match."""
        self._scanner.fast_scan(yes=True)  # one match of a string is enough
        found = self._scanner.scan(data).matching_rules
        if not found:
            return []
        return [self._numbers[rule.namespace, rule.identifier] for rule in found]

    def explain(self, data: bytes) -> Iterator[Hit]:
        """Yield every match of every string of each rule that matches."""
        self._scanner.fast_scan(yes=False)
        for rule in self._scanner.scan(data).matching_rules:
            number = self._numbers[rule.namespace, rule.identifier]
            strings = self.names[number - self._first].strings
            shown = False
            for pattern in rule.patterns:
                string = strings.index(pattern.identifier)
                for match in pattern.matches:
                    shown = True
                    yield Hit(number, match.offset, match.length, string)
            if not shown:
                yield Hit(number)


def compile_yara(
    sources: list[Source], first: int, *, describe: bool
) -> tuple[YaraRules | None, list[Problem]]:
    """Compile YARA sources.

    A source with an error still gives the rules of it that compile; whether that is
    good enough is for the caller to say, by the problem that is also returned.

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
    rules = YaraRules(compiler.build(), first, spaces, describe=describe)
    return (rules if rules.names else None), problems


def _meta(rule: yara_x.Rule) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in rule.metadata)


def _judge(source: Source) -> dict[str, Decision]:
    return decide(source.text.decode("utf-8", errors="replace"))


def _add(compiler: yara_x.Compiler, source: Source) -> list[Problem]:
    try:
        text = source.text.decode("utf-8")
    except UnicodeDecodeError as error:
        line = source.text.count(b"\n", 0, error.start) + 1
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
