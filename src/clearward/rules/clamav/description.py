"""The target description of a logical signature: what has to be true of a part.

    Engine:51-255,Target:1,FileSize:0-100,Container:CL_TYPE_ZIP

``Target`` must be there. ``Engine`` must stand first, if there is one, and must ask for
a level of at least 51 where there is any other word. A line for other levels, with an
unknown word or an unknown type is left out. A number that is missing in a range is 0.

Source: docs.clamav.net, "Logical signatures"; tried with clamscan 1.4.6.
"""

import re
from dataclasses import dataclass, field

from clearward.native.layout import Condition
from clearward.rules.clamav.extended import read_target
from clearward.rules.clamav.fault import LeftOut, Why, Wrong
from clearward.rules.clamav.fields import demand_level, level_of
from clearward.rules.clamav.file_types import FILE_TYPES
from clearward.rules.clamav.model import Demand
from clearward.rules.clamav.place import EXECUTABLES

_FIELD = 2  # of the line
_NEW_WORDS_LEVEL = 51
_PE = 1
_range = re.compile("([0-9]{0,18})-([0-9]{0,18})").fullmatch

_RANGES = {
    "FileSize": Condition.FILE_SIZE,
    "EntryPoint": Condition.ENTRY_POINT,
    "NumberOfSections": Condition.SECTIONS,
}
_TYPES = frozenset({"Container", "Intermediates", "HandlerType"})
_ICONS = frozenset({"IconGroup1", "IconGroup2"})
_OF_EXECUTABLES = frozenset({Condition.ENTRY_POINT, Condition.SECTIONS})


@dataclass(slots=True)
class Description:
    """What a target description says.

    Attributes:
        target: ClamAV's number.
        demands: what else has to hold.
        handler: the type as which a part is scanned again, or empty.
    """

    target: int
    demands: tuple[Demand, ...] = ()
    handler: str = ""


@dataclass(slots=True)
class _Words:
    """The words so far; of one that stands twice the last counts."""

    level: int = 0
    target: int | None = None
    demands: dict[Condition, Demand] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    handler: str = ""


_KNOWN: dict[str, Description] = {}
_MOST_KNOWN = 64


def read_description(text: str) -> Description:
    """Return what a target description says.

    Raises:
        LeftOut: the line is not meant for this program.
        Wrong: it is no target description.
    """
    known = _KNOWN.get(text)
    if known is None:
        known = _read(text)
        if len(_KNOWN) < _MOST_KNOWN:  # few of them are most of all
            _KNOWN[text] = known
    return known


def _read(text: str) -> Description:
    words = _Words()
    for place, part in enumerate(text.split(",")):
        word, colon, value = part.partition(":")
        if not colon:
            raise Wrong(f"not a word with a value: {word!r}", _FIELD)
        if word == "Engine" and place:
            raise Wrong("Engine has to stand first", _FIELD)
        _take(words, word, value)
    if words.target is None:
        raise Wrong("no Target", _FIELD)
    return Description(words.target, _demands(words, words.target), words.handler)


def _take(words: _Words, word: str, value: str) -> None:
    if word == "Engine":
        least, most = _bounds(word, value)
        demand_level(least, most)
        words.level = level_of(least)
    elif word == "Target":
        words.target = read_target(value, _FIELD)
    elif word in _RANGES:
        least, most = _bounds(word, value)
        kind = _RANGES[word]
        words.demands[kind] = Demand(kind, (int(least or 0), int(most or 0)))
    elif word in _TYPES:
        _take_types(words, word, value)
    elif word in _ICONS:
        words.groups[word] = value
    else:
        raise LeftOut(Why.WORD)


def _take_types(words: _Words, word: str, value: str) -> None:
    types = tuple(value.split(">")) if word == "Intermediates" else (value,)
    if not FILE_TYPES.issuperset(types):
        raise LeftOut(Why.TYPE)
    if word == "HandlerType":
        words.handler = value
    else:
        kind = Condition.CONTAINER if word == "Container" else Condition.INTERMEDIATES
        words.demands[kind] = Demand(kind, names=types)


def _bounds(word: str, value: str) -> tuple[str, str]:
    found = _range(value)
    if found is None:
        raise Wrong(f"{word} is not a range", _FIELD)
    return found[1], found[2]


def _demands(words: _Words, target: int) -> tuple[Demand, ...]:
    demands = words.demands
    if words.groups:
        if target != _PE:
            raise Wrong("icon groups of a target that has no icons", _FIELD)
        groups = tuple(words.groups.get(one, "") for one in sorted(_ICONS))
        demands[Condition.ICONS] = Demand(Condition.ICONS, names=groups)
    if target not in EXECUTABLES and not _OF_EXECUTABLES.isdisjoint(demands):
        raise Wrong("EntryPoint or NumberOfSections of a target without", _FIELD)
    if (demands or words.handler) and words.level < _NEW_WORDS_LEVEL:
        raise Wrong(f"Engine has to ask for {_NEW_WORDS_LEVEL} or more", _FIELD)
    return tuple(demands[kind] for kind in sorted(demands))
