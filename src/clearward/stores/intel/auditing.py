"""Who changed what, and when: lines that are added and never changed.

Each line has the digest of itself and of the line before, so that one which was
changed or taken out later shows. It is kept with what it tells of, or neither is.
"""

import getpass
import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from clearward.stores.intel.tables import audit

_MOST = 1000  # characters of a part of a line
_START = "0" * 64


@dataclass(frozen=True, slots=True)
class Line:
    """One of them.

    Attributes:
        number: from 1, without gaps.
        time: microseconds since 1970.
        actor: a user, or ``local:NAME`` for one of the machine.
        action: what he did.
        subject: with what.
        detail: and how.
        digest: of it and of all before, in hexadecimal digits.
    """

    number: int
    time: int
    actor: str
    action: str
    subject: str
    detail: str
    digest: str

    def follows(self, number: int, before: str) -> bool:
        """Say whether it is the line behind another one, and unchanged."""
        return self.number == number + 1 and self.digest == _digest(before, self)


def here() -> str:
    """Return who runs a command on this machine."""
    try:
        return f"local:{getpass.getuser()}"
    except (OSError, KeyError):  # nobody of the machine's users
        return "local"


def record(
    connection: Connection, actor: str, action: str, subject: str, detail: str = ""
) -> None:
    """Add a line, in the transaction of what it tells of."""
    newest = select(audit.c.number, audit.c.digest).order_by(audit.c.number.desc())
    row = connection.execute(newest.limit(1)).first()
    number, before = (row.number, row.digest) if row else (0, _START)
    said = Line(
        number + 1,
        time.time_ns() // 1000,
        actor[:_MOST],
        action,
        subject[:_MOST],
        detail[:_MOST],
        "",
    )
    connection.execute(
        insert(audit).values(
            number=said.number,
            time=said.time,
            actor=said.actor,
            action=said.action,
            subject=said.subject,
            detail=said.detail,
            digest=_digest(before, said),
        )
    )


def lines(connection: Connection) -> Iterator[tuple[Line, bool]]:
    """Give every line, and whether it and its place are as they were written."""
    number, before = 0, _START
    for row in connection.execute(select(audit).order_by(audit.c.number)):
        line = Line(*row)
        yield line, line.follows(number, before)
        number, before = line.number, line.digest


def _digest(before: str, line: Line) -> str:
    said = [before, line.number, line.time, line.actor, line.action]
    text = json.dumps([*said, line.subject, line.detail])
    return hashlib.sha256(text.encode()).hexdigest()
