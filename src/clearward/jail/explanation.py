"""The wide answer of `--explain` as bytes, on both sides of the wall.

All integers are little-endian:

    2       number of places, then for each: parent 2, length of the name 1, name
    2       number of matches, then for each 24 bytes:
                rule 4, place 2, string 2, offset 8, length 8
    2       number of unread things, then for each: place 2, reason 2

A place is a step on the way from the file to a part; its parent stands before it, and
the first place is the file itself.
"""

import struct

from clearward.core.explanation import (
    MAX_MATCHES,
    MAX_PLACES,
    Explanation,
    Match,
    Place,
)
from clearward.core.reasons import FROM_THE_JAIL, Reason
from clearward.jail.wire import Hostile

_COUNT = struct.Struct("<H")
_PLACE = struct.Struct("<HB")
_MATCH = struct.Struct("<IHHQQ")
_UNREAD = struct.Struct("<HH")


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
        )
    )


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
    return explanation, offset


def _count(data: bytes, offset: int, most: int) -> tuple[int, int]:
    (count,) = _COUNT.unpack_from(data, offset)
    if count > most:
        raise Hostile("more records than allowed")
    return count, offset + _COUNT.size
