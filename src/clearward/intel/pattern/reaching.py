"""Follow a path into an object.

A step from a reference goes on in the object that it names, in the same observation.

Source: STIX 2.1, section 9.8.
"""

from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping

from clearward.intel.objects import StixObject
from clearward.intel.pattern.budget import Budget
from clearward.intel.pattern.tree import Every, Step


def reached(
    root: StixObject,
    steps: Iterable[Step],
    objects: Mapping[str, StixObject],
    budget: Budget,
) -> list[object]:
    """Return the values at the end of a path, of JSON or bytes.

    Raises:
        LimitReached: the budget ran out.
    """
    here: list[object] = [root]
    is_reference = False
    for step in steps:
        if isinstance(step, str) and not isinstance(step, Every):
            there = _at_key(here, step, objects if is_reference else {})
            is_reference = step.endswith(("_ref", "_refs"))
        else:
            there = _at_position(here, step)
        here = []
        known: set[int] = set()
        for value in there:
            budget.spend()
            # References may go in circles: no object is looked into twice at a step.
            if not isinstance(value, dict | list):
                here.append(value)
            elif id(value) not in known:
                known.add(id(value))
                here.append(value)
        if not here:
            break
    return here


def _at_key(
    here: list[object], key: str, objects: Mapping[str, StixObject]
) -> Iterator[object]:
    named: set[str] = set()
    for value in here:
        inside = value
        if isinstance(value, str):
            if value in named:
                continue
            named.add(value)
            inside = objects.get(value)
        if isinstance(inside, dict) and key in inside:
            yield _decoded(key, inside[key])


def _at_position(here: list[object], step: Step) -> Iterator[object]:
    for value in here:
        if not isinstance(value, list):
            continue
        if isinstance(step, Every):
            yield from value
        elif isinstance(step, int) and step < len(value):
            yield value[step]


def _decoded(key: str, value: object) -> object:
    """Bytes, where the name of a key says so (STIX 2.1, section 2.1)."""
    if not isinstance(value, str):
        return value
    try:
        if key.endswith("_hex"):
            return bytes.fromhex(value)
        if key.endswith("_bin"):
            return b64decode(value, validate=True)
    except ValueError:
        pass
    return value
