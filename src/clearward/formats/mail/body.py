"""Give what the body of one section holds, decoded in every way its header allows."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.mail.attached import Uuencoded, uuencoded, yencoded
from clearward.formats.mail.charsets import as_utf8
from clearward.formats.mail.content import Content, Encoding
from clearward.formats.mail.encodings import Base64, Padding, quoted_printable
from clearward.formats.mail.header import Header
from clearward.formats.mail.recognise import recognises

Decode = Callable[[Iterable[bytes]], Iterable[bytes]]

DECODE: dict[Encoding, Decode] = {
    Encoding.BASE64: Base64,
    Encoding.QUOTED: quoted_printable,
    Encoding.UU: Uuencoded,
    Encoding.YENC: yencoded,
}

ATTACHED = b"Received: as an attachment\nMIME-Version: 1.0\n"
HEAD = 4096  # of an attached message, what it is known by
BLANK = 64  # a body up to this long is not a part if it is only white space
MOST_BOUNDARIES = 64  # that are named in a header made here
_QUOTED = re.compile(rb'["\\]')

# ContentInfo of CMS: a SEQUENCE that begins with the object identifier of its kind,
# 1.2.840.113549.1.7.n or 1.2.840.113549.1.9.16.1.n (RFC 5652, section 3; RFC 5083).
_CONTENT_INFO = re.compile(
    rb"\x30[\x00-\xff]{1,9}?\x06(?:\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07(?P<kind>.)"
    rb"|\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01(?P<other>.))",
    re.DOTALL,
)
_SIGNED = b"\x02"
_COMPRESSED = b"\x09"


def items(message: Reader, header: Header, end: int) -> Iterator[Item]:
    """Yield the body behind a header as parts, once for each reading of it.

    Args:
        message: what the body lies in.
        header: says how the body is encoded and where it begins.
        end: offset behind the body, the line end before a boundary included.
    """
    content = header.content
    for start in sorted({header.begin, header.end}):
        size = end - start
        if size <= BLANK and not message.at(start, size).strip():
            continue
        body = _slice(message, start, end)
        for encoding in content.encodings:
            # Text is a part once, from the first place on where it may begin.
            if start == header.begin or not encoding.plain:
                yield from _readings(body, content, encoding)
            if start == header.end and content.message:
                yield from _as_message(body, content, encoding)


def as_multipart(message: Reader, header: Header, end: int) -> Iterator[Part]:
    """Yield a multipart that is encoded as a whole as a message to be opened in turn.

    No standard allows it, some programs decode it.
    """
    front = b"Content-Type: multipart/mixed"
    for boundary in header.content.boundaries[:MOST_BOUNDARIES]:
        front += b'; boundary="' + _QUOTED.sub(rb"\\\g<0>", boundary) + b'"'
    body = _slice(message, header.end, end)
    for encoding in header.content.encodings:
        if not encoding.plain:
            chunks = chain((front + b"\n\n",), _decoded(body, encoding))
            yield _part(chunks, header.content.name, body.size)


def _as_message(body: Reader, content: Content, encoding: Encoding) -> Iterator[Part]:
    """Yield an attached message that does not look like one so that it does.

    Programs open it whatever its header looks like.
    """
    head = next(iter(_decoded(body, encoding)), b"")[:HEAD]
    if not recognises(head, Reader.of(head)):
        chunks = chain((ATTACHED,), _decoded(body, encoding))
        yield _part(chunks, content.name, body.size)


def _slice(message: Reader, start: int, end: int) -> Reader:
    """The body without the line end that belongs to the boundary behind it."""
    end = max(start, end)
    if end < message.size:
        last = message.at(max(end - 2, start), end - max(end - 2, start))
        end -= 2 if last == b"\r\n" else last.endswith((b"\r", b"\n"))
    return message.slice(start, end - start)


def _readings(body: Reader, content: Content, encoding: Encoding) -> Iterator[Item]:
    if encoding is Encoding.UNKNOWN:
        yield Gap(Reason.UNSUPPORTED, content.name)
    if content.cms:
        yield _sealed(body, content, encoding)
    if encoding.plain:
        yield Part(body, content.name)
    elif encoding is Encoding.BASE64:
        yield from _base64(body, content.name)
    elif encoding is Encoding.UU:
        yield from uuencoded(body, content.name)
    else:
        yield _part(_decoded(body, encoding), content.name, body.size)
    for decoder in content.charsets:
        text = as_utf8(_decoded(body, encoding), decoder)
        yield _part(text, content.name, body.size)


def _decoded(body: Reader, encoding: Encoding) -> Iterable[bytes]:
    """The bytes of a body whose transfer encoding is undone."""
    chunks = body.chunks()
    return chunks if encoding.plain else DECODE[encoding](chunks)


def _base64(body: Reader, name: bytes) -> Iterator[Part]:
    """Yield what base64 holds; if letters follow padding, what each program reads."""
    text = Base64(body.chunks())
    yield _part(text, name, body.size)
    if text.resumed:
        for padding in (Padding.ENDS_ALL, Padding.IS_JUNK):
            yield _part(Base64(body.chunks(), padding), name, body.size)


def _part(chunks: Iterable[bytes], name: bytes, packed: int) -> Part:
    return Part(Stream(iter(chunks)), name, packed)


def _sealed(body: Reader, content: Content, encoding: Encoding) -> Gap:
    """Say whether a CMS body is encrypted, or holds content that is not unpacked here.

    The object identifier decides: what the header says about it may be wrong.
    """
    found = _CONTENT_INFO.match(next(iter(_decoded(body, encoding)), b"")[:64])
    if found is None or found["kind"] == _SIGNED or found["other"] == _COMPRESSED:
        return Gap(Reason.UNSUPPORTED, content.name)
    return Gap(Reason.ENCRYPTED, content.name)
