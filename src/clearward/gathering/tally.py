"""What became of what an import brought."""

from dataclasses import dataclass, field

from clearward.stores.intel.adding import Outcome

_MOST_LINES = 1000


@dataclass(slots=True)
class Tally:
    """Counts, and why objects were not taken.

    Attributes:
        new: objects that were not there.
        duplicate: objects that were.
        quarantined: new ones that would hit everybody.
        rejected: objects that were not taken.
        lines: where and why, of the first ones.
    """

    new: int = 0
    duplicate: int = 0
    quarantined: int = 0
    rejected: int = 0
    lines: list[tuple[str, str]] = field(default_factory=list)

    @property
    def objects(self) -> int:
        """All of them."""
        return self.new + self.duplicate + self.quarantined + self.rejected

    def reject(self, where: str, why: str) -> None:
        """Count an object that is not taken."""
        self.rejected += 1
        if len(self.lines) < _MOST_LINES:
            self.lines.append((where, why))

    def count(self, where: str, outcome: Outcome) -> None:
        """Count what became of an object."""
        match outcome:
            case Outcome.NEW:
                self.new += 1
            case Outcome.DUPLICATE:
                self.duplicate += 1
            case Outcome.QUARANTINED:
                self.quarantined += 1
            case Outcome.FOREIGN:
                self.reject(where, "it belongs to another organisation")

    def plus(self, other: "Tally") -> "Tally":
        """Return both together."""
        return Tally(
            self.new + other.new,
            self.duplicate + other.duplicate,
            self.quarantined + other.quarantined,
            self.rejected + other.rejected,
            (self.lines + other.lines)[:_MOST_LINES],
        )
