"""What comes out of the pool for one file."""

from dataclasses import dataclass

from clearward.core.verdict import Verdict
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
    """

    entry: Entry
    verdict: Verdict
    seconds: float = 0.0
    explanation: bytes = b""
    death: str = ""
