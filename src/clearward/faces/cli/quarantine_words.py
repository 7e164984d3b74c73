"""One quarantined file, in words and as JSON."""

import base64
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from clearward.faces.text import escaped, shown, utf8
from clearward.stores.quarantine.record import Record
from clearward.stores.quarantine.store import Item

_BILLION = 1_000_000_000


def row(item: Item) -> dict[str, Any]:
    """What a list says of an entry, as JSON."""
    record = item.record
    if record is None:
        return {"id": item.identifier, "state": "damaged", "detail": item.damage}
    path, valid = utf8(record.path)
    fields = {
        "id": item.identifier,
        "state": "kept" if item.settled else "unsettled",
        "path": path,
        "time": record.time.isoformat(),
        "bytes": record.size,
        "sha256": record.digest,
        "rules": [
            {"name": rule.name, "origin": rule.origin} for rule in record.found.rules
        ],
        "by": record.found.by,
        "reason": record.found.why,
        "links": record.links,
    }
    if not valid:
        fields["path_b64"] = base64.b64encode(record.path).decode("ascii")
    return fields


def details(item: Item) -> dict[str, Any]:
    """Everything that is known of an entry, as JSON."""
    record = item.record
    if record is None:
        return row(item)
    held = record.attributes
    return {
        **row(item),
        "rules_sha256": record.found.image,
        "mode": f"{held.mode:04o}",
        "uid": held.owner,
        "gid": held.group,
        "accessed_ns": held.read,
        "modified_ns": held.modified,
        "changed_ns": record.identity.changed,
        "device": record.identity.device,
        "inode": record.identity.inode,
        "extended_attributes": [escaped(name) for name, _ in held.extended],
        "bytes_kept": sum(extent.length for extent in record.extents),
    }


def line(item: Item) -> str:
    """What a list says of an entry, as a line."""
    record = item.record
    if record is None:
        return f"{item.identifier}  damaged: {escaped(item.damage)}"
    unsettled = "" if item.settled else "  (may still be in its old place)"
    return (
        f"{item.identifier}  {when(record)}  {record.size}  {shown(record.path)}  "
        f"{why(record)}{unsettled}"
    )


def when(record: Record) -> str:
    """The time of an entry, UTC, to the second."""
    return record.time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def why(record: Record) -> str:
    """The rules that an entry is there for, or what a person said."""
    names = ", ".join(escaped(rule.name) for rule in record.found.rules)
    return names or escaped(record.found.why) or "-"


def rows_of(item: Item) -> Iterator[str]:
    """Everything that is known of an entry, a line each."""
    record = item.record
    if record is None:
        yield line(item)
        return
    held = record.attributes
    names = ", ".join(escaped(name) for name, _ in held.extended) or "none"
    modified = datetime.fromtimestamp(held.modified / _BILLION, UTC)
    fields = {
        "id": item.identifier,
        "path": shown(record.path),
        "quarantined": f"{when(record)}, by {escaped(record.found.by)}",
        "because of": why(record),
        "rules": escaped(record.found.image) or "none asked",
        "size": f"{record.size:,} bytes",
        "sha256": record.digest,
        "mode": f"{stat.filemode(stat.S_IFREG | held.mode)} ({held.mode:04o})",
        "owner": f"{held.owner}:{held.group}",
        "modified": modified.isoformat(),
        "attributes": names,
        "names": f"{record.links}",
        "state": "kept" if item.settled else "may still be in its old place",
    }
    for name, value in fields.items():
        yield f"{name + ':':<13} {value}"
