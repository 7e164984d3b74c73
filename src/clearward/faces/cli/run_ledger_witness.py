"""What `clearward ledger cosign` and `clearward ledger witness` do."""

import json as json_text
import os
import sys
from collections.abc import Sequence

from clearward.core.errors import ClearwardError, Malformed
from clearward.egress import folder
from clearward.egress.cosigned import Standing, log_key, standing
from clearward.egress.cosigning import Outcome, cosign, door
from clearward.egress.door import Door
from clearward.egress.head import public
from clearward.egress.ledger import Ledger
from clearward.egress.witnesses import Witness, known
from clearward.egress.witnesses import add as add_to
from clearward.egress.witnesses import remove as remove_from
from clearward.faces.cli.ledger_words import cosigned_line, cosigned_row
from clearward.faces.text import escaped
from clearward.stores.home import home
from clearward.updates.keys import PublicKey

FAILED = 1


def add(url: str, vkey: str) -> None:
    """Have the ledger cosigned by a witness.

    Raises:
        Refused: the address or the key is none.
        Unavailable: the folder cannot be written.
    """
    path = _path()
    add_to(path, Witness.of(url, vkey))
    _say(f"the witness has to watch this log: {_log(path)}")


def list_all(*, json: bool) -> None:
    """List the witnesses.

    Raises:
        Refused: their file is damaged.
        Unavailable: it cannot be read.
    """
    path = _path()
    witnesses = known(path)
    log = _log(path) if witnesses else None
    for one in witnesses:
        (stood,) = standing(path, log, [one.key]) if log else [Standing(one.key)]
        row = {"url": one.url, "vkey": str(one.key), **cosigned_row(stood)}
        line = f"{escaped(str(one))}: {cosigned_line(stood)}"
        _say(json_text.dumps(row) if json else line)
    if json:
        fields = {"witnesses": len(witnesses), "log_vkey": str(log) if log else None}
        _say(json_text.dumps({"summary": fields}))
    elif log:
        _say(f"they have to watch this log: {log}")


def remove(name: str) -> None:
    """Ask a witness no more.

    Raises:
        Refused: there is none of that name.
        Unavailable: the folder cannot be written.
    """
    _say(f"not asked any more: {escaped(str(remove_from(_path(), name)))}")


def cosign_all(*, json: bool) -> int:
    """Ask all witnesses; return the exit status.

    Raises:
        Refused: the ledger is damaged.
        Unavailable: it cannot be read.
    """
    witnesses = known(_path())
    outcomes = _outcomes(witnesses)
    for one in outcomes:
        name = one.witness.key.name
        row = {"name": name, "records": one.size or None, "why": one.why}
        line = _told(one) if one.why else f"cosigned by {name}: {one.size:,} records"
        _say(json_text.dumps({**row, "forked": one.forked}) if json else line)
    failed = sum(bool(one.why) for one in outcomes)
    if json:
        fields = {"witnesses": len(witnesses), "cosigned": len(outcomes) - failed}
        _say(json_text.dumps({"summary": fields}))
    elif not outcomes:
        _say("no witness was added" if not witnesses else "nothing has left yet")
    return FAILED if failed else 0


def cosign_after(used: Door) -> None:
    """Have the ledger cosigned at the end of a command, if that has used the door.

    What goes wrong is said and changes nothing else: the next command asks again.
    """
    if used.used:
        cosign_ledger(used.ledger)


def cosign_ledger(ledger: Ledger) -> None:
    """Do it in any case."""
    try:
        outcomes = _outcomes(known(ledger.path))
    except ClearwardError as error:
        sys.stderr.write(f"clearward: the ledger was not cosigned: {error}\n")
        return
    for one in outcomes:
        if one.why:
            sys.stderr.write(f"clearward: the ledger: {_told(one)}\n")


def _outcomes(witnesses: Sequence[Witness]) -> list[Outcome]:
    if not witnesses:
        return []
    return cosign(door(Ledger(home()), witnesses), witnesses)


def _told(one: Outcome) -> str:
    said = "DOES NOT KNOW THIS LEDGER" if one.forked else "has not cosigned"
    return f"{escaped(one.witness.key.name)} {said}: {escaped(one.why)}"


def _log(path: str) -> PublicKey:
    """Return the key of the ledger, made if it never was."""
    try:
        return log_key(folder.public_key(path))
    except (FileNotFoundError, Malformed):
        with folder.locked(path, alone=True):
            return log_key(public(folder.key(path)))


def _path() -> str:
    return os.path.join(home(), folder.NAME)


def _say(said: str) -> None:
    sys.stdout.write(said + "\n")
