"""Unpack mail: every body of a message, decoded.

Layout (RFC 5322; RFC 2045 to 2049):

    From: a@example.org                      header
    Content-Type: multipart/mixed; boundary=X
                                             a blank line ends it
    for programs without MIME                preamble
    --X                                      boundary, begins a section
    Content-Transfer-Encoding: base64        header of the section, may be missing
                                             a blank line ends it
    TVqQAAMAAAA...                           body of the section
    --X--                                    closing boundary
    read by nobody                           epilogue

Multiparts may be nested. They are not opened one inside the other: one pass over the
message knows all boundaries met so far, and each ends a section and begins another, so
nesting costs neither depth nor a second look at the bytes. An attached message is a
part, known as mail again by the next look at it.

Where programs read a message differently, each reading is a part. All lines that
begin with a known boundary separate; so does a line that begins with two hyphens and
is followed by a Content header, whatever was declared. But a section that was not
ended by the very boundary that began it is read a second time up to that one, because
to other programs the lines between are just lines. A Content-Transfer-Encoding in the
middle of a body begins a section too: bounced mails hold whole messages as text.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from clearward.core.part import Gap, Item, Member, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats import passwords
from clearward.formats.mail import attached
from clearward.formats.mail.body import as_multipart, items
from clearward.formats.mail.boundaries import Boundaries, Boundary
from clearward.formats.mail.content import Encoding
from clearward.formats.mail.header import Header, read_header
from clearward.formats.mail.marks import AHEAD, LINE_END, Mark, find
from clearward.formats.mail.recognise import first_header, past_blanks, recognises
from clearward.formats.mail.spoken import Spoken

__all__ = ["NAME", "recognises", "unpack"]

NAME = "mail"
MOST_AGAIN = 32  # sections of one message that are read a second time

MARK = re.compile(
    rb"[\r\n](?:--(?P<line>[^\r\n]{0,1000})"
    rb"|(?P<encoding>(?i:content-transfer-encoding)[^:\r\n]{0,200}:)"
    rb"|(?P<binhex>[(]This file must be converted with)"
    rb"|" + attached.BEGIN + rb"|" + attached.YENC + rb")"
)
NEEDS = (b"-", b" ")  # each mark has one of them, and base64 has neither
CONTENT = re.compile(
    rb"[^\r\n]{0,1000}%s[ \t]{0,100}(?i:content-[a-z-]{1,40})[^:\r\n]{0,200}:"
    % LINE_END
)
ARMOR = b"---BEGIN PGP MESSAGE"  # behind two hyphens
INNER = Boundary(b"", exact=False)  # where a section begins without a boundary
FILES = (Encoding.UU, Encoding.YENC)
TOLD = Member(packed=None)  # a mail says nothing of its parts but their names


class Section:
    """What stands between two boundaries.

    Attributes:
        header: its header, which says where its body begins.
        token: the boundary that began it; None in front of the first one.
        closed: it stands behind a closing boundary.
        attached: the first line of the last file that was set into its text.
    """

    __slots__ = ("attached", "closed", "header", "token")

    def __init__(self, header: Header, token: bytes | None, *, closed: bool) -> None:
        self.header = header
        self.token = token
        self.closed = closed
        self.attached: Mark | None = None

    def ends_at(self, boundary: Boundary | None) -> bool:
        """Say whether all programs agree that this section ends here."""
        if boundary is None or self.closed:
            return True
        return boundary.exact and boundary.token == self.token

    def without_attached(self) -> Header:
        """Its header without the encodings of files that were found in its text."""
        content = self.header.content
        if self.attached is None or not any(map(FILES.count, content.encodings)):
            return self.header
        rest = tuple(one for one in content.encodings if one not in FILES)
        return replace(self.header, content=replace(content, encodings=rest))


def unpack(message: Reader) -> Iterator[Item]:
    """Yield the body of each section, decoded, and what is set into its text.

    A message that ends early, or is damaged in any other way, is read as far as it
    goes: there is no error in mail, only text.
    """
    spoken = Spoken(message, lambda: Unpacking(message).items())
    with passwords.around(spoken.words):
        yield from Unpacking(message).items()


class Unpacking:
    """One pass over a message.

    Args:
        message: all of it.
    """

    def __init__(self, message: Reader) -> None:
        self._message = message
        self._known = Boundaries()
        self._current = Section(Header(0, 0), None, closed=False)
        self._waiting: dict[bytes | None, list[Section]] = {}
        self._waited = 0
        self._said: set[Reason] = set()

    def items(self) -> Iterator[Item]:
        """Yield parts and gaps, in the order of the message."""
        start = past_blanks(self._message)
        start += first_header(self._message.at(start, AHEAD)) or 0
        yield from self._open(start, None)
        start = self._current.header.begin
        for mark in find(self._message, MARK, start, NEEDS):
            header = self._current.header
            if mark.start < header.begin:
                continue
            if mark.match["line"] is not None:
                yield from self._at_hyphens(mark)
            elif not header.content.message:  # else it is found when that is opened
                yield from self._at_word(mark, header)
        yield from self._close(self._message.size, None)
        for section in [one for some in self._waiting.values() for one in some]:
            yield from self._read_again(section, self._message.size)
        if self._known.full:
            yield from self._say(Reason.PARTS_LIMIT)

    def _at_hyphens(self, mark: Mark) -> Iterator[Item]:
        boundary = self._boundary(mark)
        if boundary is not None:
            yield from self._close(mark.start, boundary)
            closed = boundary.closes
            yield from self._open(mark.next_line, boundary.token, closed=closed)
        elif mark.match["line"].startswith(ARMOR):
            yield from self._say(Reason.ENCRYPTED)

    def _boundary(self, mark: Mark) -> Boundary | None:
        line = mark.match["line"]
        boundary = self._known.match(line)
        if boundary is not None or self._current.header.content.message:
            return boundary
        if not mark.followed_by(CONTENT):
            return None
        token = line.rstrip()
        self._known.add(token)
        return Boundary(token, exact=True)

    def _at_word(self, mark: Mark, header: Header) -> Iterator[Item]:
        if mark.match["encoding"] is None:
            yield from self._end_attached(mark.start)
            self._current.attached = mark
        elif mark.start >= header.end:
            token = self._current.token
            yield from self._close(mark.start, INNER)
            yield from self._open(mark.start, token)

    def _open(
        self, start: int, token: bytes | None, *, closed: bool = False
    ) -> Iterator[Item]:
        header = read_header(self._message, start)
        self._current = Section(header, token, closed=closed)
        if header.content.boundaries:
            self._known.declare(header.content.boundaries)
        yield from header.content.gaps

    def _close(self, end: int, boundary: Boundary | None) -> Iterator[Item]:
        """Yield what the current section holds, as it ends at a boundary."""
        section = self._current
        header = section.header
        if section.attached is not None:
            yield from self._end_attached(end)
        if header.content.boundaries:
            # The preamble; what else the body may be is known at its own end.
            yield from items(self._message, Header(header.end, header.begin), end)
        else:
            for item in items(self._message, section.without_attached(), end):
                yield item if section.token is None else replace(item, member=TOLD)
        if not header.content.boundaries or header.content.differs:
            yield from self._again(section, end, boundary)
        if boundary is not None and boundary.exact:
            for waiting in self._waiting.pop(boundary.token, ()):
                yield from self._read_again(waiting, end)

    def _again(
        self, section: Section, end: int, boundary: Boundary | None
    ) -> Iterator[Item]:
        """See to it that a section is read as far as any program reads it."""
        if section.ends_at(boundary):
            if section.header.content.boundaries:
                yield from self._read_again(section, end)
        elif section.header.end == 0:
            return  # no header at all: the section would be the message itself
        elif self._waited < MOST_AGAIN:
            self._waited += 1
            self._waiting.setdefault(section.token, []).append(section)
        else:
            yield from self._say(Reason.PARTS_LIMIT)

    def _read_again(self, section: Section, end: int) -> Iterator[Item]:
        """Yield a section as programs read it that know only its own boundary."""
        header = section.without_attached()
        yield from items(self._message, header, end)
        if header.content.boundaries:
            yield from as_multipart(self._message, header, end)
        if section.attached is not None:
            yield from self._attached(section.attached, end)

    def _end_attached(self, end: int) -> Iterator[Part]:
        if self._current.attached is not None:
            yield from self._attached(self._current.attached, end)

    def _attached(self, mark: Mark, end: int) -> Iterator[Part]:
        if mark.match["binhex"] is not None:
            yield Part(self._message.slice(mark.start, end - mark.start))
        else:
            yield from attached.parts(self._message, mark, end)

    def _say(self, reason: Reason) -> Iterator[Gap]:
        """Yield a gap once a message."""
        if reason not in self._said:
            self._said.add(reason)
            yield Gap(reason)
