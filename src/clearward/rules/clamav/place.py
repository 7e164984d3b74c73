"""Where a body may begin: the offset field.

    *              anywhere
    n              n bytes from the start
    EOF-n          n bytes before the end
    EP+n  EP-n     from the entry point       (PE, ELF and Mach-O, as all that follow)
    Sx+n           from the start of section x, counted from 0
    SEx            anywhere in section x
    SL+n           from the start of the last section
    VI             at a string of the version information
    $n$            in macro group n

All but ``*``, ``VI`` and ``$n$`` may have ``,m``: the start may lie m bytes later.

Source: docs.clamav.net, "Extended signature format"; what is refused was tried with
clamscan 1.4.6.
"""

import re

from clearward.native.layout import Where
from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.model import Place

EXECUTABLES = frozenset({1, 6, 9})  # targets that have an entry point and sections
MOST_GROUPS = 32
ANYWHERE = Place()

_FORM = re.compile(
    r"""
    (?: (?P<start>[0-9]{1,18})
      | EOF-(?P<end>[0-9]{0,18})
      | EP(?P<entry>[+-][0-9]{0,18})
      | S(?P<section>[0-9]{1,9})\+(?P<within>[0-9]{0,18})
      | SE(?P<all>[0-9]{1,9})
      | SL\+(?P<last>[0-9]{0,18})
    )
    (?:,(?P<shift>[0-9]{0,18}))?
    | (?P<version>VI).*
    | \$(?P<group>[0-9]{1,9})\$?(?:,.*)?
    """,
    re.VERBOSE | re.DOTALL,
).fullmatch
_ANY_TARGET = frozenset({"start", "end", "group"})


def read_place(text: str, target: int) -> Place:
    """Return where a body of a target may begin.

    Raises:
        Wrong: it is no offset, or none that the target has.
    """
    if text == "*":
        return ANYWHERE
    found = _FORM(text)
    if found is None:
        raise Wrong("not an offset" if text else "an empty offset never matches")
    parts = found.groupdict()
    kind = next(
        one
        for one in (
            "start",
            "end",
            "entry",
            "section",
            "all",
            "last",
            "version",
            "group",
        )
        if parts[one] is not None
    )
    if kind not in _ANY_TARGET and target not in EXECUTABLES:
        raise Wrong(f"an offset that target {target} does not have")
    return _MADE[kind](parts[kind], int(parts["shift"] or 0), parts["within"] or "0")


def _from_start(text: str, shift: int, _: str) -> Place:
    return Place(Where.START, int(text), shift)


def _from_end(text: str, shift: int, _: str) -> Place:
    return Place(Where.END, int(text or 0), shift)


def _from_entry(text: str, shift: int, _: str) -> Place:
    return Place(Where.ENTRY, int(text) if text[1:] else 0, shift)


def _from_section(text: str, shift: int, offset: str) -> Place:
    return Place(Where.SECTION, int(offset), shift, section=int(text))


def _in_section(text: str, shift: int, _: str) -> Place:
    return Place(Where.IN_SECTION, 0, shift, section=int(text))


def _from_last(text: str, shift: int, _: str) -> Place:
    return Place(Where.LAST_SECTION, int(text or 0), shift)


def _at_version(_: str, __: int, ___: str) -> Place:
    return Place(Where.VERSION)


def _in_group(text: str, _: int, __: str) -> Place:
    if int(text) >= MOST_GROUPS:
        raise Wrong(f"a macro group above {MOST_GROUPS - 1}")
    return Place(Where.GROUP, group=int(text))


_MADE = {
    "start": _from_start,
    "end": _from_end,
    "entry": _from_entry,
    "section": _from_section,
    "all": _in_section,
    "last": _from_last,
    "version": _at_version,
    "group": _in_group,
}
