"""The wide answer of `--explain` as bytes, on both sides of the wall.

All integers are little-endian:

    2       number of places, then for each: parent 2, length of the name 1, name
    2       number of matches, then for each 24 bytes:
                rule 4, place 2, string 2, offset 8, length 8
    2       number of unread things, then for each: place 2, reason 2
    2       number of types, then for each: place 2, number of the kind 2, how 1,
            offset of the evidence 8, its length 1, evidence
    2       number of addresses asked for, then for each: place 2, length 1, address

A place is a step on the way from the file to a part; its parent stands before it, and
the first place is the file itself.
"""

import struct

from clearward.core import kinds
from clearward.core.explanation import (
    MAX_ASKED,
    MAX_MATCHES,
    MAX_PLACES,
    MAX_TYPES,
    Asked,
    Explanation,
    Match,
    Place,
    Typed,
)
from clearward.core.kinds import MOST_EVIDENCE, How, Kind
from clearward.core.reasons import FROM_THE_JAIL, Reason
from clearward.jail.wire import Hostile

_COUNT = struct.Struct("<H")
_PLACE = struct.Struct("<HB")
_MATCH = struct.Struct("<IHHQQ")
_UNREAD = struct.Struct("<HH")
_TYPED = struct.Struct("<HHBQB")
_ASKED = struct.Struct("<HB")


def encode(explanation: Explanation) -> bytes:
    """Return an explanation as bytes."""
    places = (
        _PLACE.pack(place.parent, len(place.name)) + place.name
        for place in explanation.places
    )
    matches = (
        _MATCH.pack(match.rule, match.place, match.string, match.offset, match.length)
        for match in explanation.matches
    )
    unread = (_UNREAD.pack(place, reason) for place, reason in explanation.unread)
    return b"".join(
        (
            _COUNT.pack(len(explanation.places)),
            *places,
            _COUNT.pack(len(explanation.matches)),
            *matches,
            _COUNT.pack(len(explanation.unread)),
            *unread,
            _COUNT.pack(len(explanation.types)),
            *map(_typed, explanation.types),
            _COUNT.pack(len(explanation.asked)),
            *(
                _ASKED.pack(each.place, len(each.target)) + each.target
                for each in explanation.asked
            ),
        )
    )


def _typed(each: Typed) -> bytes:
    kind = each.kind
    evidence = kind.evidence[:MOST_EVIDENCE]
    number = kinds.number(kind.name)
    fixed = (each.place, number, kind.how, kind.offset, len(evidence))
    return _TYPED.pack(*fixed) + evidence


def decode(data: bytes, rule_count: int) -> Explanation:
    """Check an explanation and return it. The worker is treated as hostile.

    Raises:
        Hostile: the bytes are no explanation, or point outside themselves.
    """
    try:
        explanation, end = _decode(data)
    except struct.error as error:
        raise Hostile("an explanation cut short") from error
    if end != len(data):
        raise Hostile("bytes behind an explanation")
    _check(explanation, rule_count)
    return explanation


def _check(explanation: Explanation, rule_count: int) -> None:
    """Raise `Hostile` for an explanation that points outside itself."""
    places = len(explanation.places)
    for index, place in enumerate(explanation.places):
        if place.parent > max(index - 1, 0):
            raise Hostile("a place before its parent")
    for match in explanation.matches:
        if match.rule >= rule_count or match.place >= places:
            raise Hostile("a match outside the file")
    said = [each.place for each in explanation.types]
    said += [each.place for each in explanation.asked]
    if any(place >= places for place in said):
        raise Hostile("something said of no part")
    for index, reason in explanation.unread:
        if index >= places or reason.bit_count() != 1:
            raise Hostile("an unread part outside the file")


def _decode(data: bytes) -> tuple[Explanation, int]:
    explanation = Explanation()
    count, offset = _count(data, 0, MAX_PLACES)
    for _ in range(count):
        parent, length = _PLACE.unpack_from(data, offset)
        offset += _PLACE.size + length
        name = data[offset - length : offset]
        explanation.places.append(Place(parent, name))
    count, offset = _count(data, offset, MAX_MATCHES)
    for _ in range(count):
        rule, place, string, start, length = _MATCH.unpack_from(data, offset)
        explanation.matches.append(Match(rule, place, start, length, string))
        offset += _MATCH.size
    count, offset = _count(data, offset, MAX_MATCHES)
    for _ in range(count):
        place, reason = _UNREAD.unpack_from(data, offset)
        if reason & ~int(FROM_THE_JAIL):
            raise Hostile("a reason that no worker can know")
        explanation.unread.append((place, Reason(reason)))
        offset += _UNREAD.size
    return explanation, _decode_said(data, offset, explanation)


def _decode_said(data: bytes, offset: int, explanation: Explanation) -> int:
    """Read what is said of parts; return where it ends."""
    count, offset = _count(data, offset, MAX_TYPES)
    for _ in range(count):
        place, number, how, at, length = _TYPED.unpack_from(data, offset)
        offset += _TYPED.size + length
        known = number < len(kinds.NAMES) and how < len(How)
        if not known or length > MOST_EVIDENCE:
            raise Hostile("a kind that there is not")
        evidence = data[offset - length : offset]
        kind = Kind(kinds.NAMES[number], How(how), at, evidence)
        explanation.types.append(Typed(place, kind))
    count, offset = _count(data, offset, MAX_ASKED)
    for _ in range(count):
        place, length = _ASKED.unpack_from(data, offset)
        offset += _ASKED.size + length
        explanation.asked.append(Asked(place, data[offset - length : offset]))
    return offset


def _count(data: bytes, offset: int, most: int) -> tuple[int, int]:
    (count,) = _COUNT.unpack_from(data, offset)
    if count > most:
        raise Hostile("more records than allowed")
    return count, offset + _COUNT.size
