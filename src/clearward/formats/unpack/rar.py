"""Unpack RAR archives, 1.4 to 7.

Layout of the fronts, numbers little-endian (RAR 5.0 archive format; the older one as
libarchive's reader describes it):

    "RE~^"                  before 1.5 (`formats/rar/oldest`)
    "Rar!" 1A 07 00         then blocks: CRC 2, type 1, flags 2, size 2
                            the first is the archive's: flag 1 says it is a volume
    "Rar!" 1A 07 01 00      then blocks: CRC 4; size, type and flags of variable length
                            the first is the archive's, or says that headers are
                            encrypted; flag 1 of the archive says it is a volume

libarchive reads the entries, but of RAR 1.5 to 2.6 and of solid archives of RAR 3
(`formats/rar/members`). Of an archive in volumes only this one is at hand: what it
shows is yielded, and the rest is a gap. What is encrypted and a password opens is
written anew in plain.
"""

from collections.abc import Iterator

from clearward.core.errors import Malformed
from clearward.core.part import Gap, Item
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats import libarchive
from clearward.formats.decompressor import Undecoded
from clearward.formats.passwords import candidates
from clearward.formats.rar import members, oldest, services
from clearward.formats.rar import new as rar_new
from clearward.formats.rar import old as rar_old

NAME = "rar"
OLD = b"Rar!\x1a\x07\0"
NEW = b"Rar!\x1a\x07\1\0"
ARCHIVE_OLD = 0x73  # type of the archive's own block
ARCHIVE_NEW = 1
EXTRA = 1  # flag of a block: the size of an extra area follows
VOLUME = 1  # flag of an archive


def unpack(archive: Reader) -> Iterator[Item]:
    """Yield the content of each entry, then say what is missing.

    Raises:
        Undecoded: encrypted headers, or a kind of archive that cannot be read.
        Malformed: damage. What came before has been yielded.
    """
    if archive.at(0, len(NEW)) == NEW:
        yield from _new(archive)
    elif archive.at(0, len(OLD)) == OLD:
        yield from _old(archive)
    elif archive.at(0, len(oldest.MAGIC)) == oldest.MAGIC:
        yield from oldest.unpack(archive)
    else:
        raise Undecoded(NAME, 0, "version", Reason.UNSUPPORTED)


def _new(archive: Reader) -> Iterator[Item]:
    archive = rar_new.unlocked(archive, iter(candidates())) or archive
    volume = _is_volume_new(archive)
    yield from _entries(archive, new=True, volume=volume)
    yield from services.in_new(archive)
    if volume:
        yield Gap(Reason.TRUNCATED)


def _old(archive: Reader) -> Iterator[Item]:
    seen = members.survey(archive)
    opened = rar_old.unlocked(archive, iter(candidates())) if seen.locked else None
    if opened is not None:
        archive, seen = opened, members.survey(opened)
    volume = _is_volume_old(archive)
    if seen.ours:
        yield from members.unpack(archive)
    else:
        yield from _entries(archive, new=False, volume=volume)
    if seen.services:
        yield from services.in_old(archive)
    if volume:
        yield Gap(Reason.TRUNCATED)


def _entries(archive: Reader, *, new: bool, volume: bool) -> Iterator[Item]:
    passed = 0
    try:
        for item in libarchive.unpack(NAME, archive, "rar5" if new else "rar"):
            passed = item.member.position if item.member else passed
            yield item
    except Malformed as error:
        if not new and error.reason is not Reason.ENCRYPTED:
            # It gives up where the archive may go on.
            yield from members.unpack(archive, passed)
            if error.reason is Reason.UNSUPPORTED and not volume:
                return  # said of each file
        if not volume or error.reason is not Reason.CORRUPT:
            raise


def _is_volume_old(archive: Reader) -> bool:
    block = archive.at(len(OLD), 5)
    if len(block) < 5 or block[2] != ARCHIVE_OLD:  # noqa: PLR2004 - up to the flags
        return False
    return bool(block[3] & VOLUME)


def _is_volume_new(archive: Reader) -> bool:
    numbers = _numbers(archive.at(len(NEW) + 4, 64))
    next(numbers, 0)  # size of the block
    if next(numbers, 0) != ARCHIVE_NEW:
        return False
    if next(numbers, 0) & EXTRA:
        next(numbers, 0)
    return bool(next(numbers, 0) & VOLUME)


def _numbers(data: bytes) -> Iterator[int]:
    """Yield numbers of variable length: seven bits a byte, the lowest first."""
    number = shift = 0
    for byte in data:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:  # noqa: PLR2004 - the last byte of a number
            yield number
            number = shift = 0
