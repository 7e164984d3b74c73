"""Observations to match: what was seen, when, how often.

Source: STIX 2.1, section 4.14; STIX 2.0, part 2, section 2.8.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from clearward.intel.objects import StixObject
from clearward.intel.pattern.moments import moment

_DATA = "observed-data"


@dataclass(frozen=True, slots=True)
class Seen:
    """One observation.

    Attributes:
        objects: observables by their ids, or by their keys in STIX 2.0.
        first: start of the time in which it was made, in picoseconds since 1970; None
            if it is not said, and then no condition of time holds for it.
        last: end of that time.
        count: how often it was made.
    """

    objects: Mapping[str, StixObject]
    first: int | None = None
    last: int | None = None
    count: int = 1


def seen(objects: Iterable[StixObject]) -> tuple[Seen, ...]:
    """Return the observations that objects, or bundles of them, say were made.

    Observables without any observation of them are one, made at a time not known.
    """
    found = list(_flat(objects))
    by_id = {one["id"]: one for one in found if isinstance(one.get("id"), str)}
    data = [one for one in found if one.get("type") == _DATA]
    if not data:
        keyed = {str(one.get("id", at)): one for at, one in enumerate(found)}
        return (Seen(keyed),) if keyed else ()
    return tuple(_observation(one, by_id) for one in data)


def _flat(objects: Iterable[StixObject]) -> Iterator[StixObject]:
    for one in objects:
        inner = one.get("objects") if one.get("type") == "bundle" else None
        members = inner if isinstance(inner, list) else [one]
        yield from (member for member in members if isinstance(member, dict))


def _observation(data: StixObject, by_id: Mapping[str, StixObject]) -> Seen:
    inside, named = data.get("objects"), data.get("object_refs")
    objects: dict[str, StixObject] = {}
    if isinstance(inside, dict):
        objects = {key: one for key, one in inside.items() if isinstance(one, dict)}
    for name in named if isinstance(named, list) else []:
        if isinstance(name, str) and name in by_id:
            objects[name] = by_id[name]
    first, last = moment(data.get("first_observed")), moment(data.get("last_observed"))
    if first is None or last is None or last < first:
        first = last = None
    count = data.get("number_observed")
    return Seen(objects, first, last, count if type(count) is int and count > 0 else 1)
