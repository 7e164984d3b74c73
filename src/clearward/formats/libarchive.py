"""What libarchive reads of an archive, as parts and gaps.

    unpack     entries -> parts, read as they are asked for
    stream     the same for what has one content and no entries

The library is asked for one format only, the one that was recognised, reads through a
`Reader`, and is stopped wherever the engine stops. Folders, devices and links are no
parts. It answers errors in words, which never leave this file: they only choose the
reason. An entry that fails is damage inside its part; then the archive goes on, unless
the library cannot.

The library comes with the wheel of archi, whose own interface would read every format
it meets, and whole members. `native/archives` calls the same library piece by piece.
"""

import errno
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Member, Part
from clearward.core.reader import CHUNK, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats import heavy
from clearward.formats.decompressor import Undecoded

if TYPE_CHECKING:
    from clearward.native._archives import Archive

# Words in the library's messages, in small letters; the first that fits counts.
WORDS = (
    (b"encrypt", Reason.ENCRYPTED),
    (b"password", Reason.ENCRYPTED),
    (b"multivolume", Reason.TRUNCATED),
    (b"unsupported", Reason.UNSUPPORTED),
    (b"not support", Reason.UNSUPPORTED),
    (b"unavailable", Reason.UNSUPPORTED),
    (b"truncated", Reason.TRUNCATED),
    (b"premature end", Reason.TRUNCATED),
)

OF_A_NAME = b"convert"  # in a warning: the name is in an unknown character set


def unpack(name: str, reader: Reader, format: str) -> Iterator[Item]:
    """Yield the content of each entry in the order of the archive.

    An entry that needs a password is a gap.

    Args:
        name: of the format, for errors.
        reader: the archive.
        format: what libarchive calls the format.

    Raises:
        Malformed: the library cannot go on. What came before has been yielded.
    """
    reading = _Reading(name, reader, format)
    position = 0
    while (entry := reading.next()) is not None:
        title, has_content, size, encrypted, warning = entry
        position += 1
        if warning and OF_A_NAME not in warning:
            yield Gap(_reason(warning), title)
        if not has_content:
            continue
        known = size if size >= 0 else None
        member = Member(position, size=known, encrypted=encrypted)
        if encrypted:
            yield Gap(Reason.ENCRYPTED, title, member)
            continue
        yield Part(Stream(reading.content()), title, member=member)


def stream(name: str, reader: Reader, format: str) -> Iterator[bytes]:
    """Yield what a compressed stream holds.

    Raises:
        Malformed: as in `unpack`.
    """
    reading = _Reading(name, reader, format)
    if reading.next() is not None:
        yield from reading.content()


class _Reading:
    """One archive being read; every error becomes one of ours."""

    def __init__(self, name: str, reader: Reader, format: str) -> None:
        self._library: Any = heavy.library("libarchive")
        self._name = name
        self._furthest = 0
        self._reader = reader
        if self._library is None:
            raise Undecoded(name, 0, "reader", Reason.UNSUPPORTED)
        try:
            self._archive: Archive = self._library.Archive(
                self._give, reader.size, format
            )
        except self._library.Error as error:
            raise self._damage(error, "start") from error

    def next(self) -> tuple[bytes, bool, int, bool, bytes] | None:
        """Return the next entry, passing over what is left of the last."""
        try:
            return self._archive.next()
        except self._library.Error as error:
            raise self._damage(error, "entry") from error

    def content(self) -> Iterator[bytes]:
        """Yield the content of the entry; its holes are zeros, as when unpacked."""
        place = 0
        while True:
            try:
                block = self._archive.block()
            except self._library.Error as error:
                raise self._damage(error, "content") from error
            if block is None:
                return
            offset, data = block
            while place < offset:
                hole = min(offset - place, CHUNK)
                yield bytes(hole)
                place += hole
            place += len(data)
            for start in range(0, len(data), CHUNK):
                yield data[start : start + CHUNK]

    def _give(self, offset: int, size: int) -> bytes:
        data = self._reader.at(offset, size)
        self._furthest = max(self._furthest, offset + len(data))
        return data

    def _damage(self, error: Exception, field: str) -> Malformed:
        _, number, words = error.args
        place = self._furthest
        if number == errno.ENOMEM:
            return Undecoded(self._name, place, field, Reason.MEMORY_LIMIT)
        reason = _reason(words)
        if reason is Reason.CORRUPT:
            return Malformed(self._name, place, field)
        if reason is Reason.TRUNCATED:
            return Truncated(self._name, place, field)
        return Undecoded(self._name, place, field, reason)


def _reason(words: bytes) -> Reason:
    small = words.lower()
    return next((it for word, it in WORDS if word in small), Reason.CORRUPT)
