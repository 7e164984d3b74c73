"""Send files to clamd: descriptors or their bytes, one by one or many in a session."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from clearward.core.reasons import Reason
from clearward.faces.clam_conf import Conf
from clearward.faces.clam_link import Link
from clearward.faces.clam_wire import Meaning, Unclear, numbered
from clearward.faces.clamdscan.health import TROUBLE, linked, trouble
from clearward.faces.clamdscan.report import Report
from clearward.faces.text import escaped
from clearward.jail.broker import OpenFile, Unopened
from clearward.jail.tree import Choice, Walk

_NO_REPLY = "no reply from clamd"
GONE = (BrokenPipeError, ConnectionResetError)  # the server does not listen


@dataclass(frozen=True, slots=True)
class Files:
    """Opens what is to be sent.

    Attributes:
        conf: says what is left out.
        report: hears what cannot be opened.
    """

    conf: Conf
    report: Report

    def below(self, path: bytes) -> Iterator[OpenFile]:
        """Yield every file that a path leads to; it is closed by whoever takes it."""

        def complain(folder: bytes, said: str) -> None:
            self.report.failed(folder, escaped(said))

        told: set[bytes] = set()
        for entry in Walk(Choice(), complain).entries(path):
            left = self._left_out(path, entry.path)
            if left:
                if isinstance(entry, OpenFile):
                    entry.close()
                if left not in told:
                    told.add(left)
                    self.report.left_out(left)
            elif isinstance(entry, OpenFile):
                yield entry
            else:
                self._unopened(entry)

    def _left_out(self, top: bytes, path: bytes) -> bytes:
        """Return the part of a path that is left out, or nothing."""
        if not self.conf.exclude:
            return b""
        for slash in re.finditer(rb"/|$", path):
            part = path[: slash.start()]
            if len(part) >= len(top.rstrip(b"/")) and self.conf.leaves(
                os.fsdecode(part)
            ):
                return part
        return b""

    def _unopened(self, entry: Unopened) -> None:
        if entry.reason is Reason.NOT_REGULAR:
            self.report.warned(entry.path, "Not supported file type")
        elif entry.reason is Reason.PERMISSION:
            self.report.failed(entry.path, "Access denied.")
        else:
            self.report.failed(entry.path, entry.reason.word)


def passed(link: Link, descriptor: int) -> None:
    """Send a file as a descriptor."""
    link.command(b"FILDES")
    link.descriptor(descriptor)


def streamed(link: Link, descriptor: int) -> None:
    """Send the bytes of a file from its start, unless they are refused before."""
    link.command(b"INSTREAM")
    link.stream(descriptor, heed=True)


def streamed_whole(link: Link, descriptor: int) -> None:
    """Send the bytes of a file in a session, where replies are about others."""
    link.command(b"INSTREAM")
    link.stream(descriptor, heed=False)


Send = Callable[[Link, int], None]


def one_by_one(conf: Conf, send: Send, path: bytes, report: Report) -> None:
    """Send each file on a connection of its own."""
    before = (report.found, report.errors)
    for entry in Files(conf, report).below(path):
        try:
            line = asked(conf, send, entry.descriptor, report)
        finally:
            changed = entry.close()
        if line and not report.refused(line):
            meaning = report.about(entry.path, line, entry.status)
            if changed and meaning is Meaning.CLEAN:
                report.failed(entry.path, changed.word)
    if (report.found, report.errors) == before:
        report.clean(path)


def asked(conf: Conf, send: Send, descriptor: int, report: Report) -> bytes:
    """Send one file and return the reply; nothing if that was said to have failed."""
    try:
        with linked(conf.servers) as link:
            try:
                send(link, descriptor)
            except GONE as error:
                # The server may have said why it does not listen any more.
                with suppress(OSError, Unclear):
                    line = link.line()
                    if line:
                        return line
                report.broken(f"Can't send to clamd: {error.strerror}")
                return b""
            line = link.line()
    except TROUBLE as error:
        report.broken(trouble(error))
        return b""
    if not line:
        report.broken(_NO_REPLY)
    return line


@dataclass(slots=True)
class Session:
    """Many files on one connection, whose replies come in any order.

    Attributes:
        link: the connection.
        report: shows the replies.
        waiting: by the number of the command: what was named, the file below it, and
            what was known of it.
        bad: what was named and is not all clean.
    """

    link: Link
    report: Report
    waiting: dict[int, tuple[bytes, bytes, os.stat_result]] = field(
        default_factory=dict
    )
    bad: set[bytes] = field(default_factory=set)

    def send(self, files: Files, send: Send, path: bytes) -> None:
        """Send every file that a path leads to."""
        errors = self.report.errors
        for entry in files.below(path):
            try:
                self.waiting[len(self.waiting) + 1] = (path, entry.path, entry.status)
                send(self.link, entry.descriptor)
            finally:
                changed = entry.close()
            if changed:
                self.report.failed(entry.path, changed.word)
        if self.report.errors != errors:
            self.bad.add(path)

    def hear(self) -> None:
        """Show every reply; what has none is an error."""
        for line in self.link.lines():
            number, said = numbered(line)
            known = self.waiting.pop(number, None)
            if known is None:
                raise Unclear("a reply to nothing")
            named, path, status = known
            if self.report.about(path, said, status) is not Meaning.CLEAN:
                self.bad.add(named)
        if self.waiting:
            self.bad.update(named for named, _, _ in self.waiting.values())
            closed = "Clamd closed the connection before scanning all files."
            self.report.broken(closed)


def together(conf: Conf, send: Send, paths: Sequence[bytes], report: Report) -> None:
    """Send all files in one session."""
    try:
        with linked(conf.servers) as link:
            link.command(b"IDSESSION")
            session = Session(link, report)
            with suppress(*GONE):  # it gave up, and says below why
                for path in paths:
                    session.send(Files(conf, report), send, path)
                link.command(b"END")
            session.hear()
    except TROUBLE as error:
        report.broken(trouble(error))
    else:
        for path in paths:
            if path not in session.bad:
                report.clean(path)
