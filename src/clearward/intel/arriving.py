"""Objects as they arrive: what the store has to know of one, and whether to take it.

The bytes are kept as they came. Only the members that decide something are read, and
of these only that they are what they are said to be: the rest is kept and not trusted.
"""

import re
from dataclasses import dataclass, replace

import msgspec

from clearward.indicators.kinds import Kind
from clearward.intel.times import microseconds
from clearward.intel.tlp import is_redefined
from clearward.intel.values import values_of

MOST_DEPTH = 100  # of JSON
MOST_PATTERN = 65_536  # bytes
MOST_OBJECT = 16 << 20  # bytes
_MOST_REFERENCES = 100_000
_ID = re.compile(
    r"([a-z0-9][a-z0-9-]{1,248}[a-z0-9])"
    r"--[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
)
_SPECS = frozenset({"2.0", "2.1"})
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class Rejected(Exception):
    """An object that is not taken; the message says why in a few words."""


class _Granular(msgspec.Struct):
    marking_ref: str | None = None


class _Head(msgspec.Struct):
    type: str
    id: str
    spec_version: str | None = None
    created: str | None = None
    modified: str | None = None
    created_by_ref: str | None = None
    object_marking_refs: list[str] = []
    granular_markings: list[_Granular] = []
    revoked: bool = False
    pattern: str | None = None
    pattern_type: str | None = None
    value: str | None = None
    hashes: dict[str, str] | None = None
    source_ref: str | None = None
    target_ref: str | None = None
    sighting_of_ref: str | None = None
    where_sighted_refs: list[str] = []
    observed_data_refs: list[str] = []
    object_refs: list[str] = []


@dataclass(frozen=True, slots=True)
class Arrived:
    """One version of an object, and what the store needs to know of it.

    Attributes:
        id: of STIX.
        type: of STIX.
        spec: version of STIX, ``2.0`` or ``2.1``.
        version: microseconds of ``modified``, or of ``created``; 0 if it has neither.
        body: its JSON as it came.
        markings: ids of those on it and on its parts.
        author: ``created_by_ref``.
        ends: objects without which it says nothing: what a relationship joins.
        names: other objects that it names.
        values: what it stands for, canonical.
        held: why it goes into quarantine, if it does.
        is_made: its id was made here from its value, so that whoever claims the same
            names the same object; it is nobody's own.
    """

    id: str
    type: str
    spec: str
    version: int
    body: bytes
    markings: frozenset[str] = frozenset()
    author: str | None = None
    ends: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    values: tuple[tuple[Kind, str], ...] = ()
    held: str | None = None
    is_made: bool = False

    def by(self, author: str) -> "Arrived":
        """Return it with an author written in, if it could have one and has none."""
        if self.author is not None or self.version == 0:
            return self
        start = self.body.index(b"{") + 1
        said = b'"created_by_ref":"%s",' % author.encode()
        body = self.body[:start] + said + self.body[start:]
        return replace(self, body=body, author=author)


_decoder = msgspec.json.Decoder(_Head)


def arrived(body: bytes) -> Arrived:
    """Read one object.

    Raises:
        Rejected: it is not taken.
    """
    if len(body) > MOST_OBJECT:
        raise Rejected("it is longer than 16 MiB")
    if is_deep(body):
        raise Rejected(f"it is nested deeper than {MOST_DEPTH}")
    try:
        head = _decoder.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise Rejected(f"it is not an object of STIX: {error}") from error
    _check_id(head)
    version = _version(head)
    if head.type == "marking-definition":
        _check_definition(body)
    if head.pattern is not None and len(head.pattern.encode()) > MOST_PATTERN:
        raise Rejected(f"its pattern is longer than {MOST_PATTERN} bytes")
    spec = head.spec_version or ("2.0" if head.created is not None else "2.1")
    if spec not in _SPECS:
        raise Rejected("its version of STIX is not known")
    granular = {one.marking_ref for one in head.granular_markings if one.marking_ref}
    return Arrived(
        id=head.id,
        type=head.type,
        spec=spec,
        version=version,
        body=body,
        markings=frozenset(head.object_marking_refs) | granular,
        author=head.created_by_ref,
        ends=_ends(head),
        names=tuple(dict.fromkeys(head.object_refs)),
        values=values_of(head.type, head.pattern, head.value, head.hashes or {}),
    )


def is_deep(text: bytes) -> bool:
    """Say whether JSON is nested deeper than `MOST_DEPTH`; linear in its length."""
    if text.count(b"{") + text.count(b"[") <= MOST_DEPTH:
        return False
    depth = 0
    for byte in _STRINGS.sub(b"", text).translate(None, _NO_BRACKETS):
        if byte in b"{[":
            depth += 1
            if depth > MOST_DEPTH:
                return True
        elif byte in b"}]":
            depth -= 1
    return False


def _check_id(head: _Head) -> None:
    found = _ID.fullmatch(head.id)
    if found is None:
        raise Rejected("its id is not one of STIX")
    if found[1] != head.type:
        raise Rejected("its id is one of another type")
    if head.type == "bundle":
        raise Rejected("a bundle is no object")
    references = len(head.object_refs) + len(head.object_marking_refs)
    if references > _MOST_REFERENCES:
        raise Rejected("it names too many objects")


def _version(head: _Head) -> int:
    try:
        created = 0 if head.created is None else microseconds(head.created)
        version = created if head.modified is None else microseconds(head.modified)
    except ValueError as error:
        raise Rejected("its times are not times of STIX") from error
    if head.modified is not None and head.created is not None and version < created:
        raise Rejected("it was modified before it was created")
    return version


def _check_definition(body: bytes) -> None:
    try:
        redefined = is_redefined(msgspec.json.decode(body))
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Rejected("it is not an object of STIX") from error
    if redefined:
        raise Rejected("the markings of TLP cannot be redefined")


def _ends(head: _Head) -> tuple[str, ...]:
    said = [head.source_ref, head.target_ref, head.sighting_of_ref]
    said += head.where_sighted_refs if head.type == "sighting" else []
    return tuple(dict.fromkeys(one for one in said if one))
