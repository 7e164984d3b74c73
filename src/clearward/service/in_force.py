"""What is told about the rules in force, and about the work done with them."""

import hashlib
import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from clearward import __version__
from clearward.wiring import Scanner

_DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules in force.

    Attributes:
        count: how many.
        digest: SHA-256 over all their sources and what they mean in this version,
            hexadecimal: another one, other rules.
        loaded: when they were put in force, UTC.
        built: when the newest of their sources was written, UTC.
        seq: number of the installed release; 0 for the starter bundle, and for none.
        excluded: names and digests that the user has excluded now, with when that ends.
    """

    count: int
    digest: str
    loaded: datetime
    built: datetime
    seq: int = 0
    excluded: tuple[tuple[str, int], ...] = ()

    @property
    def mark(self) -> str:
        """Another one, other answers: of the rules and of what is excluded."""
        if not self.excluded:
            return self.digest
        return hashlib.sha256(f"{self.digest} {self.excluded}".encode()).hexdigest()

    @property
    def number(self) -> int:
        """A number that grows from day to day, as that of ClamAV's database."""
        return int(self.built.timestamp()) // _DAY


@dataclass(slots=True)
class Counts:
    """What was done since the start.

    Attributes:
        outcomes: objects by outcome, ``"clean"``, ``"found"`` and ``"unscanned"``.
        deaths: workers that an object was too much for.
        cached: of them, files that were known to be clean from before.
        reloads: rules that were put in force after the first.
        failed_reloads: times that new rules could not be used, and the old ones stayed.
        waiting: objects that wait for a worker now.
        busy: workers that look at something now.
        jobs: workers there may be, while none of them is slow.
        excluded: objects of which a match was left out.
        exclusions: that hold now.
        damage: what is wrong with what is kept of them, in one line; else empty.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    deaths: int = 0
    cached: int = 0
    reloads: int = 0
    failed_reloads: int = 0
    waiting: int = 0
    busy: int = 0
    jobs: int = 0
    excluded: int = 0
    exclusions: int = 0
    damage: str = ""


def describe(scanner: Scanner, now: datetime) -> InForce:
    """Say what a scanner has in force."""
    digest = hashlib.sha256(__version__.encode())
    newest = 0.0
    for file, read in zip(scanner.files, scanner.table.digests, strict=True):
        digest.update(f"\n{file.origin} {file.kind} {read}".encode())
        newest = max(newest, os.fstat(file.descriptor).st_mtime)
    digest.update(f"\n{scanner.table.in_force}".encode())
    built = datetime.fromtimestamp(newest, UTC)
    seq = scanner.release.seq if scanner.release else 0
    return InForce(scanner.table.in_force, digest.hexdigest(), now, built, seq)
