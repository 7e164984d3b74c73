"""Find the header block of a message or of a section, and the fields that matter in it.

    Content-Type: multipart/mixed;          one field, folded
     boundary=X
    Content-Type(comment) : text/plain      another, and this one counts as well
    no colon here                           passed over by some programs, the beginning
                                            of the body for others
                                            a blank line ends the block

What is hidden is hidden in contradictions, so nothing here wins over anything else: all
fields are kept, and both places where the body may begin.

Source: RFC 5322, section 2.2.
"""

import re
from dataclasses import dataclass, replace
from itertools import islice

from clearward.core.part import Gap
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.mail.content import NOTHING, Content, content_of
from clearward.formats.mail.marks import BLANK_LINE, LINE_END

FIRST_READ = 2048
MOST = 16 * 1024 * 1024  # bytes of a header block that are read
MOST_FIELDS = 1000  # Content fields in one block

_NAME = rb"[!-9;-~]{1,200}+[ \t]*+:"
_CONTENT = rb"content-(?:type|transfer-encoding|disposition)"
_EMPTY = re.compile(rb"(?:%s|(?=--))" % LINE_END)
_END = re.compile(rb"%s|[\r\n](?=--)" % BLANK_LINE)
# These two are searched in a block with one line end in front of it.
_FIELD = re.compile(
    rb"[\r\n](?:(?<=\A.)[ \t]*)?(?P<name>%(c)s)[^:\r\n]{0,1000}+:"
    # A line that is no header itself belongs to the one before: some read it so.
    rb"(?P<value>[^\r\n]*+(?:%(e)s(?!%(n)s|%(c)s)[^\r\n]*+)*+)"
    % {b"e": LINE_END, b"c": _CONTENT, b"n": _NAME},
    re.IGNORECASE | re.DOTALL,
)
_STRAY = re.compile(
    rb"[\r\n](?!%(n)s|%(c)s|>?From |[ \t]+[^\s]|[\r\n]|\Z)"
    % {b"c": _CONTENT, b"n": _NAME},
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Header:
    """A header block.

    Attributes:
        end: offset of the first byte behind it, where the body begins.
        begin: offset of the first byte that is body for some program: of a line in
            the block that is no field, or the same as `end`.
        content: what the block says about the body.
    """

    end: int
    begin: int
    content: Content = NOTHING


def read_header(part: Reader, start: int) -> Header:
    """Return the header block at `start`; it may be empty."""
    block, end = _block(part, start)
    if not block:
        return Header(end, end)
    block = b"\n" + block
    stray = _STRAY.search(block)
    begin = end if stray is None else start + stray.end() - 1
    fields: dict[bytes, list[bytes]] = {}
    found = _FIELD.finditer(block)
    for field in islice(found, MOST_FIELDS):
        fields.setdefault(field["name"].lower(), []).append(field["value"])
    content = content_of(fields) if fields else NOTHING
    if len(block) > MOST or next(found, None) is not None:
        content = replace(content, gaps=(*content.gaps, Gap(Reason.SIZE_LIMIT)))
    return Header(end, begin, content)


def _block(part: Reader, start: int) -> tuple[bytes, int]:
    """The header block and where the body begins."""
    size = FIRST_READ
    while True:
        window = part.at(start, min(size, MOST))
        end = _EMPTY.match(window) or _END.search(window)
        # The end of the window may be in the middle of a line end.
        if end is not None and (end.end() < len(window) or len(window) < size):
            return window[: end.start()], start + end.end()
        if len(window) < size:
            return window, start + len(window)
        size *= 8
