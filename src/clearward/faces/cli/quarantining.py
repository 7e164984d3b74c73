"""What `clearward scan --quarantine` does with what was found."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from clearward.core.errors import Refused, Unavailable
from clearward.core.verdict import Outcome
from clearward.faces.text import escaped
from clearward.jail.broker import OpenFile
from clearward.jail.scanned import Scanned
from clearward.service.in_force import describe
from clearward.stores.home import home
from clearward.wiring import Scanner

_STANDARD_INPUT = b"-"

Move = Callable[[Scanned], str | None]


@contextmanager
def quarantining(scanner: Scanner, *, asked: bool) -> Iterator[Move]:
    """Give a function that moves a file into quarantine if a rule matched.

    It returns the identifier of the entry, or None. What cannot be moved is told in a
    line on standard error and stays where it is; the scan goes on.

    Args:
        scanner: that looks at the files.
        asked: else the function does nothing.

    Raises:
        Refused: the quarantine cannot be used as it is.
        Unavailable: it cannot be made or opened.
    """
    if not asked:
        yield lambda _: None
        return
    # It takes a library for encryption, which most scans do without.
    from clearward.stores.quarantine.record import Found, Rule
    from clearward.stores.quarantine.store import Quarantine

    image = describe(scanner, datetime.now(UTC)).digest
    gone: set[bytes] = set()
    with Quarantine(home(), _complain) as quarantine:

        def move(scanned: Scanned) -> str | None:
            entry = scanned.entry
            if scanned.verdict.outcome is not Outcome.FOUND:
                return None
            if not isinstance(entry, OpenFile) or entry.path == _STANDARD_INPUT:
                _complain(f"{os.fsdecode(entry.path)}: is no file that can be moved")
                return None
            matched = [scanner.rules[number] for number in scanned.verdict.rules]
            rules = tuple(Rule(rule.name, rule.origin) for rule in matched)
            found = Found(rules, "scan", "", image)
            real = os.path.realpath(entry.path)
            if real in gone and not os.path.lexists(real):
                return None  # it was given twice, or is reached by a link as well
            try:
                record = quarantine.take(entry.path, found, entry.status)
            except (Refused, Unavailable) as error:
                _complain(f"not quarantined: {error}")
                return None
            gone.add(record.path)
            return record.identifier

        yield move


def _complain(said: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"clearward: {escaped(said)}\n")
