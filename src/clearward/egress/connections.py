"""The connections that the records of a ledger tell of."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from clearward.core.errors import Malformed
from clearward.egress import folder
from clearward.egress.lines import blocks
from clearward.egress.record import DIGEST, Asked, Closed, Opened, Record, parse, whole


@dataclass(slots=True)
class Connection:
    """One, as far as it is written down.

    Attributes:
        opened: what was known before it was made.
        requests: request lines, the first as in `opened`.
        bodies: SHA-256 of what was sent behind them.
        closed: its counts; None if it has not ended, or its process was killed.
    """

    opened: Opened
    requests: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    closed: Closed | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What can be read.

    Attributes:
        connections: in their order.
        damaged: lines that are no records, a torn last one included.
    """

    connections: list[Connection]
    damaged: int


def connections(path: str) -> Told:
    """Return all connections; a damaged record is passed over and counted.

    Args:
        path: of the folder.

    Raises:
        Unavailable: it cannot be read.
    """
    found: list[Record] = []
    seen, damaged, torn = 0, 0, False
    try:
        with folder.locked(path, alone=False) as opened:
            end = folder.size(opened)
            folder.release(opened)
            for lines, rest in blocks(opened, 0, end):
                torn = bool(rest)  # that of the last block counts
                read = [_record(one, seen + at) for at, one in enumerate(lines, 1)]
                seen += len(lines)
                damaged += read.count(None)
                found += (one for one in read if one)
    except FileNotFoundError:
        return Told([], 0)
    return Told(joined(found), damaged + torn)


def joined(records: Iterable[Record]) -> list[Connection]:
    """Put together what records tell of each connection."""
    known: dict[int, Connection] = {}
    for record in records:
        if isinstance(record, Opened):
            asked = list(record.requests), list(record.bodies)
            known[record.seq] = Connection(record, *asked)
        elif record.seq in known and isinstance(record, Asked):
            known[record.seq].requests += record.requests
            known[record.seq].bodies += record.bodies
        elif record.seq in known and isinstance(record, Closed):
            known[record.seq].closed = record
    return list(known.values())


def _record(written: bytes, number: int) -> Record | None:
    try:
        return parse(written[DIGEST + 1 :]) if whole(written, number) else None
    except Malformed:
        return None
