"""What comes out of the pool for one file."""

from dataclasses import dataclass

from clearward.core.exclusion import Excluded
from clearward.core.verdict import Outcome, Verdict
from clearward.jail.broker import Entry


@dataclass(slots=True)
class Scanned:
    """One file and what was found out about it.

    Not frozen, since one is made for every file.

    Attributes:
        entry: the file, closed by now, or what could not be opened.
        verdict: the answer.
        seconds: between the answer before it and this one, in its worker; for a run
            of files with one answer, their share of that.
        explanation: the bytes of the wide answer; empty unless asked for.
        death: how its worker ended, if it did.
        excluded: what matched and is left out of the verdict. If there is any, a clean
            verdict holds for now alone and must not be remembered.
    """

    entry: Entry
    verdict: Verdict
    seconds: float = 0.0
    explanation: bytes = b""
    death: str = ""
    excluded: tuple[Excluded, ...] = ()

    @property
    def may_be_remembered(self) -> bool:
        """It is clean, also without exclusions."""
        return self.verdict.outcome is Outcome.CLEAN and not self.excluded
