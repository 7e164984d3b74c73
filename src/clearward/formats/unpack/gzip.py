"""Unpack gzip files: one or more members, joined as `gzip -d` joins them.

Layout of a member (RFC 1952, section 2.3), numbers little-endian:

    offset  length  field
    0       2       magic, 1F 8B; 1F 9E in files of gzip 0.5
    2       1       method, 8
    3       1       flags: 2 header CRC, 4 extra field, 8 name, 16 comment
    4       6       time, extra flags, system, not used here
    10              extra field: a length of 2 bytes and so many bytes
                    name, comment: text that ends with a zero byte
                    header CRC: 2 bytes
                    deflate stream
                    CRC-32 of the content, size of the content modulo 2^32

Readers disagree about the other flags and about a wrong header CRC. Here both are
passed over, as by the most lenient of them. Flag 32 once meant encryption: such a
member is tried, and called encrypted if it does not inflate. Members may be padded with
zero bytes; anything else behind the last one is a part of its own.
"""

import zlib
from collections.abc import Generator, Iterator

from zlib_ng.zlib_ng import crc32

from clearward.core.part import Part
from clearward.core.reader import Forward, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Undecoded, Zlib
from clearward.formats.inflate import Frames

NAME = "gzip"
MAGIC = b"\x1f\x8b\x08"
MAGICS = (MAGIC, b"\x1f\x9e\x08")
HEADER_SIZE = 10
SHORT = 2  # bytes of the extra field's length, and of the header CRC
HEADER_CRC, EXTRA, FILE_NAME, COMMENT, ENCRYPTED = 2, 4, 8, 16, 32
RAW_DEFLATE = -15
TRAILER_SIZE = 8
MOST_NAME = 1024  # bytes of a name that are worth showing


Pieces = Generator[None, bytes, bytes]


class Member:
    """One member in the shape of `Decompressor`."""

    def __init__(self) -> None:
        self._header: Pieces | None = _past_header()
        next(self._header)
        self._flags = b""
        self._body = Zlib(RAW_DEFLATE)
        self._inside = True  # in the header or the deflate stream
        self._trailer = b""
        self._crc = 0
        self._size = 0
        self.eof = False
        self.needs_input = True
        self.unused_data = b""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take input, give at most `max_length` bytes of output.

        Raises:
            zlib.error: the deflate stream is damaged, or the content is not what the
                trailer says; it has been given then.
            Undecoded: the same, in a member that says that it is encrypted.
        """
        self._flags += data[: HEADER_SIZE - len(self._flags)]
        try:
            return self._decompress(data, max_length)
        except zlib.error as error:
            if self._flags[3] & ENCRYPTED:
                raise Undecoded(NAME, 0, "flags", Reason.ENCRYPTED) from error
            raise

    def _decompress(self, data: bytes, max_length: int) -> bytes:
        if self._header is not None:
            try:
                self._header.send(data)
            except StopIteration as stop:
                data, self._header = stop.value, None
            else:
                return b""
        if self._inside:
            return self._inflate(data, max_length)
        self._trailer += data
        if len(self._trailer) >= TRAILER_SIZE:
            self._check()
        return b""

    def _inflate(self, data: bytes, max_length: int) -> bytes:
        output = self._body.decompress(data, max_length)
        self._crc = crc32(output, self._crc)
        self._size += len(output)
        self.needs_input = self._body.needs_input
        if self._body.eof:
            # The trailer is checked by the next call, so that the content comes first.
            self._inside = False
            self._trailer = self._body.unused_data
            self.needs_input = len(self._trailer) < TRAILER_SIZE
        return output

    def _check(self) -> None:
        size = (self._size & 0xFFFFFFFF).to_bytes(4, "little")
        if self._trailer[:TRAILER_SIZE] != self._crc.to_bytes(4, "little") + size:
            raise zlib.error("the content is not what the trailer says")
        self.unused_data = self._trailer[TRAILER_SIZE:]
        self.eof = True


def _past_header() -> Pieces:
    """Take a member in pieces; return what lies behind its header in the last one."""
    data = yield from _more(b"", HEADER_SIZE)
    flags, data = data[3], data[HEADER_SIZE:]
    if flags & EXTRA:
        data = yield from _more(data, SHORT)
        size = SHORT + int.from_bytes(data[:SHORT], "little")
        data = yield from _more(data, size)
        data = data[size:]
    for flag in (FILE_NAME, COMMENT):
        if flags & flag:
            while (end := data.find(0)) < 0:
                data = yield
            data = data[end + 1 :]
    if flags & HEADER_CRC:
        data = yield from _more(data, SHORT)
        data = data[SHORT:]
    return data


def _more(data: bytes, size: int) -> Pieces:
    """Take pieces until there are at least `size` bytes."""
    while len(data) < size:
        data += yield
    return data


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a part that starts with `head` is gzip."""
    return head.startswith(MAGICS)


def unpack(source: Forward) -> Iterator[Part]:
    """Yield the content, then whatever lies behind it.

    Raises:
        Malformed: the deflate stream or a checksum is wrong.
        Truncated: the last member has no end.
    """
    members = Frames(
        NAME,
        source,
        lambda head: Member() if head.startswith(MAGICS) else None,
        padding=b"\0",
    )
    yield Part(Stream(iter(members)), name=_name(members.head()))
    tail = members.tail()
    if tail is not None:
        yield Part(tail, name=b"trailing")


def _name(head: bytes) -> bytes:
    """The name in the first member's header, empty if there is none."""
    place = HEADER_SIZE
    flags = head[3] if len(head) > place else 0
    if not flags & FILE_NAME:
        return b""
    if flags & EXTRA:
        place += 2 + int.from_bytes(head[place : place + 2], "little")
    return head[place : place + MOST_NAME].split(b"\0", 1)[0]
