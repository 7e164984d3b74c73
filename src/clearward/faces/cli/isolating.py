"""What `clearward guard --quarantine` does with what was written and found."""

import os
from collections.abc import Callable
from threading import Lock

from clearward.core.errors import Refused, Unavailable
from clearward.faces.guard.judging import Result
from clearward.service.desk import Desk
from clearward.stores.home import home
from clearward.stores.quarantine.record import Found, Rule
from clearward.stores.quarantine.store import Quarantine

Isolate = Callable[[bytes, Result, os.stat_result], str]


def isolating(desk: Desk) -> Isolate:
    """Give a function that moves a file into quarantine, to be called in a thread.

    It returns what is wrong, or nothing. What cannot be moved stays where it is, and
    is denied there all the same.

    Args:
        desk: whose rules have found it.

    Raises:
        Refused: the quarantine cannot be used as it is.
        Unavailable: it cannot be made or opened.
    """
    said: list[str] = []
    alone = Lock()
    with Quarantine(home(), said.append):
        pass  # it can be opened, so others may rely on it

    def isolate(path: bytes, result: Result, status: os.stat_result) -> str:
        rules = tuple(Rule(rule.name, rule.origin) for rule in result.rules)
        try:
            with alone, Quarantine(home(), said.append) as quarantine:
                said.clear()
                image = desk.in_force.digest
                quarantine.take(path, Found(rules, "guard", "", image), status)
        except (Refused, Unavailable) as error:
            return str(error)
        return "; ".join(said)

    return isolate
