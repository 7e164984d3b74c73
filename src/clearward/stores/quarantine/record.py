"""What is known about a quarantined file, in values and as JSON."""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clearward.stores.quarantine.attributes import Attributes
from clearward.stores.quarantine.damage import Damaged
from clearward.stores.quarantine.extents import Extent
from clearward.stores.quarantine.identity import Identity

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that matched.

    Attributes:
        name: as people see it.
        origin: where it comes from, as in `core.names.ORIGINS`.
    """

    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Found:
    """Why a file is moved away.

    Attributes:
        rules: those that matched; none if a person chose the file.
        by: who moved it: ``"scan"``, ``"add"``, ``"guard"``.
        why: what the person said.
        image: SHA-256 of the rules in force, hexadecimal; empty if none were asked.
    """

    rules: tuple[Rule, ...] = ()
    by: str = "add"
    why: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that is kept about one file besides its content.

    Attributes:
        identifier: 32 hexadecimal digits, earlier ones sort first.
        path: absolute, raw.
        time: when it was moved away, with its time zone.
        found: why.
        identity: of the file as it was.
        links: names that it had, this one included.
        digest: SHA-256 of all its bytes, hexadecimal.
        attributes: to be given back.
        extents: where it held data.
    """

    identifier: str
    path: bytes
    time: datetime
    found: Found
    identity: Identity
    links: int
    digest: str
    attributes: Attributes
    extents: tuple[Extent, ...]

    @property
    def size(self) -> int:
        """Bytes that the file had, holes included."""
        return self.identity.size

    def to_json(self) -> bytes:
        """Write it down."""
        one, found, held = self.identity, self.found, self.attributes
        fields = {
            "version": _VERSION,
            "id": self.identifier,
            "path": _text(self.path),
            "time": self.time.isoformat(),
            "rules": [(rule.name, rule.origin) for rule in found.rules],
            "found": (found.by, found.why, found.image),
            "file": (one.device, one.inode, one.size, one.modified, one.changed),
            "links": self.links,
            "sha256": self.digest,
            "mode": held.mode,
            "owner": (held.owner, held.group),
            "times": (held.read, held.modified),
            "extended": [(name, _text(value)) for name, value in held.extended],
            "extents": [(extent.start, extent.length) for extent in self.extents],
        }
        return json.dumps(fields, separators=(",", ":")).encode("ascii")

    @classmethod
    def from_json(cls, data: bytes) -> "Record":
        """Read it again.

        Raises:
            Damaged: it was written by a version that is not known, or is none.
        """
        try:
            fields: dict[str, Any] = json.loads(data)
            if fields["version"] != _VERSION:
                raise Damaged("the entry was written by a later version")
            return _record(fields)
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise Damaged("the record of the entry cannot be read") from error


def _record(fields: dict[str, Any]) -> Record:
    by, why, image = map(str, fields["found"])
    extended = tuple((str(name), _raw(value)) for name, value in fields["extended"])
    owner, group = map(int, fields["owner"])
    read, modified = map(int, fields["times"])
    return Record(
        str(fields["id"]),
        _raw(fields["path"]),
        datetime.fromisoformat(fields["time"]),
        Found(tuple(Rule(*row) for row in fields["rules"]), by, why, image),
        Identity(*map(int, fields["file"])),
        int(fields["links"]),
        str(fields["sha256"]),
        Attributes(int(fields["mode"]), owner, group, read, modified, extended),
        tuple(Extent(*map(int, row)) for row in fields["extents"]),
    )


def _text(raw: bytes) -> str:
    return b64encode(raw).decode("ascii")


def _raw(text: str) -> bytes:
    return b64decode(text, validate=True)
