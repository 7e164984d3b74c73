"""What a scan adds up to, and the exit status that follows."""

from dataclasses import dataclass, field

from clearward.core.verdict import Outcome
from clearward.jail.scanned import Scanned

_SHORT = 10.0  # seconds, below which hundredths are shown


@dataclass(slots=True)
class Totals:
    """Counts over one run.

    Attributes:
        outcomes: files by outcome; a file counts once.
        size: bytes of all files, as they lie on disk.
        cached: files that were not read, since they are remembered as clean.
        unread: bytes of these.
        complaints: folders that could not be entered.
        deaths: workers that ended before their answer.
        excluded: files of which a match was left out.
    """

    outcomes: dict[Outcome, int] = field(
        default_factory=lambda: dict.fromkeys(Outcome, 0)
    )
    size: int = 0
    cached: int = 0
    unread: int = 0
    complaints: int = 0
    deaths: int = 0
    excluded: int = 0

    def add(self, scanned: Scanned) -> None:
        """Count one file."""
        self.outcomes[scanned.verdict.outcome] += 1
        self.size += scanned.entry.size
        self.deaths += bool(scanned.death)
        self.excluded += bool(scanned.excluded)

    def add_cached(self, count: int, size: int) -> None:
        """Count files that are remembered as clean."""
        self.outcomes[Outcome.CLEAN] += count
        self.cached += count
        self.size += size
        self.unread += size

    @property
    def files(self) -> int:
        """Files counted so far."""
        return sum(self.outcomes.values())

    def status(self) -> int:
        """The exit status: 1 if anything was found, else 2 if anything was left out."""
        if self.outcomes[Outcome.FOUND]:
            return 1
        return 2 if self.outcomes[Outcome.UNSCANNED] or self.complaints else 0


@dataclass(frozen=True, slots=True)
class Closing:
    """What stands below the results.

    Attributes:
        totals: the counts.
        seconds: wall time from the first file on.
        rules: signatures and digests in force.
        protection: the level that was measured.
        missing: what keeps it from level A.
        skipped: files in rule folders that are no rules, by ending.
        unusable: lines and rules that could not be used.
        exclusions: how many the user has made that hold now.
    """

    totals: Totals
    seconds: float
    rules: int
    protection: str
    missing: tuple[str, ...] = ()
    skipped: dict[str, int] = field(default_factory=dict)
    unusable: int = 0
    exclusions: int = 0


def summary_lines(closing: Closing) -> list[tuple[str, str]]:
    """The summary as names and values."""
    totals = closing.totals
    megabytes = (totals.size - totals.unread) / 1e6
    rate = megabytes / closing.seconds if closing.seconds else 0.0
    seconds = f"{closing.seconds:.{1 if closing.seconds >= _SHORT else 2}f}"
    missing = f" (missing: {', '.join(closing.missing)})" if closing.missing else ""
    lines = [
        ("files", f"{totals.files:,}"),
        ("clean", f"{totals.outcomes[Outcome.CLEAN]:,}"),
        ("found", f"{totals.outcomes[Outcome.FOUND]:,}"),
        ("not scanned", f"{totals.outcomes[Outcome.UNSCANNED]:,}"),
        ("read", f"{megabytes:,.1f} MB in {seconds} s, {rate:,.1f} MB/s"),
        ("rules", f"{closing.rules:,}"),
        ("protection", f"{closing.protection}{missing}"),
    ]
    if totals.cached:
        lines.insert(
            2, ("of these", f"{totals.cached:,} known and unchanged, not read")
        )
    if closing.unusable:
        lines.append(("rules unused", f"{closing.unusable:,}"))
    if closing.skipped:
        kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(closing.skipped.items()))
        lines.append(("no rules", f"{kinds}"))
    if closing.exclusions or totals.excluded:
        said = f"{totals.excluded:,} files, by {closing.exclusions:,} exclusions"
        lines.append(("left out", f"{said}: see clearward rules exclusions"))
    if totals.complaints:
        lines.append(("no entry", f"{totals.complaints:,} folders"))
    if totals.deaths:
        lines.append(("deaths", f"{totals.deaths:,} workers"))
    return lines
