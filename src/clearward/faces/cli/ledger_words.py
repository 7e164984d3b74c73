"""The ledger in words and as JSON."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from clearward.egress.check import Report
from clearward.egress.connections import Connection
from clearward.egress.cosigned import Standing
from clearward.faces.text import escaped

_BEFORE = "-"  # a connection that has not ended has no counts


def row(one: Connection) -> dict[str, Any]:
    """What a list says of a connection, as JSON."""
    return {
        "seq": one.opened.seq,
        "time": one.opened.time,
        "reason": one.opened.reason,
        "destination": one.opened.destination,
        "sent": one.closed.sent if one.closed else None,
        "received": one.closed.received if one.closed else None,
        "requests": one.requests,
        "state": "closed" if one.closed else "open",
    }


def details(one: Connection) -> dict[str, Any]:
    """Everything that is written down of a connection, as JSON."""
    answers = one.closed.answers if one.closed else ()
    return {**row(one), "bodies_sha256": one.bodies, "answers_sha256": list(answers)}


def line(one: Connection) -> str:
    """What a list says of a connection, as a line."""
    sent, received = _counts(one)
    asked = "; ".join(escaped(request) for request in one.requests) or _BEFORE
    opened = one.opened
    return (
        f"{opened.seq}  {escaped(opened.time)}  {escaped(opened.reason)}  "
        f"{escaped(opened.destination)}  sent {sent}  received {received}  {asked}"
    )


def lines(one: Connection) -> Iterator[str]:
    """Everything that is written down of a connection, a line each."""
    sent, received = _counts(one)
    fields = [
        ("connection", str(one.opened.seq)),
        ("time", one.opened.time),
        ("reason", one.opened.reason),
        ("destination", one.opened.destination),
        ("sent", f"{sent} bytes"),
        ("received", f"{received} bytes"),
        ("state", "closed" if one.closed else "open, or its process was killed"),
        *(("request", request) for request in one.requests),
        *(("body sent", digest) for digest in one.bodies),
        *(("answer", digest) for digest in (one.closed.answers if one.closed else ())),
    ]
    for name, value in fields:
        yield f"{name + ':':<13} {escaped(value)}"


def summary(report: Report) -> dict[str, Any]:
    """What a check has found, as JSON."""
    return {
        "ok": report.wrong is None,
        "records": report.records,
        "unsigned": report.unsigned,
        "torn_bytes": report.torn,
        "wrong": report.wrong,
        "why": report.why,
        "root": report.root.hex() if report.root else None,
        "key": report.key,
    }


def found(report: Report) -> Iterator[str]:
    """The same for people, a line each."""
    if report.wrong is not None:
        what = f"record {report.wrong}" if report.wrong else "the signed head"
        yield f"{what} {escaped(report.why)}"
    whole = "whole" if report.wrong is None else "whole before it"
    yield f"{report.records:,} records are {whole}"
    if report.wrong is not None:
        return
    if report.unsigned:
        yield f"{report.unsigned:,} of them are not signed yet: a process was killed"
    if report.torn:
        yield f"a torn record follows, {report.torn:,} bytes: a process was killed"
    if report.root:
        yield f"root {report.root.hex()}"
        yield f"signed by {escaped(report.key)}"


def cosigned_row(one: Standing) -> dict[str, Any]:
    """What a witness has signed, as JSON."""
    return {
        "name": one.key.name,
        "records": one.head.size if one.head else None,
        "time": _moment(one),
        "holds": one.head is not None and not one.why,
        "why": one.why,
    }


def cosigned_line(one: Standing) -> str:
    """The same as a line."""
    name = escaped(one.key.name)
    if one.why:
        return f"NOT what {name} knows: {escaped(one.why)}"
    if one.head is None:
        return f"not cosigned by {name} yet"
    return f"cosigned by {name} up to record {one.head.size:,}, at {_moment(one)}"


def _moment(one: Standing) -> str | None:
    """Return the time that a witness says; None if it is none of a calendar."""
    try:
        seconds = one.head.time if one.head else None
        return (
            None
            if seconds is None
            else datetime.fromtimestamp(seconds, UTC).isoformat()
        )
    except (ValueError, OverflowError, OSError):
        return None


def _counts(one: Connection) -> tuple[str, str]:
    if one.closed is None:
        return _BEFORE, _BEFORE
    return str(one.closed.sent), str(one.closed.received)
