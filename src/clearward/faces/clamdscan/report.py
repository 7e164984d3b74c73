"""Show what clamd says as clamdscan does, and count."""

import os
from dataclasses import dataclass

from clearward.faces.clamav.disposal import Disposal
from clearward.faces.clamav.output import Output
from clearward.faces.clamav.wire import Meaning, Reply, Unclear, reply
from clearward.faces.text import shown

FOUND, FAILED = 1, 2
# What the server says of a folder that its own settings leave out.
_LEFT_OUT = (b": Excluded", b": Excluded (another filesystem)")


@dataclass(slots=True)
class Report:
    """Shows replies one by one.

    Attributes:
        output: where lines go.
        disposal: what is done with what was found.
        infected: no lines for what is clean.
        found: files in which something was found.
        errors: what could not be looked at.
    """

    output: Output
    disposal: Disposal
    infected: bool = False
    found: int = 0
    errors: int = 0
    _last: bytes = b""

    def status(self) -> int:
        """Return the exit status: a find wins over a failure."""
        if self.found:
            return FOUND
        return FAILED if self.errors else 0

    def clean(self, path: bytes) -> None:
        """Show that all of what was named is clean."""
        if not self.infected:
            self.output.line(f"{shown(path)}: OK")

    def failed(self, path: bytes, why: str) -> None:
        """Show that something was not looked at."""
        self.errors += 1
        self.output.line(f"{shown(path)}: {why} ERROR")

    def left_out(self, path: bytes) -> None:
        """Show what is left out, which is not clean."""
        self.errors += 1
        self.output.line(f"{shown(path)}: Excluded")

    def warned(self, path: bytes, why: str) -> None:
        """Show that something cannot be looked at at all."""
        self.errors += 1
        self.output.warn(f"{shown(path)}: {why}")

    def broken(self, why: str) -> None:
        """Show that nothing can be asked."""
        self.errors += 1
        self.output.fail(why)

    def line(self, line: bytes) -> Meaning:
        """Show a reply that names what it is about."""
        if line.endswith(_LEFT_OUT):
            self.errors += 1
            self.output.line(shown(line))
            return Meaning.FAILED
        said = self._read(line)
        if said is None:
            return Meaning.FAILED
        if said.meaning is Meaning.CLEAN:
            self.clean(said.about)
        elif said.meaning is Meaning.FOUND:
            self._count(said.about)
            self.output.line(shown(line))
        else:
            self.errors += 1
            self.output.line(shown(line))
        return said.meaning

    def about(
        self, path: bytes, line: bytes, scanned: os.stat_result | None
    ) -> Meaning:
        """Show a reply to what was sent, under the name of the file.

        Nothing is shown for a clean one: that is said of all that was named.
        """
        said = self._read(line)
        if said is None:
            return Meaning.FAILED
        if said.meaning is Meaning.FOUND:
            self._count(path)
            self.output.line(f"{shown(path)}: {shown(said.text)} FOUND")
            if scanned is not None:
                self.disposal.dispose(path, scanned, self.output)
        elif said.meaning is Meaning.FAILED:
            self.failed(path, shown(said.text))
        return said.meaning

    def refused(self, line: bytes) -> bool:
        """Show a reply that is about no file, if it is one: the server gives up."""
        try:
            about_nothing = not reply(line).about
        except Unclear:
            return False
        if about_nothing:
            self._unclear(line)
        return about_nothing

    def _read(self, line: bytes) -> Reply | None:
        try:
            return reply(line)
        except Unclear:
            self._unclear(line)
            return None

    def _unclear(self, line: bytes) -> None:
        self.errors += 1
        self.output.line(f'Failed to parse reply: "{shown(line)}"')

    def _count(self, path: bytes) -> None:
        """Count a file once, also where several rules match."""
        self.found += path != self._last
        self._last = path
