"""Which files and programs cost most: the table by which exclusions are chosen.

Only what was handed to the desk counts; what is remembered costs next to nothing.
"""

from dataclasses import dataclass


@dataclass(slots=True)
class Cost:
    """What one file or program has cost.

    Attributes:
        scans: how often it was scanned.
        seconds: between the question and the answer, together.
    """

    scans: int = 0
    seconds: float = 0.0


class Costs:
    """A table of bounded size.

    Args:
        most: rows that are kept. When there are twice as many the cheaper half goes, so
            a row may have lost what it had cost before it went.
    """

    def __init__(self, most: int = 4096) -> None:
        self._most = most
        self._rows: dict[bytes, Cost] = {}

    def add(self, name: bytes, seconds: float) -> None:
        """Count one scan."""
        cost = self._rows.get(name)
        if cost is None:
            if len(self._rows) >= 2 * self._most:
                self._rows = dict(self.top(self._most))
            cost = self._rows[name] = Cost()
        cost.scans += 1
        cost.seconds += seconds

    def top(self, count: int) -> list[tuple[bytes, Cost]]:
        """The rows that cost most time, the dearest first."""
        rows = sorted(
            self._rows.items(),
            key=lambda row: (-row[1].seconds, -row[1].scans, row[0]),
        )
        return rows[:count]
