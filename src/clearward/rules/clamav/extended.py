"""Extended signatures: ndb and ndu.

    name:target:offset:body[:least level[:most level]]

Source: docs.clamav.net, "Extended signature format"; tried with clamscan 1.4.6.
"""

from clearward.native.layout import PARTITIONS, Where
from clearward.rules.clamav.body import is_plain, read_chain
from clearward.rules.clamav.fault import LeftOut, Why, Wrong
from clearward.rules.clamav.fields import demand_strict_level, name, number
from clearward.rules.clamav.model import Body, Place, Signature, Term
from clearward.rules.clamav.place import read_place

_FIELDS = (4, 6)
_LEAST_PLAIN = 3  # bytes of a body of nothing else, at some places (tried)
_PE = 1
_LOOSE = frozenset({Where.ANYWHERE, Where.GROUP, Where.VERSION})
_FIRST = Term(0)


def read_extended(line: str, number_of_line: int, *, unwanted: bool) -> Signature:
    """Return what a line of an ndb or ndu file says.

    Raises:
        LeftOut: it is not meant for this program.
        Wrong: it is no such line.
    """
    fields = line.split(":", _FIELDS[1])
    count = len(fields)
    if not _FIELDS[0] <= count <= _FIELDS[1]:
        raise Wrong(f"{count} fields, not {_FIELDS[0]} to {_FIELDS[1]}")
    title = name(fields[0])
    if count > _FIELDS[0]:
        most = fields[5] if count == _FIELDS[1] else None
        demand_strict_level(fields[4], most, 5)
    target = read_target(fields[1], 2)
    body = _body(fields[2], fields[3], target)
    return Signature(
        title, target, (body,), _FIRST, unwanted=unwanted, line=number_of_line
    )


def read_target(text: str, field: int) -> int:
    """Return a target; an empty one and ``*`` are any file.

    Raises:
        LeftOut: there is no such target.
        Wrong: it is not a number.
    """
    target = number(text, "target", field) if text not in {"", "*"} else 0
    if target >= PARTITIONS:
        raise LeftOut(Why.TARGET)
    return target


def _body(offset: str, text: str, target: int) -> Body:
    try:
        place = read_place(offset, target)
    except Wrong as wrong:
        raise Wrong(str(wrong), 3) from None
    try:
        chain = read_chain(text)
    except Wrong as wrong:
        raise Wrong(str(wrong), 4) from None
    if is_plain(chain) and len(text) < 2 * _LEAST_PLAIN and _is_fixed(place, target):
        raise Wrong(f"a plain body of fewer than {_LEAST_PLAIN} bytes", 4)
    return Body((chain,), place)


def _is_fixed(place: Place, target: int) -> bool:
    """Say whether clamscan looks for a plain body in a way that needs three bytes."""
    if target == _PE:
        return not place.shift and place.where not in _LOOSE
    return target == 0 and place.where is not Where.GROUP
