"""What containers say about their members: cdb.

    name:container:container's size:regex of the member's name:size packed:size:
    encrypted:position:checksum:unused[:least level[:most level]]

(one line). ``*`` is any; a size or position is a number or a range ``x-y``.

Source: docs.clamav.net, "Signatures based on container metadata"; what is refused was
tried with clamscan 1.4.6, but a checksum that is not hexadecimal is refused only here.
"""

import re

from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.fields import demand_strict_level, name
from clearward.rules.clamav.file_types import FILE_TYPES
from clearward.rules.clamav.listed import MemberSignature
from clearward.rules.clamav.posix import compile_posix

_FIELDS = (10, 12)
_LEVELS = 11  # field
_ENCRYPTED = {"*": None, "0": False, "1": True}
_range = re.compile("([0-9]{1,19})(?:-([0-9]{1,19}))?").fullmatch
_checksum = re.compile("(?:0[xX])?[0-9a-fA-F]{1,8}").fullmatch


def read_member(line: str, number_of_line: int) -> MemberSignature:
    """Return what a line of a cdb file says.

    Raises:
        LeftOut: it is for other versions.
        Wrong: it is no such line.
    """
    fields = line.split(":", _FIELDS[1])
    count = len(fields)
    if not _FIELDS[0] <= count <= _FIELDS[1]:
        raise Wrong(f"{count} fields, not {_FIELDS[0]} to {_FIELDS[1]}")
    title = name(fields[0])
    if count > _FIELDS[0]:
        most = fields[11] if count == _FIELDS[1] else None
        demand_strict_level(fields[10], most, _LEVELS)
    if fields[1] != "*" and fields[1] not in FILE_TYPES:
        raise Wrong("an unknown type of container", 2)
    if not fields[3]:
        raise Wrong("an empty regular expression", 4)
    try:
        compile_posix(fields[3] if fields[3] != "*" else ".")
    except Wrong as wrong:
        raise Wrong(str(wrong), 4) from wrong
    if fields[6] not in _ENCRYPTED:
        raise Wrong("encrypted is not 0, 1 or *", 7)
    return MemberSignature(
        name=title,
        container=_unless_any(fields[1]),
        container_size=_bounds(fields[2], 3),
        pattern=_unless_any(fields[3]),
        packed=_bounds(fields[4], 5),
        size=_bounds(fields[5], 6),
        encrypted=_ENCRYPTED[fields[6]],
        position=_bounds(fields[7], 8),
        checksum=_sum(fields[8]),
        line=number_of_line,
    )


def _unless_any(text: str) -> str | None:
    return None if text == "*" else text


def _bounds(text: str, field: int) -> tuple[int, int] | None:
    if text == "*":
        return None
    found = _range(text)
    if found is None:
        raise Wrong("not a number, a range or *", field)
    return int(found[1]), int(found[2] or found[1])


def _sum(text: str) -> int | None:
    if text == "*":
        return None
    if _checksum(text) is None:
        raise Wrong("not a checksum in hexadecimal digits, or *", 9)
    return int(text, 16)
