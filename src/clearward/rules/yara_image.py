"""YARA rules in an image: the rules of each partition, and what goes with them.

The rules are as yara-x serialises them: data structures, and conditions as WebAssembly
that is compiled once more when they are loaded. Only the very version that wrote them
reads them. Beside them stands JSON:

    yara_x     that version
    marks      what its marks are looked for, hexadecimal; see `yara`
    names      for each source its name space and the names of its rules, in order
    decisions  a letter for each rule, in the same order; see `condition.Decision`

What yara-x reads it does not check completely: bytes that were not written by it may
take over the process that loads them. See docs/decisions/0010.
"""

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import yara_x

from clearward.native.errors import BadImage
from clearward.rules.condition import Decision
from clearward.rules.source import Source
from clearward.rules.yara import YaraRules
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
    describe: bool,
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

    Raises:
        BadImage: they were written by another version, or are not as they should be.
    """
    fields = _fields(told)
    if fields.get("yara_x") != version:
        raise BadImage(
            "its YARA rules were compiled with another version of yara-x than is "
            "installed; compile it again from its sources"
        )
    if sorted(sections) != list(range(len(sections))):
        raise BadImage("its YARA rules lack a partition")
    try:
        names = {str(space): tuple(rules) for space, rules in fields["names"]}
        letters = [_DECISIONS[letter] for letter in fields["decisions"]]
        partitions = tuple(_loaded(sections[number]) for number in range(len(sections)))
        _check(partitions, names)
        compiled = Compiled(partitions, names, {})
        rules = YaraRules(
            compiled, first, dict.fromkeys(names, source), describe=describe
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise BadImage("its YARA rules are not as they should be") from error
    if len(letters) != len(rules.names):
        raise BadImage("its YARA rules are not as many as their decisions")
    rules.decisions = dict(enumerate(letters, start=first))
    if fields.get("marks") != [mark.hex() for mark in marks]:
        rules.look_for_no_marks()
    return rules


def _check(
    partitions: Sequence[yara_x.Rules], names: Mapping[str, Sequence[str]]
) -> None:
    """Check that every rule has a name, and every probe leads onwards."""
    known = {space: frozenset(rules) for space, rules in names.items()}
    for number, partition in enumerate(partitions):
        for rule in partition:
            if rule.namespace == PROBES:
                further = number_of(rule.identifier)
                sound = number < further < len(partitions)
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
