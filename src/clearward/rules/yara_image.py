"""YARA rules in an image: the rules of each partition, and what goes with them.

The rules are as yara-x serialises them: data structures, and conditions as WebAssembly
that is compiled once more when they are loaded. Only the very version that wrote them
reads them. Beside them stands JSON:

    yara_x     that version
    marks      what its marks are looked for, hexadecimal; see `yara`
    names      for each source its name space and the names of its rules, in order
    strings    for each rule, in the same order, what its strings are called
    decisions  a letter for each rule, in the same order; see `condition.Decision`

Partitions but the first are loaded when a file first asks for them, see `YaraOnDemand`.
What yara-x reads it does not check completely: bytes that were not written by it may
take over the process that loads them. See docs/decisions/0010.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yara_x
from typing_extensions import override

from clearward.native.errors import BadImage
from clearward.rules.condition import Decision
from clearward.rules.source import Source
from clearward.rules.unloaded import Unloaded
from clearward.rules.yara import YaraRules
from clearward.rules.yara_names import rule_name
from clearward.rules.yara_source import MARKS, PROBES, Compiled, number_of

MOST_BYTES = 32 << 20  # of what goes with the rules
_LETTERS = {decision: decision.value[0] for decision in Decision}
_DECISIONS = {letter: decision for decision, letter in _LETTERS.items()}


def serialised(rules: YaraRules) -> dict[int, bytes]:
    """Return the sections of rules, by partition."""
    return {
        number: _bytes_of(partition)
        for number, partition in enumerate(rules.partitions)
    }


def listing(rules: YaraRules, marks: Sequence[bytes], version: str) -> bytes:
    """Return what goes with the sections of rules.

    Args:
        rules: compiled.
        marks: those that they look for.
        version: of yara-x.
    """
    names: dict[str, list[str]] = {space: [] for space in rules.spaces}
    letters = []
    for number, (space, name) in enumerate(rules.keys):
        names[space].append(name)
        letters.append(_LETTERS[rules.decisions[rules.first + number]])
    told = {
        "yara_x": version,
        "marks": [mark.hex() for mark in marks],
        "names": list(names.items()),
        "strings": [name.strings for name in rules.names],
        "decisions": "".join(letters),
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode("ascii")


def load_yara(
    sections: Mapping[int, memoryview],
    told: bytes | memoryview,
    source: Source,
    first: int,
    *,
    marks: Sequence[bytes],
    version: str,
    describe: bool = False,
    check: bool = False,
    before: int = 0,
) -> YaraRules:
    """Load the rules of an image.

    Args:
        sections: the rules, by partition.
        told: what goes with them.
        source: the image, as a source of all its rules.
        first: number of the first rule.
        marks: bytes that `YaraRules.look` is to tell about.
        version: of yara-x here.
        describe: put what the rules say about themselves into their names.
        check: load all that would be loaded when a file asks for it.
        before: how many partitions other images have that were loaded before.

    Raises:
        BadImage: they were written by another version, or are not as they should be.
    """
    fields = _fields(told)
    if fields.get("yara_x") != version:
        raise BadImage(
            "its YARA rules were compiled with another version of yara-x than is "
            "installed; compile it again from its sources"
        )
    if "strings" not in fields:
        raise BadImage(
            "its YARA rules were compiled by an older clearward; compile it again from "
            "its sources"
        )
    if sorted(sections) != list(range(len(sections))):
        raise BadImage("its YARA rules lack a partition")
    try:
        told_rules = _Rules.read(fields)
        parts = [sections[number] for number in range(len(sections))]
        everything = describe or check or len(parts) == 1
        if everything:
            rules = _whole(parts, told_rules, source, first, describe=describe)
        else:
            rules = YaraOnDemand(parts, told_rules, source, first, before)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise BadImage("its YARA rules are not as they should be") from error
    rules.decisions = dict(enumerate(told_rules.decisions, start=first))
    if fields.get("marks") != [mark.hex() for mark in marks]:
        rules.look_for_no_marks()
    return rules


@dataclass(frozen=True, slots=True)
class _Rules:
    """What is told about the rules.

    Attributes:
        names: by name space, in order.
        known: the same, to be looked up.
        strings: what those of each rule are called.
        decisions: one for each rule.
    """

    names: dict[str, tuple[str, ...]]
    known: dict[str, frozenset[str]]
    strings: list[tuple[str, ...]]
    decisions: list[Decision]

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> "_Rules":
        """Read what stands in JSON; whatever is wrong raises an error of some kind."""
        names = {str(space): tuple(rules) for space, rules in fields["names"]}
        strings = [tuple(map(_text, called)) for called in fields["strings"]]
        decisions = [_DECISIONS[letter] for letter in fields["decisions"]]
        count = sum(map(len, names.values()))
        if not len(strings) == len(decisions) == count:
            raise BadImage("its YARA rules are not as many as strings and decisions")
        known = {space: frozenset(rules) for space, rules in names.items()}
        return cls(names, known, strings, decisions)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _whole(
    parts: Sequence[memoryview],
    told: _Rules,
    source: Source,
    first: int,
    *,
    describe: bool,
) -> YaraRules:
    """Load every partition."""
    partitions = tuple(map(_loaded, parts))
    for number, partition in enumerate(partitions):
        _check(number, partition, told.known, len(parts))
    compiled = Compiled(partitions, told.names, {}, {})
    spaces = dict.fromkeys(told.names, source)
    rules = YaraRules(compiled, first, spaces, describe=describe)
    if [name.strings for name in rules.names] != told.strings:
        raise BadImage("its YARA rules have other strings than is told of them")
    return rules


class YaraOnDemand(YaraRules):
    """Rules of which the first partition is loaded, and others when `load` says so.

    Args:
        parts: the partitions, serialised; they have to stay.
        told: about the rules.
        source: the image.
        first: number of the first rule.
        before: how many partitions other sets have that stand before this one.
    """

    def __init__(
        self,
        parts: Sequence[memoryview],
        told: _Rules,
        source: Source,
        first: int,
        before: int,
    ) -> None:
        self.first = first
        self.spaces = tuple(told.names)
        self.partitions = ()
        self._parts = parts
        self._told = told
        self._before = before
        self._kept = -1
        keys = [(space, name) for space, names in told.names.items() for name in names]
        self._numbers = {key: first + index for index, key in enumerate(keys)}
        self.names = [
            rule_name(_text(name), source, strings)
            for (_, name), strings in zip(keys, told.strings, strict=True)
        ]
        if len(self._numbers) < len(keys):
            raise ValueError("two rules of one name")
        self._scanners = [None] * len(parts)
        rules = self._read(0)
        self._looks_for_marks = any(rule.namespace == MARKS for rule in rules)

    @override
    def load(self, number: int) -> bool:
        """Load a partition that `Unloaded` names; False if there is no such.

        Raises:
            BadImage: it is not as it should be.
        """
        number -= self._before
        if not 0 <= number < len(self._parts):
            return False
        if self._scanners[number] is None:
            self._read(number)
            self._kept = -1  # so that this one is told what to keep
        return True

    def _read(self, number: int) -> yara_x.Rules:
        rules = _loaded(self._parts[number])
        try:
            _check(number, rules, self._told.known, len(self._parts))
        except (KeyError, ValueError) as error:
            raise BadImage("its YARA rules are not as they should be") from error
        self._scanners[number] = yara_x.Scanner(rules)
        return rules

    @override
    def _scanner(self, number: int) -> yara_x.Scanner:
        scanner = self._scanners[number]
        if scanner is None:
            raise Unloaded(self._before + number)
        return scanner


def _check(
    number: int,
    partition: yara_x.Rules,
    known: Mapping[str, frozenset[str]],
    partitions: int,
) -> None:
    """Check that every rule has a name, and every probe leads onwards."""
    for rule in partition:
        if rule.namespace == PROBES:
            sound = number < number_of(rule.identifier) < partitions
        elif rule.namespace == MARKS:
            sound = True
        else:
            sound = rule.identifier in known[rule.namespace]
        if not sound:
            raise BadImage("its YARA rules hold one that nobody named")


def _fields(told: bytes | memoryview) -> dict[str, Any]:
    if len(told) > MOST_BYTES:
        raise BadImage("what goes with its YARA rules is too long")
    try:
        fields = json.loads(bytes(told))
    except (ValueError, RecursionError) as error:
        raise BadImage("what goes with its YARA rules is no JSON") from error
    if not isinstance(fields, dict):
        raise BadImage("what goes with its YARA rules is not as it should be")
    return fields


def _bytes_of(rules: yara_x.Rules) -> bytes:
    out = io.BytesIO()
    rules.serialize_into(out)
    return out.getvalue()


def _loaded(data: memoryview) -> yara_x.Rules:
    try:
        return yara_x.Rules.deserialize_from(io.BytesIO(data))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the library is no Exception
        raise BadImage("its YARA rules cannot be read") from error
