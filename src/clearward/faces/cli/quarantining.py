"""What `clearward scan --quarantine` does with what was found."""

import os
import sys
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from clearward.core.errors import Refused, Unavailable
from clearward.core.names import RuleName
from clearward.core.verdict import Outcome
from clearward.faces.text import escaped
from clearward.jail.broker import OpenFile
from clearward.jail.scanned import Scanned
from clearward.stores.home import home
from clearward.stores.quarantine.record import Found, Rule
from clearward.stores.quarantine.store import Quarantine

_STANDARD_INPUT = b"-"


def _complain(said: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"clearward: {escaped(said)}\n")


class Quarantining:
    """Moves what was found into quarantine, file by file. Use it in a `with` block.

    What cannot be moved is told in a line on standard error, stays where it is, and is
    counted; the scan goes on.

    Args:
        rules: every rule in force, by number.
        image: SHA-256 of the rules in force, hexadecimal; empty if it is not known.
        complain: is told, in a line, what could not be moved.

    Attributes:
        moved: how many files were moved.
        stayed: how many could not be.

    Raises:
        Refused: the quarantine cannot be used as it is.
        Unavailable: it cannot be made or opened.
    """

    def __init__(
        self,
        rules: Sequence[RuleName],
        image: str = "",
        complain: Callable[[str], None] = _complain,
    ) -> None:
        self._rules = rules
        self._image = image
        self._complain = complain
        self._quarantine = Quarantine(home(), complain)
        self.moved = 0
        self.stayed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._quarantine.__exit__(kind, error, trace)

    def result(self, scanned: Scanned) -> None:
        """Move the file away if a rule matched."""
        entry = scanned.entry
        if scanned.verdict.outcome is not Outcome.FOUND:
            return
        if not isinstance(entry, OpenFile) or entry.path == _STANDARD_INPUT:
            self._tell_stayed(f"{os.fsdecode(entry.path)}: is no file in a folder")
            return
        try:
            self._quarantine.take(entry.path, self._found(scanned), entry.status)
        except (Refused, Unavailable) as error:
            self._tell_stayed(str(error))
        else:
            self.moved += 1

    def _tell_stayed(self, why: str) -> None:
        self.stayed += 1
        self._complain(f"not quarantined: {why}")

    def _found(self, scanned: Scanned) -> Found:
        matched = [self._rules[number] for number in scanned.verdict.rules]
        rules = tuple(Rule(rule.name, rule.origin) for rule in matched)
        return Found(rules, "scan", "", self._image)
