"""Show the result of each file as clamscan does, and count."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from clearward.core.names import RuleName
from clearward.core.reasons import Reason, words
from clearward.core.verdict import Outcome
from clearward.faces.clamav.disposal import Disposal
from clearward.faces.clamav.output import Output
from clearward.faces.clamav.summary import BLOCK, Tally
from clearward.faces.clamscan import names
from clearward.faces.clamscan.inside import place
from clearward.faces.clamscan.settings import Settings
from clearward.faces.clamscan.walk import Said, Weight
from clearward.faces.text import shown
from clearward.jail.broker import OpenFile, Unopened
from clearward.jail.scanned import Scanned

STANDARD_INPUT = b"stdin"
FOUND, FAILED = 1, 2


@dataclass(slots=True)
class Results:
    """Shows results one by one.

    Attributes:
        settings: what was asked for.
        output: where lines go.
        disposal: what is done with what was found.
        rules: those in force, by number.
        tally: the counts.
        failed: something could not be looked at.
    """

    settings: Settings
    output: Output
    disposal: Disposal
    rules: Sequence[RuleName]
    tally: Tally = field(default_factory=Tally)
    failed: bool = False

    def status(self) -> int:
        """Return the exit status: a find wins over a failure."""
        if self.tally.found:
            return FOUND
        return FAILED if self.failed else 0

    def show(self, result: Scanned | Said) -> None:
        """Show one result."""
        if isinstance(result, Said):
            self._said(result)
            return
        if self.settings.verbose:
            self.output.line(f"Scanning {shown(result.entry.path)}", logged=False)
        found = self._found(result)
        self._count(result)
        self.tally.found += bool(found)
        for one in result.excluded:
            self.output.warn(f"{shown(result.entry.path)}: left out: {one.words()}")
        if found:
            self._show_found(result, found)
        elif result.verdict.outcome is Outcome.CLEAN:
            self._quiet_line(result.entry.path, "OK", hidden=self.settings.no_ok)
        else:
            self._unscanned(result)

    def _said(self, said: Said) -> None:
        path = shown(said.path)
        if said.weight is Weight.NOTHING:
            self._quiet_line(said.path, said.text)
            return
        self.failed = True
        if said.weight is Weight.ERROR:
            self.tally.errors += 1
            self.output.line(f"{path}: {said.text}")
        elif said.weight is Weight.WARNING:
            self.output.warn(f"{path}: {said.text}")
        else:
            self.output.raw_error(f"{path}: {said.text}")
            self.output.warn(f"{path}: Can't access file")

    def _found(self, result: Scanned) -> list[str]:
        """Return what was found; a limit counts where that was asked for."""
        verdict = result.verdict
        found = [names.called(self.rules[one]) for one in verdict.rules]
        if not found and self.settings.alert_limits:
            whole = isinstance(result.entry, Unopened)
            name = names.limit(verdict.reasons, whole=whole)
            found = [name] if name else []
        if not found and self.settings.alert_encrypted:
            found = [names.ENCRYPTED] if Reason.ENCRYPTED & verdict.reasons else []
        return found if self.settings.every else found[:1]

    def _count(self, result: Scanned) -> None:
        """Count a file; the original counts no container in which a rule matched."""
        blocks = result.entry.size // BLOCK
        opened = isinstance(result.entry, OpenFile)
        if not opened and not Reason.SIZE_LIMIT & result.verdict.reasons:
            return
        self.tally.files += 1
        self.tally.read += blocks
        if opened and not (result.verdict.rules and result.verdict.parts > 1):
            self.tally.scanned += blocks

    def _show_found(self, result: Scanned, found: list[str]) -> None:
        path = result.entry.path
        for name in found:
            self.output.line(f"{shown(path)}: {name} FOUND")
        inside = place(result, len(self.rules)) if result.explanation else None
        if inside:
            self.output.line(f"{inside}: {found[0]} FOUND")
        if self.settings.bell:
            self.output.bell()
        if isinstance(result.entry, OpenFile) and path != STANDARD_INPUT:
            self.disposal.dispose(path, result.entry.status, self.output)

    def _unscanned(self, result: Scanned) -> None:
        """Say that something was not looked at, which is never a clean result."""
        self.failed = True
        self.tally.errors += 1
        reasons = result.verdict.reasons
        never = isinstance(result.entry, Unopened)
        if never and Reason.PERMISSION & reasons:
            said = "Access denied"
        else:
            said = ", ".join(words(reasons)) + " ERROR"
        self.output.line(f"{shown(result.entry.path)}: {said}")

    def _quiet_line(self, path: bytes, said: str, *, hidden: bool = False) -> None:
        if not (self.settings.infected or hidden):
            self.output.line(f"{shown(path)}: {said}", logged=False)
