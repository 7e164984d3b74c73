"""Unpack files that are set into plain text by uuencode or yEnc.

Layout: any text, then for each file a line that begins it ("begin 644 name",
"begin-base64 644 name", "=ybegin line=128 size=9 name=x"), its letters, and a line that
ends it, which may be missing. `formats.mail.attached` draws the letters.

The first one is looked for in the first 16 KiB; mail finds others in its bodies.
What stands between the files is text and is matched with the part itself.
"""

import re
from collections.abc import Iterator

from clearward.core.part import Part
from clearward.core.reader import Reader
from clearward.formats.mail import attached
from clearward.formats.mail.marks import Mark, find

NAME = "uuencode"
MARK = re.compile(rb"[\r\n](?:" + attached.BEGIN + rb"|" + attached.YENC + rb")")
NEEDS = (b"begin",)  # both kinds of first line do
FOLLOWING = b" \t01234567"  # what may stand behind "begin "
MARKS = (
    *(b"begin " + bytes((each,)) for each in FOLLOWING),
    b"begin-base64 ",
    b"=ybegin ",
)
WITHIN = 16 * 1024


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a file begins in the first bytes of a part."""
    # Backwards, because that is the faster search for a short needle.
    if head.rfind(b"begin", 0, WITHIN) < 0:
        return False
    return MARK.search(b"\n" + head[:WITHIN]) is not None


def unpack(text: Reader) -> Iterator[Part]:
    """Yield each file, up to its end, or to the next one, or to the end of the text."""
    open_file: Mark | None = None
    for mark in find(text, MARK, 0, NEEDS):
        if open_file is not None:
            yield from attached.parts(text, open_file, mark.start)
        open_file = mark
    if open_file is not None:
        yield from attached.parts(text, open_file, text.size)
