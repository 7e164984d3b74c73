"""Where the lines of clamscan and clamdscan go: standard output, error, and a log.

`--quiet` leaves errors, `--stdout` moves all to standard output, and the log keeps what
was found and what went wrong whatever is shown.

Source: recorded command lines of ClamAV 1.4.6.
"""

import os
from dataclasses import dataclass
from typing import TextIO

from clearward.faces.text import escaped


@dataclass(slots=True)
class Output:
    """Shows lines.

    Attributes:
        out: standard output.
        err: standard error.
        quiet: only errors.
        together: errors and warnings on standard output, too.
        log: the report, or None.
    """

    out: TextIO
    err: TextIO
    quiet: bool = False
    together: bool = False
    log: TextIO | None = None

    def line(self, text: str, *, logged: bool = True) -> None:
        """Show a line of the result."""
        if not self.quiet:
            self.out.write(text + "\n")
        self._keep(text, logged=logged)

    def warn(self, text: str) -> None:
        """Show a warning; `text` is without the word."""
        said = f"WARNING: {escaped(text)}"
        if not self.quiet:
            self._aside(said)
        self._keep(said, logged=True)

    def fail(self, text: str) -> None:
        """Show an error; `text` is without the word."""
        said = f"ERROR: {escaped(text)}"
        self._aside(said)
        self._keep(said, logged=True)

    def raw_error(self, text: str) -> None:
        """Show an error that has no word in front and is in no log."""
        self.err.write(escaped(text) + "\n")

    def bell(self) -> None:
        """Ring."""
        self.err.write("\a")

    def close(self) -> None:
        """Write out what is left, and close the log."""
        self.out.flush()
        if self.log is not None:
            self.log.close()

    def _aside(self, said: str) -> None:
        (self.out if self.together else self.err).write(said + "\n")

    def _keep(self, said: str, *, logged: bool) -> None:
        if logged and self.log is not None:
            self.log.write(said + "\n")


def open_log(path: str) -> TextIO:
    """Open a report to write at its end; a link is not followed.

    Raises:
        OSError: it cannot be written.
    """
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags | os.O_NONBLOCK, 0o640)
    return open(descriptor, "a", encoding="utf-8", errors="backslashreplace")
