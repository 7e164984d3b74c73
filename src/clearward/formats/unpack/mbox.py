r"""Unpack folders of mail that are kept in one file.

Layout (RFC 4155; the mbox family of formats):

    From sender@example.org Thu Jan  1 00:00:00 1970
    Subject: the first message
                                    a blank line ends its header
    >From in a body was escaped; it is left as it is
                                    a blank line, which some programs leave out
    From sender@example.org ...

A "From " line begins a message only if a header of mail follows it. Any other is text
of the message it stands in, so that nothing of that message is cut off. The first one
may do without a header if it has a date.
"""

import re
from collections.abc import Iterator

from clearward.core.part import Part
from clearward.core.reader import Reader
from clearward.formats.mail.marks import LINE_END, find
from clearward.formats.mail.recognise import past_blanks
from clearward.formats.mail.recognise import recognises as is_mail

NAME = "mbox"
HEAD = 4096  # of a message, what it is known by
NEEDS = (b"From ",)
_FROM = rb"From (?![ \t]*:)[^\r\n]{0,1000}" + LINE_END
FIRST = re.compile(rb"(?:\xef\xbb\xbf)?[\s\0]*+" + _FROM)
DATED = re.compile(rb"[0-9]{1,2}:[0-9]{2}[^\r\n]{0,40} [0-9]{4}\s*\Z")
MARK = re.compile(rb"[\r\n](?=%s[A-Za-z>])" % _FROM)
NEXT = re.compile(rb"[\r\n]From (?![ \t]*:)")


def recognises(head: bytes, reader: Reader) -> bool:
    """Say whether a part that starts with `head` is a folder of mail."""
    if FIRST.match(head) is None and not head.isspace():
        return False
    return _first(reader) is not None


def unpack(folder: Reader) -> Iterator[Part]:
    """Yield each message, without the "From " line in front of it."""
    start = _first(folder)
    if start is None:
        return
    for mark in find(folder, MARK, start, NEEDS):
        header = mark.next_line
        if _begins(folder, header):
            yield Part(folder.slice(start, mark.start - start))
            start = header
    yield Part(folder.slice(start, folder.size - start))


def _first(folder: Reader) -> int | None:
    """Where the first message begins, behind its "From " line."""
    offset = past_blanks(folder)
    first = FIRST.match(folder.at(offset, HEAD))
    if first is None:
        return None
    start = offset + first.end()
    return start if DATED.search(first[0]) or _begins(folder, start) else None


def _begins(folder: Reader, start: int) -> bool:
    """Say whether a header of mail stands here, before the next "From " line."""
    head = folder.at(start, HEAD)
    end = NEXT.search(head)
    if end is None:
        return is_mail(head, folder.slice(start, folder.size - start))
    return is_mail(head[: end.start()], folder.slice(start, end.start()))
