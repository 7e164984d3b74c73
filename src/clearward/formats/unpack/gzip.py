"""Unpack gzip files: one or more members, joined as `gzip -d` joins them.

Layout of a member (RFC 1952, section 2.3): magic 1F 8B, method 8, flags, time, extra
flags, system, optional fields, deflate stream, CRC-32, size. zlib reads all of it.
Members may be padded with zero bytes; anything else behind the last one is a part of
its own.
"""

from collections.abc import Iterator

from clearward.core.part import Part
from clearward.core.reader import Forward, Reader, Stream
from clearward.formats.inflate import Members, Zlib

NAME = "gzip"
MAGIC = b"\x1f\x8b\x08"
WINDOW = 31  # zlib: the largest window, with a gzip header


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a part that starts with `head` is gzip."""
    return head.startswith(MAGIC)


def unpack(source: Forward) -> Iterator[Part]:
    """Yield the content, then whatever lies behind it.

    Raises:
        Malformed: the deflate stream or a checksum is wrong.
        Truncated: the last member has no end.
    """
    members = Members(
        NAME,
        source,
        lambda: Zlib(WINDOW),
        starts=lambda left: left.startswith(MAGIC),
        padding=b"\0",
    )
    yield Part(Stream(iter(members)))
    tail = members.tail()
    if tail is not None:
        yield Part(tail, name=b"trailing")
