"""Send files to clamd: descriptors or their bytes, one by one or many in a session."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from clearward.core.reasons import Reason
from clearward.faces.clamav.conf import Conf
from clearward.faces.clamav.link import Link
from clearward.faces.clamav.wire import Meaning, Unclear, numbered
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
    alone(conf, send, path, report)
    if (report.found, report.errors) == before:
        report.clean(path)


def alone(conf: Conf, send: Send, path: bytes, report: Report) -> None:
    """Send each file on a connection of its own; say nothing of what is clean."""
    for entry in Files(conf, report).below(path):
        try:
            line = asked(conf, send, entry.descriptor, report)
        finally:
            changed = entry.close()
        if line and not report.refused(line):
            meaning = report.about(entry.path, line, entry.status)
            if changed and meaning is Meaning.CLEAN:
                report.failed(entry.path, changed.word)


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
        waiting: by the number of the command: a file, and what was known of it.
        over: the server does not listen any more.
    """

    link: Link
    report: Report
    waiting: dict[int, tuple[bytes, os.stat_result]] = field(default_factory=dict)
    over: bool = False

    def send(self, files: Files, send: Send, path: bytes) -> None:
        """Send every file that a path leads to; all are waiting for a reply then.

        Also those that cannot be sent, because the server listens no more.
        """
        for entry in files.below(path):
            self.waiting[len(self.waiting) + 1] = (entry.path, entry.status)
            try:
                if not self.over:
                    send(self.link, entry.descriptor)
            except GONE:
                self.over = True
            finally:
                changed = entry.close()
            if changed:
                self.report.failed(entry.path, changed.word)

    def hear(self) -> None:
        """Show every reply; what has none is left waiting.

        Raises:
            OSError: the connection broke.
            Unclear: a reply to nothing that was sent.
        """
        for line in self.link.lines():
            number, said = numbered(line)
            known = self.waiting.pop(number, None)
            if known is None:
                raise Unclear("Failed to parse reply: it is to nothing that was sent")
            self.report.about(known[0], said, known[1])


def together(conf: Conf, send: Send, path: bytes, report: Report) -> None:
    """Send every file that a path leads to in one session.

    A server that refuses one of them ends the session. What it has not answered then
    is sent again, each file by itself.
    """
    before = (report.found, report.errors)
    try:
        with linked(conf.servers) as link:
            link.command(b"IDSESSION")
            session = Session(link, report)
            session.send(Files(conf, report), send, path)
            with suppress(*GONE):  # it gave up, and may say why
                link.command(b"END")
            with suppress(*GONE):
                session.hear()
    except TROUBLE as error:
        report.broken(trouble(error))
        return
    again = streamed if send is streamed_whole else send
    for unanswered, _ in session.waiting.values():
        alone(conf, again, unanswered, report)
    if (report.found, report.errors) == before:
        report.clean(path)
