"""Tables of indicators: one value a line.

    type TAB value TAB category TAB family TAB reference

The types are those of `_TYPES`; lines of others are counted as rejected.
"""

from collections.abc import Iterable, Iterator

from clearward.gathering.taking import NotTaken, Offered
from clearward.indicators.canonical import canonical
from clearward.indicators.kinds import Kind
from clearward.intel.making import Stamp, made

_TYPES = {
    kind.value.encode(): kind
    for kind in Kind
    if kind not in {Kind.EMAIL, Kind.SHA512, Kind.CVE}
}
_FIELDS = 5
_MOST_LINE = 65_536  # bytes


def read(lines: Iterable[bytes], stamp: Stamp) -> Iterator[Offered]:
    """Give the indicator of every line.

    Args:
        lines: with or without their ends.
        stamp: of the import.
    """
    for number, line in enumerate(lines, 1):
        fields = line.rstrip(b"\r\n").split(b"\t")
        if fields == [b""]:
            continue
        yield _indicator(fields, stamp) or NotTaken(f"line {number}", _why(fields))


def _indicator(fields: list[bytes], stamp: Stamp) -> Offered | None:
    kind = _TYPES.get(fields[0])
    if kind is None or not 1 < len(fields) <= _FIELDS or len(fields[1]) > _MOST_LINE:
        return None
    value = canonical(kind, fields[1].decode("utf-8", "replace"))
    if value is None:
        return None
    texts = [one.decode("utf-8", "replace")[:_MOST_LINE] for one in fields[2:]]
    labels = tuple(one for one in texts[:2] if one)
    references = tuple(one for one in texts[2:] if one)
    return made(kind, value, stamp, labels=labels, references=references)


def _why(fields: list[bytes]) -> str:
    if fields[0] not in _TYPES:
        return "its type is not known"
    if len(fields) > _FIELDS:
        return "it has more than five columns"
    return "its value is none of its type"
