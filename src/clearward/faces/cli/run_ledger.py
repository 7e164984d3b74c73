"""What the subcommands of `clearward ledger` do."""

import hashlib
import json as json_text
import os
import sys
from collections.abc import Sequence

from clearward.core.errors import Refused
from clearward.egress import payloads
from clearward.egress.check import verify
from clearward.egress.connections import connections
from clearward.egress.cosigned import Standing, standing
from clearward.egress.export import export
from clearward.egress.folder import NAME
from clearward.egress.witnesses import known
from clearward.faces.cli.ledger_words import (
    cosigned_line,
    cosigned_row,
    details,
    found,
    line,
    lines,
    row,
    summary,
)
from clearward.faces.text import escaped
from clearward.stores.home import home
from clearward.updates.keys import PublicKey

WRONG = 1


def list_all(*, json: bool) -> None:
    """List all connections.

    Raises:
        Unavailable: the ledger cannot be read.
    """
    told = connections(_path())
    for one in told.connections:
        _say(json_text.dumps(row(one)) if json else line(one))
    ended = [one.closed for one in told.connections if one.closed]
    fields = {
        "connections": len(told.connections),
        "sent": sum(one.sent for one in ended),
        "received": sum(one.received for one in ended),
        "damaged": told.damaged,
    }
    if json:
        _say(json_text.dumps({"summary": fields}))
    if told.damaged:
        count = f"{told.damaged:,} damaged records were passed over"
        sys.stderr.write(f"clearward: {count}: see clearward ledger verify\n")


def show(seq: int, *, json: bool) -> None:
    """Show one connection.

    Raises:
        Refused: there is none of that number.
        Unavailable: the ledger cannot be read.
    """
    for one in connections(_path()).connections:
        if one.opened.seq == seq:
            break
    else:
        raise Refused(f"the ledger has no connection {seq}")
    there = payloads.kept(_path(), one.bodies)
    if json:
        _say(json_text.dumps({**details(one), "bodies_kept": there}))
        _say(json_text.dumps({"summary": {"connections": 1}}))
        return
    for text in (*lines(one), *(f"{'kept:':<13} {name}" for name in there)):
        _say(text)


def verify_all(
    folder: str | None, key: str | None, named: Sequence[str], *, json: bool
) -> int:
    """Check a ledger; return the exit status.

    Args:
        folder: of an export; the one of the home if it is None.
        key: that has to have signed it.
        named: keys of witnesses that have to have cosigned it.
        json: print that.

    Raises:
        Refused: there is no such folder.
        Malformed: a key is none.
        Unavailable: the ledger cannot be read.
    """
    if folder is not None and not os.path.isdir(folder):
        raise Refused(f"{escaped(folder)}: is no folder")
    used = None if key is None else PublicKey.parse(key)
    wanted = [PublicKey.parse(one) for one in named]
    path = folder or _path()
    report = verify(path, used)
    stood = _cosigned(path, report.key, wanted)
    changed = list(payloads.wrong(path))
    for name in changed:
        why = "is not what was sent"
        plain = f"payload {escaped(name)}: {why}"
        _say(json_text.dumps({"payload": name, "why": why}) if json else plain)
    if json:
        if report.wrong is not None:
            _say(json_text.dumps({"record": report.wrong, "why": report.why}))
        witnesses = [cosigned_row(one) for one in stood]
        _say(json_text.dumps({"summary": {**summary(report), "cosigned": witnesses}}))
    else:
        for text in (*found(report), *map(cosigned_line, stood)):
            _say(text)
    good = all(not one.why and (one.head or not wanted) for one in stood)
    return 0 if report.wrong is None and good and not changed else WRONG


def _cosigned(path: str, key: str, wanted: list[PublicKey]) -> list[Standing]:
    """Return what witnesses have signed: those that are wanted, else those known."""
    keys = wanted or [one.key for one in known(path)]
    if not key:  # of the ledger: nothing was ever written
        return [Standing(one) for one in keys]
    return standing(path, PublicKey.parse(key), keys)


def keep(*, on: bool | None, json: bool) -> None:
    """Keep bodies from now on, or no more, and say which.

    Raises:
        Refused: others may use the folder.
        Unavailable: it cannot be written.
    """
    if on is not None:
        payloads.switch(_path(), on=on)
    fields = {
        "kept": payloads.are_kept(_path()),
        "payloads": len(payloads.names(_path())),
    }
    said = "payloads are kept" if fields["kept"] else "payloads are not kept"
    said += f"; {fields['payloads']:,} are there"
    _say(json_text.dumps({"summary": fields}) if json else said)


def payload(digest: str) -> None:
    """Write one body.

    Raises:
        Refused: it is not kept, or is not what was sent.
        Unavailable: it cannot be read.
    """
    if digest not in payloads.names(_path()):
        raise Refused(f"{escaped(digest)}: no such payload is kept")
    body = payloads.read(_path(), digest)
    if hashlib.sha256(body).hexdigest() != digest:
        raise Refused(f"{digest}: is not what was sent")
    if sys.stdout.isatty():  # nothing in it may steer the terminal
        _say(escaped(body.decode("utf-8", "backslashreplace")))
        return
    sys.stdout.buffer.write(body)


def export_all(folder: str, *, json: bool) -> None:
    """Copy the ledger into a new folder.

    Raises:
        Refused: there is no ledger, or something is there.
        Unavailable: it cannot be read or written.
    """
    size = export(_path(), folder)
    fields = {"folder": escaped(folder), "bytes": size}
    said = f"{size:,} bytes of records, their head and its key"
    _say(json_text.dumps({"summary": fields}) if json else said)


def _path() -> str:
    return os.path.join(home(), NAME)


def _say(said: str) -> None:
    sys.stdout.write(said + "\n")
