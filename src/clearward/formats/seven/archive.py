"""Open a 7z archive: its header, its folders, and the bytes that belong to nothing."""

from collections.abc import Iterator
from functools import partial
from itertools import chain, repeat
from struct import unpack_from
from zlib import crc32

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.part import Member as Facts
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Undecoded
from clearward.formats.seven.chain import content, is_encrypted
from clearward.formats.seven.fields import NAME, Fields
from clearward.formats.seven.header import HEADER, Header, read_header
from clearward.formats.seven.keys import Keys
from clearward.formats.seven.lock import Lock
from clearward.formats.seven.opening import Opening
from clearward.formats.seven.streams import Content, Member, read_streams

START_SIZE = 32
START_CRC, START = 8, 12  # offsets in the start header
ENCODED = 0x17
MOST_HEADER = 32 * MIB  # 100,000 files with long names need half of it
MOST_ENCODED = 4  # times that a header is encoded; once is common


class Archive:
    """An archive that is being read.

    Args:
        archive: its bytes.

    Attributes:
        fault: the first thing that was wrong and did not end the reading.
    """

    def __init__(self, archive: Reader) -> None:
        self._archive = archive
        self._used: list[tuple[int, int]] = []  # start and end of what belongs
        self._keys = Keys()
        self.fault: Malformed | None = None

    def header(self) -> Header:
        """Read the header, and note where it lies.

        Raises:
            Undecoded: it is encrypted, too large, or encoded in an unknown way.
            Malformed: it is wrong.
            Truncated: it lies behind the end.
        """
        start = self._archive.at(0, START_SIZE)
        if len(start) < START_SIZE:
            raise Truncated(NAME, len(start), "start header")
        if crc32(start[START:]) != unpack_from("<L", start, START_CRC)[0]:
            self._note(Malformed(NAME, START_CRC, "CRC of the start header"))
        offset, size, crc = unpack_from("<QQL", start, START)
        place = START_SIZE + offset
        if not size:
            return Header()
        if place + size > self._archive.size:
            raise Truncated(NAME, START, "offset and size of the header")
        if size > MOST_HEADER:
            raise Undecoded(NAME, START, "size of the header", Reason.MEMORY_LIMIT)
        data = self._archive.at(place, size)
        self._used.append((place, place + size))
        self._check(data, crc, place)
        return self._decoded(data, place)

    def members(self, header: Header) -> Iterator[Item]:
        """Yield the members' contents; gaps for those that cannot be decoded."""
        if header.fault is not None:
            self._note(header.fault)
        for each in header.additional:
            yield from self._folder(each, repeat(b""), repeat(0))
        names = chain(header.names, repeat(b""))
        positions = chain(header.positions, repeat(0))
        for each in header.main:
            yield from self._folder(each, names, positions)
        yield from header.empty

    def rest(self) -> Iterator[Part]:
        """Yield the bytes that belong to nothing; those at the end are trailing."""
        place, end = START_SIZE, self._archive.size
        for start, behind in [*sorted(self._used), (end, end)]:
            if place < start <= end:
                name = b"trailing" if start == end else b"unused"
                yield Part(self._archive.slice(place, start - place), name)
            place = max(place, behind)

    def _decoded(self, data: bytes, place: int) -> Header:
        for _ in range(MOST_ENCODED + 1):
            fields = Fields(data, place)
            kind = fields.byte()
            if kind == HEADER:
                return read_header(fields)
            contents = read_streams(fields) if kind == ENCODED else ()
            if not contents:
                raise fields.wrong("kind of header")
            data = self._encoded(contents[0], place)
        raise Undecoded(NAME, place, "header in headers", Reason.UNSUPPORTED)

    def _encoded(self, held: Content, place: int) -> bytes:
        size = held.sizes[held.folder.last]
        if size > MOST_HEADER:
            raise Undecoded(NAME, place, "size of the header", Reason.MEMORY_LIMIT)
        try:
            data = self._open(held, header=True).take(size)
        except Malformed as error:
            raise _at(error, place) from error
        if len(data) < size:
            raise Truncated(NAME, place, "encoded header")
        if held.members:
            self._check(data, held.members[0].crc, place)
        return data

    def _open(self, held: Content, *, header: bool = False) -> Stream:
        place = START_SIZE + held.place
        packed = []
        for size in held.packed:
            start = min(place, self._archive.size)
            there = min(size, self._archive.size - start)
            packed.append(self._archive.slice(start, there))
            self._used.append((start, start + there))
            place += size
        if not is_encrypted(held.folder):
            return content(held.folder, held.sizes, packed)
        for password in self._keys.passwords():
            key_of = partial(self._key, password)
            opening = Opening(held, packed, key_of, header)
            if opening.fits():
                return opening.content()
        raise Undecoded(NAME, place, "encryption", Reason.ENCRYPTED)

    def _key(self, password: bytes, lock: Lock) -> bytes | None:
        return self._keys.key(lock, password)

    def _folder(
        self, held: Content, names: Iterator[bytes], positions: Iterator[int]
    ) -> Iterator[Item]:
        members, titles = held.members, [next(names) for _ in held.members]
        facts = [
            Facts(
                next(positions), size=member.size, encrypted=is_encrypted(held.folder)
            )
            for member in members
        ]
        if not members:  # it belongs to no file, and is looked at all the same
            members, titles = (Member(held.sizes[held.folder.last], None),), [b""]
            facts = [Facts()]
        try:
            whole = self._open(held)
        except Malformed as error:
            yield from map(Gap, repeat(error.reason), titles, facts)
            return
        place = min(START_SIZE + held.place, self._archive.size)
        broken: Reason | None = None
        for member, title, told in zip(members, titles, facts, strict=True):
            if broken is None:
                reading = _Reading(whole, member, place)
                if reading.broken is None:
                    yield Part(Stream(reading.chunks()), title, member=told)
                    broken = reading.broken
                    continue
                broken = reading.broken
            yield Gap(broken, title, told)

    def _check(self, data: bytes, crc: int | None, place: int) -> None:
        if crc is not None and crc32(data) != crc:
            self._note(Malformed(NAME, place, "CRC of the header"))

    def _note(self, fault: Malformed) -> None:
        if self.fault is None:
            self.fault = fault


class _Reading:
    """A member on its way out of its folder.

    Args:
        whole: the folder, read up to the member.
        member: what it is to be.
        place: offset of the folder in the archive.

    Attributes:
        broken: why the folder cannot be read behind this member, if it cannot.
    """

    def __init__(self, whole: Stream, member: Member, place: int) -> None:
        self._member = member
        self._place = place
        self.broken: Reason | None = None
        try:
            self._content = whole.part(member.size)
        except Malformed as error:  # in the member before, which nobody has read
            self.broken = error.reason

    def chunks(self) -> Iterator[bytes]:
        """Yield the content.

        Raises:
            Malformed: it ends early, or its CRC is not what is stored.
        """
        crc = size = 0
        try:
            for chunk in self._content.rest():
                crc = crc32(chunk, crc)
                size += len(chunk)
                yield chunk
            if size < self._member.size:
                raise Truncated(NAME, self._place, "size of a member")
        except Malformed as error:
            self.broken = error.reason
            raise _at(error, self._place) from error
        if self._member.crc is not None and crc != self._member.crc:
            raise Malformed(NAME, self._place, "CRC of a member")


def _at(error: Malformed, place: int) -> Malformed:
    """The same error with an offset in the archive instead of one in a stream."""
    if isinstance(error, Truncated):
        return Truncated(NAME, place, error.field)
    if isinstance(error, Undecoded):
        return Undecoded(NAME, place, error.field, error.reason)
    return Malformed(NAME, place, error.field)
