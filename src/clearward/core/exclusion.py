"""A match that a person does not want to hear of, for some time and no longer."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

DIGEST = re.compile(r"[0-9a-f]{64}")  # SHA-256 of a whole file


@dataclass(frozen=True, slots=True)
class Excluded:
    """A rule that matched and was left out of a verdict.

    Attributes:
        name: of the rule.
        until: when that ends, seconds since 1970 UTC.
        digest: SHA-256 of the file, hexadecimal, if the whole file is excluded and not
            the rule; else empty.
    """

    name: str
    until: int
    digest: str = ""

    def row(self) -> dict[str, str]:
        """The same as a JSON object."""
        row = {"name": self.name, "until": iso(self.until)}
        return {**row, "sha256": self.digest} if self.digest else row

    def words(self) -> str:
        """The same for people."""
        what = "this file" if self.digest else "this rule"
        return f"{self.name} ({what} is excluded until {iso(self.until)})"


def iso(seconds: int) -> str:
    """Write seconds since 1970 as a date and time, UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
