r"""Records of the ledger, a line each.

    DIGEST NUMBER {"kind": ...}\n

DIGEST is 16 hexadecimal digits, the front of the leaf hash (RFC 6962) of what stands
behind it. NUMBER counts records from 1. The rest is JSON in ASCII, so that request
lines can be read as they were sent. Three kinds tell of a connection, by its number
`seq`; a fourth tells of bytes that a crash left behind, which were no record.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from clearward.core.errors import Malformed
from clearward.updates.tree import hash_leaf

DIGEST = 16  # characters
_FRONT = DIGEST // 2  # bytes of a hash
_MOST_COUNT = (1 << 63) - 1
_ENCODER = json.JSONEncoder(separators=(",", ":"))  # made once: it is asked often


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection that is about to be made.

    Attributes:
        seq: number of the connection, from 1.
        time: when, ISO 8601 in UTC.
        reason: the word for what it is needed for.
        destination: host and port.
        requests: request lines that are about to be sent.
        bodies: SHA-256 of what is sent behind them, hexadecimal.
    """

    kind: ClassVar = "opened"
    seq: int
    time: str
    reason: str
    destination: str
    requests: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A further request on a connection, about to be sent."""

    kind: ClassVar = "asked"
    seq: int
    requests: tuple[str, ...]
    bodies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Closed:
    """The end of a connection.

    Attributes:
        seq: number of the connection.
        sent: bytes given to the socket.
        received: bytes taken from it.
        answers: SHA-256 of the bodies of answers, hexadecimal.
    """

    kind: ClassVar = "closed"
    seq: int
    sent: int
    received: int
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Torn:
    """Bytes of a record that was never whole, taken away before this was written."""

    kind: ClassVar = "torn"
    seq: int  # connections before it
    lost: int


Record = Opened | Asked | Closed | Torn
_KINDS: Mapping[str, type[Record]] = {
    one.kind: one for one in (Opened, Asked, Closed, Torn)
}
_COUNTS = {"seq", "sent", "received", "lost"}
_LISTS = {"requests", "bodies", "answers"}


def leaf(number: int, record: Record) -> bytes:
    """Return the entry of the tree that a record is."""
    body = {"kind": record.kind}
    body |= {name: getattr(record, name) for name in record.__match_args__}
    return b"%d %s" % (number, _ENCODER.encode(body).encode("ascii"))


def line(entry: bytes, hashed: bytes) -> bytes:
    """Return an entry as it is written, given its leaf hash."""
    return b"%s %s\n" % (hashed[:_FRONT].hex().encode("ascii"), entry)


def whole(written: bytes, number: int) -> bytes | None:
    """Return the leaf hash of a line without its end; None if it is no such record.

    Args:
        written: the line.
        number: that it has to have.
    """
    entry = written[DIGEST + 1 :]
    hashed = hash_leaf(entry)
    front = b"%s %d " % (hashed[:_FRONT].hex().encode("ascii"), number)
    return hashed if written.startswith(front) else None


def parse(entry: bytes) -> Record:
    """Read an entry, or a line behind its digest.

    Raises:
        Malformed: it is none.
    """
    number, _, body = entry.partition(b" ")
    try:
        fields = json.loads(body)
        kind = _KINDS[fields.pop("kind")]
        read = {name: _value(name, value) for name, value in fields.items()}
        return kind(**read)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Malformed("ledger", len(number), "record") from error


def _value(name: str, value: Any) -> Any:  # noqa: ANN401 - JSON has many types
    """Return a field, if it has the type that it has to have."""
    if name in _COUNTS:
        good = type(value) is int and 0 <= value <= _MOST_COUNT
    elif name in _LISTS:
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        good = False
    else:
        good = isinstance(value, str)
    if not good:
        raise ValueError(name)
    return value
