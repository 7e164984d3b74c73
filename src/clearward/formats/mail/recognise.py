"""Tell mail from other text, quickly: every part that is scanned is asked about.

A part is mail if it begins with a header, after blank lines or a quoted "From " line,
and two names in the header block are those of mail. Content headers alone are enough
if a blank line follows them: so begins a section of a multipart. A boundary followed
by a Content header is enough as well: so begins the body of one.

Package metadata, YAML, HTTP and much source code begins like a header too; they do not
use these names.
"""

import re

from clearward.core.reader import Reader
from clearward.formats.mail.marks import BLANK_LINE, LINE_END, find

FIRST = re.compile(
    rb"(?:\xef\xbb\xbf)?[\s\0]*+"
    # A quoted line of an mbox, or the length that some programs store first.
    rb"(?:>From [^\r\n]*[\r\n]++|\d{1,10}[ \t]*[\r\n]++)?"
    rb"(?=[A-Za-z][A-Za-z0-9_.-]{0,100}+[ \t]*(?:\([^\r\n]{0,1000})?:)"
)
_SECTION = re.compile(
    rb"\s*+--[^\r\n]{1,998}%(e)s[ \t]*(?i:content-[a-z-]{1,40}[ \t]*:)"
    % {b"e": LINE_END}
)
_BLANK = re.compile(BLANK_LINE)

_FIELD = re.compile(
    rb"[\r\n](?P<name>[A-Za-z][A-Za-z0-9-]{0,60}+)(?=[ \t]*(?:\([^\r\n]*)?:)"
)
# A "From " line begins another message: a header that goes on for long ends there.
_FIELD_OR_END = re.compile(
    _FIELD.pattern + rb"|(?P<end>%s|[\r\n]From (?![ \t]*:))" % BLANK_LINE
)
_MULTIPART = re.compile(rb"[\r\n](?i:content-type)[^:\r\n]*:\s*(?:multipart|message)/")

# What nothing but mail has in its header, as a rule.
_MAIL = set(
    b"from to cc bcc subject sender reply-to received return-path message-id"
    b" in-reply-to references delivered-to envelope-to errors-to apparently-to"
    b" mime-version content-transfer-encoding dkim-signature domainkey-signature"
    b" authentication-results received-spf importance newsgroups thread-index"
    b" thread-topic disposition-notification-to".split()
)
_MAIL_PREFIXES = (b"resent-", b"list-", b"arc-")
# Servers and other tools write these too; one of the others is needed.
_COMMON = {b"date", b"user-agent", b"organization", b"precedence"}
_COMMON_PREFIXES = (b"x-", b"content-")


def first_header(head: bytes) -> int | None:
    """Return where the first header of a part begins, or None if none does.

    Args:
        head: the first bytes of the part.
    """
    first = FIRST.match(head)
    return None if first is None else first.end()


def past_blanks(reader: Reader) -> int:
    """Return the offset of the first byte of a part that is not white space."""
    offset = 0
    for chunk in reader.chunks():
        text = chunk.lstrip()
        offset += len(chunk) - len(text)
        if text:
            break
    return offset


def recognises(head: bytes, reader: Reader) -> bool:
    """Say whether a part that starts with `head` is a message or a section of one."""
    start = first_header(head)
    if start is not None:
        return _has_names(head, reader, start)
    if not head.isspace():
        return _SECTION.match(head) is not None
    offset = past_blanks(reader)
    rest = reader.slice(offset, reader.size - offset)
    front = rest.at(0, len(head))
    return bool(front) and not front.isspace() and recognises(front, rest)


def _has_names(head: bytes, reader: Reader, start: int) -> bool:
    end = _end_of_block(head, start)
    block = b"\n" + (head[start:] if end is None else head[start:end])
    names = {name.lower() for name in _FIELD.findall(block)}
    if _are_enough(names):
        return True
    if b"content-type" in names and _MULTIPART.search(block) is not None:
        return True
    if end is None and reader.size > len(head):
        start = max(start, _last_line(head))
        return any(map(_is_known, names)) and _goes_on(reader, start, names)
    content = all(name.startswith(b"content-") for name in names)
    return end is not None and bool(names) and content


def _last_line(head: bytes) -> int:
    """Where a line begins near the end, and surely not inside a line end."""
    end = len(head) - 2
    return (head.rfind(b"\n", 0, end) + 1) or (head.rfind(b"\r", 0, end) + 1)


def _end_of_block(head: bytes, start: int) -> int | None:
    """Where a blank line is; without carriage returns there is a quick way."""
    if b"\r" not in head:
        end = head.find(b"\n\n", start)
        return end if end >= 0 else None
    blank = _BLANK.search(head, start)
    return blank.start() if blank is not None else None


def _is_of_mail(name: bytes) -> bool:
    return name in _MAIL or name.startswith(_MAIL_PREFIXES)


def _is_known(name: bytes) -> bool:
    return _is_of_mail(name) or name in _COMMON or name.startswith(_COMMON_PREFIXES)


def _are_enough(names: set[bytes]) -> bool:
    """Say whether the names of a header block are those of mail."""
    if b"content-transfer-encoding" in names:
        return True
    return any(map(_is_of_mail, names)) and sum(map(_is_known, names)) > 1


def _goes_on(reader: Reader, start: int, names: set[bytes]) -> bool:
    """Read on in a header block that is longer than the head."""
    for mark in find(reader, _FIELD_OR_END, start):
        if mark.match["end"] is not None:
            return False
        name = mark.match["name"].lower()
        if _is_known(name) and name not in names:
            names.add(name)
            if _are_enough(names):
                return True
    return False
