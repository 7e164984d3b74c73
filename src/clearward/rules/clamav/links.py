"""Phishing lists: pdb names what is protected, wdb what is allowed.

    R[flags]:regex of what is shown[:levels]        pdb
    H[flags]:host that is shown[:levels]
    X[flags]:regex of the target:regex of what is shown[:levels]      wdb
    Y[flags]:regex of the target[:levels]
    M[flags]:host of the target:host that is shown[:levels]

Levels are ``least-`` or ``least-most``, the most not included. The two parts of an X
line are one regular expression, joined by the colon.

Source: docs.clamav.net, "Phishing signatures"; tried with clamscan 1.4.6.
"""

import re

from clearward.rules.clamav.fault import LeftOut, Why, Wrong
from clearward.rules.clamav.fields import LEVEL
from clearward.rules.clamav.listed import Link
from clearward.rules.clamav.posix import compile_posix

_LEVELS = re.compile(r":([0-9]{1,9})-([0-9]{0,9})\Z").search
_PROTECTED = frozenset("RH")
_ALLOWED = frozenset("XYM")
_REGEX = frozenset("RXY")
_PAIRS = frozenset("XM")


def read_link(line: str, number_of_line: int, *, allows: bool) -> Link:
    """Return what a line of a pdb file says, or of a wdb file if it allows.

    Raises:
        LeftOut: it is for other versions.
        Wrong: it is no such line.
    """
    head, colon, text = line.partition(":")
    kind, flags = head[:1], head[1:]
    if kind not in (_ALLOWED if allows else _PROTECTED):
        raise Wrong("X, Y or M has to come first" if allows else "R or H has to", 1)
    levels = _LEVELS(line)
    if levels is not None:
        if int(levels[1]) > LEVEL or (levels[2] and int(levels[2]) <= LEVEL):
            raise LeftOut(Why.LEVEL)
        text = text[: max(levels.start() - len(head) - 1, 0)]
    if not colon or not text:
        raise Wrong("nothing behind the first colon", 2)
    real: str | None = None
    if kind in _PAIRS:
        first, between, second = text.partition(":")
        real, text = (first, second) if between else (None, first)
    elif kind == "Y":
        real, text = text, ""
    if kind in _REGEX:
        compile_posix(":".join(part for part in (real, text) if part))
    return Link(allows, kind in _REGEX, real, text, flags, number_of_line)
