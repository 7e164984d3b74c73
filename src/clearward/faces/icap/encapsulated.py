"""Read the Encapsulated field: which heads of HTTP come along, and whether a body does.

    Encapsulated: req-hdr=0, res-hdr=58, res-body=137

Numbers are offsets in bytes from the end of the ICAP head. Heads stand as they are; a
body, always the last, is sent in chunks; null-body says that there is none.

Offsets that go back, stand still or leave a gap in front are refused, and a head that
does not end with an empty line: then an offset lies about where it ends.

Source: RFC 3507, section 4.4.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from clearward.faces.icap.status import Fault

MOST_HEADS = 256 * 1024  # bytes of all heads of HTTP in one request

_ENTRY = re.compile(
    r"(req-hdr|res-hdr|req-body|res-body|opt-body|null-body)[ \t]*=[ \t]*([0-9]{1,10})"
)

# What may come along with each method, in this order; the last is one of several.
_HEADS = {
    "OPTIONS": (),
    "REQMOD": ("req-hdr",),
    "RESPMOD": ("req-hdr", "res-hdr"),
}
_BODIES = {
    "OPTIONS": ("opt-body", "null-body"),
    "REQMOD": ("req-body", "null-body"),
    "RESPMOD": ("res-body", "null-body"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """One head of HTTP.

    Attributes:
        name: ``"req-hdr"`` or ``"res-hdr"``.
        size: bytes, its empty line included; at least 1.
    """

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Sections:
    """What stands behind an ICAP head.

    Attributes:
        heads: in their order.
        body: name of the body; empty if there is none.
    """

    heads: tuple[Section, ...] = ()
    body: str = ""

    @property
    def size(self) -> int:
        """Bytes of all heads."""
        return sum(head.size for head in self.heads)


NOTHING = Sections()


def read_sections(method: str, value: bytes) -> Sections:
    """Read the value of the field.

    Args:
        method: of the request; it says what may come along.
        value: as it was sent.

    Raises:
        Fault: it names what the method does not have, or offsets that cannot be.
    """
    entries = [
        _ENTRY.fullmatch(entry.strip(" \t"))
        for entry in value.decode("ascii", errors="replace").split(",")
    ]
    names = [entry[1] for entry in entries if entry is not None]
    places = [int(entry[2]) for entry in entries if entry is not None]
    if len(names) != len(entries):
        raise Fault("Encapsulated")
    if names[-1] not in _BODIES[method] or not _in_order(names[:-1], _HEADS[method]):
        raise Fault("sections for the method")
    if places[0] != 0 or places[-1] > MOST_HEADS:
        raise Fault("offset of a section")
    sizes = [end - start for start, end in pairwise(places)]
    if any(size <= 0 for size in sizes):
        raise Fault("offset of a section")
    heads = tuple(map(Section, names[:-1], sizes))
    return Sections(heads, "" if names[-1] == "null-body" else names[-1])


def split_heads(sections: Sections, data: bytes) -> dict[str, bytes]:
    """Return each head of HTTP by its name.

    Raises:
        Fault: one does not end with an empty line, or not there alone.
    """
    heads = {}
    start = 0
    for section in sections.heads:
        head = data[start : start + section.size]
        end = head.find(b"\r\n\r\n")
        if end != len(head) - len(b"\r\n\r\n"):
            raise Fault("offset of a section")
        heads[section.name] = head
        start += section.size
    return heads


def _in_order(names: list[str], allowed: tuple[str, ...]) -> bool:
    """Say whether each name is allowed, at most once and in the order of those."""
    places = [allowed.index(name) for name in names if name in allowed]
    return len(places) == len(names) and all(a < b for a, b in pairwise(places))
