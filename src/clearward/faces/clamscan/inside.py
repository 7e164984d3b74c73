"""Where in a file something was found: the second line of ``clamscan -a``.

Behind the path stands each step down to the part: ``!``, the type of what it lies in
and its name. The last step says how deep it is: ``a.zip!ZIP:b.tar!(2)POSIX_TAR:x``. A
part without a name has no type either.

Source: what clamscan 1.4.6 prints.
"""

from collections.abc import Sequence

from clearward.core.explanation import Explanation, Place
from clearward.faces.text import shown
from clearward.jail.explanation import decode
from clearward.jail.scanned import Scanned
from clearward.jail.wire import Hostile

# What the original calls some types; the others are written in capitals.
_TYPES = {
    "tar": "POSIX_TAR",
    "gzip": "GZ",
    "bzip2": "BZ",
    "7z": "7Z",
    "ole": "MSOLE2",
}


def place(result: Scanned, rules: int) -> str | None:
    """Return the path and the way to the first match; None if nobody knows.

    Args:
        result: with an explanation.
        rules: how many are in force.
    """
    try:
        explanation = decode(result.explanation, rules)
    except Hostile:
        return None
    first = result.verdict.rules[:1]
    match = next((one for one in explanation.matches if (one.rule,) == first), None)
    if match is None:
        return None
    return shown(result.entry.path) + _steps(explanation, match.place)


def _steps(explanation: Explanation, last: int) -> str:
    """Return the way to a part, without the path."""
    types = {each.place: each.kind.name for each in explanation.types}
    way = _way(explanation.places, last)
    if not way:
        return "!(0)"
    said = ""
    for depth, number in enumerate(way, start=1):
        step = explanation.places[number]
        kind = types.get(step.parent, "any")
        name = f"{_TYPES.get(kind, kind.upper())}:{shown(step.name)}"
        mark = f"({depth})" if depth == len(way) else ""
        said += f"!{mark}{name if step.name else ''}"
    return said


def _way(places: Sequence[Place], last: int) -> list[int]:
    """Return the numbers of the parts from the file down to one, without the file."""
    way: list[int] = []
    while last and len(way) < len(places):
        way.insert(0, last)
        last = places[last].parent
    return way
