"""Compile the text of YARA rules, and say in our words what cannot be compiled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yara_x

from clearward.core.names import Problem
from clearward.rules.kinds import OUTSIDE_VARIABLES
from clearward.rules.partition import Partition, Plan, plan
from clearward.rules.source import Source
from clearward.rules.yara_spaces import said_of

MARKS = "marks"  # name spaces that no source has: theirs are numbers
PROBES = "probes"

CLOCK = "time"  # a module of YARA-X that no rule may use
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


Error = Mapping[str, Any]  # as YARA-X tells it


@dataclass(frozen=True, slots=True)
class Compiled:
    """Rules of some sources.

    Attributes:
        partitions: the first is scanned always; each other one if the rule of its
            number in the name space `PROBES` matches somewhere.
        names: of the rules of the sources that were parted, in order. The rules of the
            others are in order in the first partition.
        errors: by name space.
        banned: names of rules that were left out since they ask for a time, or for a
            rule that does; by name space.
    """

    partitions: tuple[yara_x.Rules, ...]
    names: Mapping[str, tuple[str, ...]]
    errors: Mapping[str, list[Error]]
    banned: Mapping[str, list[str]]


def compile_texts(
    texts: Mapping[str, str], marks: Sequence[bytes], *, few: int
) -> Compiled:
    """Compile sources, parted if they are more than a few rules.

    Includes are refused: a rule file that pulls in another by path is a file that
    nobody named. The variables that public rule sets expect from outside exist and are
    empty, since the name of a file decides nothing here. There is no module that tells
    the time: a rule that begins to look at some date could not be tried before it.

    Args:
        texts: of the sources, by name space.
        marks: bytes to look for on the way, by one more rule that nobody sees.
        few: that many rules are not parted.
    """
    whole: frozenset[str] = frozenset()
    while True:
        made = plan(texts, whole, few=few)
        compiled, surprises = _compile(made, tuple(texts), marks)
        if not surprises:
            return compiled
        # What was refused after one surprise may be so again, by another name.
        whole = whole | surprises if not whole else frozenset(texts)


def number_of(probe: str) -> int:
    """Return the number of the partition that a probe's name stands for."""
    return int(probe[1:])


def _compile(
    made: Plan, spaces: Sequence[str], marks: Sequence[bytes]
) -> tuple[Compiled, frozenset[str]]:
    """Compile a plan; return that, and the sources that must not be parted."""
    surprises: set[str] = set()
    partitions = made.first.all()
    numbers = {id(partition): number for number, partition in enumerate(partitions)}
    compiled: list[yara_x.Rules] = []
    errors: dict[str, list[Error]] = {}
    banned: dict[str, list[str]] = {}
    for partition in partitions:
        compiling = _Compiling()
        for space in spaces:
            if space in partition.whole or space in partition.rules:
                compiling.add(space, partition.text(space))
        for other in partition.further:
            compiling.add(PROBES, other.probe(f"p{numbers[id(other)]}"))
        if partition is made.first and marks:
            compiling.add(MARKS, _rule_for(marks))
        compiled.append(compiling.finish())
        surprises |= _surprises(partition, compiled[-1])
        if PROBES in compiling.errors:
            surprises.update(made.names)
        errors.update(compiling.errors)
        banned.update(compiling.banned)
    whole = Compiled(tuple(compiled), made.names, errors, banned)
    return whole, frozenset(surprises)


def _surprises(partition: Partition, rules: yara_x.Rules) -> set[str]:
    """Return the sources of which other rules were compiled than were meant to be."""
    compiled: dict[str, list[str]] = {space: [] for space in partition.rules}
    for rule in rules if compiled else ():
        if rule.namespace in compiled:
            compiled[rule.namespace].append(rule.identifier)
    return {
        space
        for space, names in compiled.items()
        if names != [rule.name for rule in partition.rules[space]]
    }


class _Compiling:
    """One set of rules on its way.

    Attributes:
        errors: by name space.
        banned: names of rules that were left out, likewise.
    """

    def __init__(self) -> None:
        self._compiler = yara_x.Compiler()
        self._compiler.enable_includes(yes=False)
        self._compiler.ignore_module(CLOCK)
        for variable in OUTSIDE_VARIABLES:
            self._compiler.define_global(variable, "")
        self.errors: dict[str, list[Error]] = {}
        self.banned: dict[str, list[str]] = {}

    def add(self, space: str, text: str) -> None:
        """Take rules of one name space."""
        known = len(self._compiler.errors())
        left = len(self._ignored())
        self._compiler.new_namespace(space)
        try:
            self._compiler.add_source(text)
        except yara_x.CompileError:
            self.errors[space] = self._compiler.errors()[known:]
        if banned := _banned(self._ignored()[left:]):
            self.banned[space] = banned

    def _ignored(self) -> list[Any]:
        """Return what was left out so far, for whatever reason."""
        compiler: Any = self._compiler  # its types say that this is no method
        return list(compiler.ignored_rules())

    def finish(self) -> yara_x.Rules:
        """Return what was compiled."""
        return self._compiler.build()


def _banned(ignored: Sequence[Any]) -> list[str]:
    """Return the names of rules that ask for the time, or for a rule that does."""
    names: list[str] = []
    for rule in ignored:
        asks = rule.reason is yara_x.IgnoredRuleReason.IgnoredModule
        if asks or any(f"`{name}`" in rule.message for name in names):
            names.append(rule.name)
    return names


def _rule_for(marks: Sequence[bytes]) -> str:
    strings = "".join(f"$ = {{ {mark.hex(' ')} }} " for mark in marks)
    return f"rule marks {{ strings: {strings} condition: any of them }}"


def decoded(source: Source) -> str:
    """Return the text of a source. Raises UnicodeDecodeError: it is not UTF-8."""
    return source.text.removeprefix(_BYTE_ORDER_MARK).decode()


def texts_of(sources: Mapping[str, Source]) -> tuple[dict[str, str], list[Problem]]:
    """Return the texts of sources by name space, and what is no text."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for space, source in sources.items():
        try:
            texts[space] = decoded(source)
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            said = said_of(source, "not UTF-8 text")
            problems.append(Problem(source.number, line, 0, said, fatal=True))
    return texts, problems


def problem(source: Source, error: Error) -> Problem:
    """One error of the compiler in our shape: its title and what it marks."""
    marks = (label["text"] for label in error["labels"] if label["level"] == "error")
    mark = next(marks, "")
    message = f"{error['title']}: {mark}" if mark else str(error["title"])
    line, column = error.get("line") or 0, error.get("column") or 0
    return Problem(source.number, line, column, said_of(source, message), fatal=True)


def asks_for_time(source: Source, rule: str) -> Problem:
    """A rule that was left out since it asks for the time."""
    message = f"the rule {rule} asks for the time, which no rule is told: left out"
    return Problem(source.number, 0, 0, said_of(source, message), fatal=False)
