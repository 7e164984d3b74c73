"""Where results go when nobody watches: JSON lines or plain lines."""

from collections.abc import Sequence
from typing import Protocol, Self, TextIO

from clearward.core.names import RuleName
from clearward.core.verdict import Outcome
from clearward.faces.cli import words
from clearward.faces.cli.totals import Closing, summary_lines
from clearward.faces.text import shown
from clearward.jail.known import Passed
from clearward.jail.scanned import Scanned


class Report(Protocol):
    """Shows results as they come. Use it in a `with` block."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(self, *error: object) -> None:
        """End, also after an error."""

    def result(self, scanned: Scanned) -> None:
        """Show one file."""

    def passed(self, passed: Passed) -> None:
        """Show files that are remembered as clean."""

    def close(self, closing: Closing) -> None:
        """Show what it adds up to."""


class JsonReport:
    """NDJSON: an object for every file, then one for the summary."""

    def __init__(self, rules: Sequence[RuleName], out: TextIO) -> None:
        self._rules = rules
        self._out = out

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def result(self, scanned: Scanned) -> None:
        """Write one file's object."""
        self._out.write(words.row(scanned, self._rules) + "\n")

    def passed(self, passed: Passed) -> None:
        """Write the objects of files that are remembered as clean."""
        self._out.write(words.cached_rows(passed))

    def close(self, closing: Closing) -> None:
        """Write the summary's object."""
        self._out.write(words.last_row(closing) + "\n")
        self._out.flush()


class PlainReport:
    """A line for every file that is not clean, then a summary; no colours."""

    def __init__(self, rules: Sequence[RuleName], out: TextIO) -> None:
        self._rules = rules
        self._out = out

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def result(self, scanned: Scanned) -> None:
        """Write one line, unless the file is clean."""
        if scanned.may_be_remembered and not scanned.explanation:
            return
        if scanned.verdict.outcome is not Outcome.CLEAN:
            said = words.sentence(scanned.verdict, self._rules)
            self._out.write(f"{shown(scanned.entry.path)}: {said}\n")
        if scanned.excluded:
            said = words.left_out(scanned.excluded)
            self._out.write(f"{shown(scanned.entry.path)}: {said}\n")
        if scanned.explanation:
            for line in words.explained(scanned, self._rules):
                self._out.write(f"    {line}\n")

    def passed(self, passed: Passed) -> None:
        """Write nothing: they are clean."""

    def close(self, closing: Closing) -> None:
        """Write the summary."""
        for name, value in summary_lines(closing):
            self._out.write(f"{name + ':':<12} {value}\n")
        self._out.flush()
