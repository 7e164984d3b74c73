"""VBA projects: source code of macros, decompressed.

Layout of a compressed container (MS-OVBA 2.4.1), numbers little-endian:

    1 byte      1
    chunks, each
      2 bytes     bits 0 to 11: bytes of the chunk less 3; 12 to 14: 3; 15: compressed
      tokens      a byte of flags, from the lowest bit on, and for each flag a literal
                  byte or a copy token of 16 bits; or 4096 bytes as they are

The split of a copy token into offset and length depends on how much of the chunk there
is. A chunk gives at most 4096 bytes.

A project is a storage with a stream "dir", itself such a container, whose records say
in which stream and from which byte on the source of a module lies (2.3.4.2):

    type  2 bytes; size  4 bytes; content
    0x1A  name of the stream     0x31  offset of the source     0x2B  end of a module
    0x03  code page              0x09  version: its size lacks 2 bytes

"dir" may be missing or lie. So each stream is searched as well for containers that
begin as the source of every module does, with "Attribute VB_".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.reader import Reader

HEADER = 2  # bytes in front of a chunk
MARK = 3  # bits 12 to 14 there
CHUNK_MOST = 4096  # bytes, unpacked
SEARCH = 1 << 20  # bytes looked at together
MODULES_MOST = 4096
CODE_PAGE, VERSION, OFFSET = 0x03, 0x09, 0x31
STREAM_NAME, STREAM_NAME_WIDE = 0x1A, 0x32

_SOURCE = re.compile(rb"(?is)\x01..\x00attribut")
_GUESS = re.compile(rb"(?s)\x01.[\xb0-\xbf]")
_VB_NAME = re.compile(rb'(?i)attribute\s+vb_name\s*=\s*"([^"\r\n]{1,64})"')


class Broken(Exception):
    """A container ends, or does not follow its format."""


@dataclass(frozen=True, slots=True)
class Module:
    """What "dir" says of a module.

    Attributes:
        stream: name of the stream, in the code page of the project.
        offset: where its source begins, in bytes.
    """

    stream: str
    offset: int


def decompressed(reader: Reader, at: int) -> Iterator[bytes]:
    """Yield the content of a container, a chunk at a time.

    Raises:
        Broken: damage; what came before is good.
    """
    if reader.at(at, 1) != b"\x01":
        raise Broken
    at += 1
    while len(header := reader.at(at, HEADER)) == HEADER:
        value = int.from_bytes(header, "little")
        if not value or value >> 12 & 7 != MARK:
            return  # zeros or anything else behind the last chunk
        size = (value & 0xFFF) + 1
        packed = value >> 15
        data = reader.at(at + HEADER, size if packed else CHUNK_MOST)
        at += HEADER + len(data)
        yield _tokens(data) if packed else data
        if len(data) < size:
            raise Broken


def _tokens(data: bytes) -> bytes:
    """Unpack the tokens of one chunk; a bad one ends it."""
    out = bytearray()
    at, end = 0, len(data)
    while at < end:
        flags = data[at]
        at += 1
        if not flags:
            out += data[at : at + 8]
            at += 8
            continue
        for bit in range(8):
            if at >= end:
                break
            if not flags >> bit & 1:
                out.append(data[at])
                at += 1
                continue
            token = int.from_bytes(data[at : at + 2], "little")
            at += 2
            if at > end or not _copy(out, token):
                return bytes(out[:CHUNK_MOST])
        if len(out) >= CHUNK_MOST:
            break
    return bytes(out[:CHUNK_MOST])


def _copy(out: bytearray, token: int) -> bool:
    """Carry out a copy token; say whether what it copies is there."""
    bits = max((len(out) - 1).bit_length(), 4)
    length = (token & (0xFFFF >> bits)) + 3
    start = len(out) - (token >> (16 - bits)) - 1
    if start < 0:
        return False
    piece = bytes(out[start : start + length])
    times = -(-length // len(piece))
    out += (piece * times)[:length]
    return True


def whole(reader: Reader, at: int, most: int) -> bytes:
    """Return up to `most` bytes of a container, as far as it is good."""
    out = bytearray()
    try:
        for chunk in decompressed(reader, at):
            out += chunk
            if len(out) >= most:
                break
    except Broken:
        pass
    return bytes(out[:most])


def modules(directory: bytes) -> list[Module]:
    """Return what a "dir" stream, decompressed, says of modules."""
    found: list[Module] = []
    page = "cp1252"
    stream = ""
    at = 0
    while at + 6 <= len(directory) and len(found) < MODULES_MOST:
        kind = int.from_bytes(directory[at : at + 2], "little")
        size = int.from_bytes(directory[at + 2 : at + 6], "little")
        content = directory[at + 6 : at + 6 + size]
        at += 6 + size + (2 if kind == VERSION else 0)
        if kind == CODE_PAGE:
            page = f"cp{int.from_bytes(content, 'little')}"
        elif kind == STREAM_NAME:
            stream = _text(content, page)
        elif kind == STREAM_NAME_WIDE:
            stream = content.decode("utf-16-le", "replace") or stream
        elif kind == OFFSET and stream:
            found.append(Module(stream, int.from_bytes(content[:4], "little")))
    return found


def sources(reader: Reader) -> Iterator[int]:
    """Yield where in a stream the source of a module seems to begin."""
    overlap = 11
    for start in range(0, reader.size, SEARCH):
        data = reader.at(start, SEARCH + overlap)
        for match in _SOURCE.finditer(data):
            if match.start() < SEARCH:
                yield start + match.start()


def guesses(reader: Reader, most: int) -> Iterator[int]:
    """Yield where a container may begin in a stream whose source was not found."""
    data = reader.at(0, SEARCH)
    for count, match in enumerate(_GUESS.finditer(data)):
        if count >= most:
            return
        yield match.start()


def own_name(text: bytes) -> bytes:
    """Return the name that a source gives itself, empty if there is none."""
    match = _VB_NAME.search(text)
    return match[1] if match else b""


def _text(content: bytes, page: str) -> str:
    try:
        return content.decode(page, "replace")
    except LookupError:
        return content.decode("latin-1")
