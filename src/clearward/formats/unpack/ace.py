"""Unpack ACE archives, versions 1 and 2.

`formats/ace/headers.py` draws the headers. Files of a solid archive refer to those
before them, so one that is not read is unpacked all the same.

Of an archive in volumes only this one is at hand: what it has is yielded, and the rest
is a gap. An encrypted file has nothing that tells a right password, so it is unpacked
with each of them, up to `LARGEST_LOCKED` bytes, until its checksum is right.

Source: as for the headers. The one library that reads ACE comes without a wheel.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import KIB, MIB
from clearward.core.part import Gap, Item, Member, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.ace import headers, lock
from clearward.formats.ace.bits import WordBits
from clearward.formats.ace.blocks import Blocks
from clearward.formats.ace.headers import NAME, File, Header
from clearward.formats.ace.lz77 import Lz77, Window
from clearward.formats.lz.declared import Declared
from clearward.formats.passwords import candidates

STORED, PLAIN, BLOCKED = range(3)
LARGEST_LOCKED = 1 * MIB  # bytes, packed and unpacked
LARGEST_STORED = 64 * KIB  # of which nothing tells a wrong password but all of it
TRIAL = 4 * KIB
MOST_PASSWORDS = 64


@dataclass(slots=True)
class _State:
    """What is kept from file to file.

    Attributes:
        solid: files refer to those before them.
        first: this volume begins the archive.
        window: what they refer to.
        position: of the last file.
        sound: no header contradicted its checksum.
    """

    solid: bool = False
    first: bool = True
    volume: bool = False
    window: Window | None = None
    position: int = 0
    sound: bool = True


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield the content of each file in archive order.

    Raises:
        Malformed: a header is wrong. The files before it have been yielded.
        Truncated: the archive ends inside a header or a file.
    """
    state = _State()
    offset = 0
    while offset < reader.size:
        header = headers.read_header(reader, offset)
        if not header.sound and not _plausible(header, offset):
            raise Malformed(NAME, offset, "header")
        state.sound = state.sound and header.sound
        if header.kind == headers.ARCHIVE:
            state.solid = bool(header.flags & headers.SOLID)
            state.volume = bool(header.flags & headers.VOLUME)
            state.first = not header.volume
        elif header.kind in headers.FILES:
            yield from _file(reader, header, state)
        offset = header.start + header.packed
    if offset > reader.size:
        raise Truncated(NAME, reader.size, "content")
    if state.volume:
        yield Gap(Reason.TRUNCATED)
    if not state.sound:
        raise Malformed(NAME, 0, "checksum of a header")


def _plausible(header: Header, offset: int) -> bool:
    """Say whether a header whose checksum is wrong looks like one."""
    if not offset:
        return header.data[7:14] == headers.MAGIC
    return header.kind in headers.FILES and bool(header.flags & headers.ADDED)


def _file(reader: Reader, header: Header, state: _State) -> Iterator[Item]:
    file = headers.read_file(header)
    state.position += 1
    locked = bool(header.flags & headers.ENCRYPTED)
    said = Member(state.position, header.packed, file.size, locked, header.start)
    if file.folder or not file.size:
        return
    content = reader.slice(header.start, min(header.packed, reader.size - header.start))
    if not state.solid or state.window is None:
        state.window = Window()
    cut = header.flags & headers.BEGUN or (state.solid and not state.first)
    if cut and file.method != STORED:
        yield Gap(Reason.TRUNCATED, file.name, said)
    elif locked:
        yield from _locked(content, file, said, state.window)
    elif file.method > BLOCKED:
        yield Gap(Reason.UNSUPPORTED, file.name, said)
    else:
        chunks = _chunks(content, file, state.window)
        pieces = header.flags & (headers.BEGUN | headers.GOES_ON)
        declared = Declared(NAME, header.start, file.size, file.crc ^ 0xFFFFFFFF)
        checked = chunks if pieces else declared.hold(chunks)
        yield Part(Stream(checked), file.name, content.size, said)
        yield from _behind(checked, pieces=bool(pieces), solid=state.solid)


def _behind(chunks: Iterator[bytes], *, pieces: bool, solid: bool) -> Iterator[Item]:
    """Unpack what is left for the files that follow; say that pieces are missing."""
    if solid:
        _pass(chunks)
    if pieces:
        yield Gap(Reason.TRUNCATED)


def _pass(chunks: Iterator[bytes]) -> None:
    """Unpack what is left, for the sake of the files that follow."""
    try:
        for _ in chunks:
            pass
    except Malformed:
        pass  # said to who read it; the files that follow say it, too


def _chunks(content: Reader, file: File, window: Window) -> Iterator[bytes]:
    if file.method == STORED:
        for chunk in content.slice(0, min(file.size, content.size)).chunks():
            window.register(chunk)
            yield chunk
        return
    bits = WordBits(content, NAME)
    if file.method == BLOCKED:
        yield from Blocks(bits, window, file.size)
        return
    reading = Lz77(bits, window)
    left = file.size
    while left > 0:
        try:
            chunk = reading.read(left)
        except Malformed:
            yield reading.rest()
            raise
        yield chunk
        left -= len(chunk)
        if reading.at_mode():
            raise bits.bad("mode")


def _locked(
    content: Reader, file: File, said: Member, window: Window
) -> Iterator[Item]:
    """Yield an encrypted file, if a password opens it."""
    most = LARGEST_STORED if file.method == STORED else LARGEST_LOCKED
    if max(content.size, file.size) <= most and file.method <= BLOCKED:
        before = bytes(window.output.data)
        data = content.at(0, content.size)
        for password in candidates()[:MOST_PASSWORDS]:
            plain = _opened(data, password, file, window)
            if headers.checksum(plain) == file.crc and len(plain) == file.size:
                yield Part(Reader.of(plain), file.name, content.size, said)
                return
            window.restore(before)
    yield Gap(Reason.ENCRYPTED, file.name, said)


def _opened(data: bytes, password: bytes, file: File, window: Window) -> bytes:
    """Return what a password makes of a file, nothing if that is damaged."""
    before = bytes(window.output.data)
    for size in (len(data),) if file.method == STORED else (TRIAL, len(data)):
        window.restore(before)
        try:
            unlocked = Reader.of(lock.opened(data[:size], password))
            return b"".join(_chunks(unlocked, file, window))
        except Truncated:
            continue  # no damage so far
        except Malformed:
            break
    return b""
