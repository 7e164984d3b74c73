"""Read what a head of HTTP says about the body behind it.

The head goes back to the client as it came, byte for byte. It is read here, kindly, for
three things only: whether the body is encoded so that a scan sees nothing of it, what
it is made of if it has several parts, and what to call it in a log and on a page.

Source: RFC 9110, sections 8.3, 8.4 and 8.6.
"""

import re
from dataclasses import dataclass

# Words that servers send in the place of an encoding, though they change nothing.
_AS_IT_IS = frozenset(
    b"identity chunked none binary 7bit 8bit utf-8 utf8 us-ascii iso-8859-1".split()
)
# And encodings that a scan looks into, since they show by their first bytes (RFC 9110,
# section 8.4.1; RFC 8878). In anything else, such as brotli or deflate, it sees noise.
_SEEN_THROUGH = _AS_IT_IS.union(b"gzip x-gzip compress x-compress zstd".split())
_MIME = (b"content-type", b"content-transfer-encoding", b"content-disposition")
_MOST_MIME = 8 * 1024  # bytes of the fields that are copied
_LINE = re.compile(rb"\r?\n(?![ \t])")
_DIGITS = re.compile(rb"[0-9]{1,18}")
_SEVERAL = (b"multipart/", b"message/")
_PLAIN = (b"", b"binary", b"7bit", b"8bit")

Fields = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class HttpHead:
    """What a head says.

    Attributes:
        target: the address of a request, raw; empty in an answer.
        hidden: the body is encoded so that nothing in it can be seen.
        length: bytes that it claims to have; None if it claims nothing.
        mime: a head of MIME that makes the body readable as what it is made of; empty
            if the body is one piece.
    """

    target: bytes = b""
    hidden: bool = False
    length: int | None = None
    mime: bytes = b""


NO_HEAD = HttpHead()


def read_http(head: bytes) -> HttpHead:
    """Read a head of HTTP, whatever it looks like; it is never refused."""
    first, *lines = _LINE.split(head.rstrip(b"\r\n"))
    fields = [_field(line) for line in lines]
    words = first.split()
    encodings = [
        *_words(fields, b"content-encoding"),
        *_words(fields, b"transfer-encoding"),
    ]
    mime = _mime(fields)
    # Parts behind an encoding cannot be told apart by a head in front of it.
    hidden = bool(mime) and not _AS_IT_IS.issuperset(encodings)
    lengths = {value for name, value in fields if name == b"content-length"}
    length = lengths.pop() if len(lengths) == 1 else b""
    return HttpHead(
        words[1] if len(words) > 1 and not first.startswith(b"HTTP/") else b"",
        hidden or not _SEEN_THROUGH.issuperset(encodings),
        int(length) if _DIGITS.fullmatch(length) else None,
        mime,
    )


def _mime(fields: Fields) -> bytes:
    """A head of MIME, if the body is more than the bytes that it shows.

    Browsers send what is uploaded so; the boundary stands nowhere but in the head.
    """
    chosen = [(name, value) for name, value in fields if name in _MIME]
    types = [value.lower() for name, value in chosen if name == b"content-type"]
    encoded = _words(fields, b"content-transfer-encoding")
    if not any(value.startswith(_SEVERAL) for value in types) and all(
        word in _PLAIN for word in encoded
    ):
        return b""
    lines = [name + b": " + value + b"\r\n" for name, value in chosen]
    return b"MIME-Version: 1.0\r\n" + b"".join(lines)[:_MOST_MIME] + b"\r\n"


def _field(line: bytes) -> tuple[bytes, bytes]:
    """Name in lower case and value of a line; one that is folded is made straight."""
    name, _, value = re.sub(rb"\r?\n[ \t]+", b" ", line).partition(b":")
    return name.strip().lower(), value.strip()


def _words(fields: Fields, name: bytes) -> list[bytes]:
    """The words of a list that may be spread over several fields, in lower case."""
    values = b",".join(value for other, value in fields if other == name)
    return [word for each in values.lower().split(b",") if (word := each.strip())]
