"""Read a zip of rules, if everybody reads it alike.

    0        local header, data, maybe a descriptor; the next member right behind it
    ...      the central directory: one record for each of them
    ...      the end record, whose comment ends where the archive does

The layouts are drawn in `formats/zip`. Nothing else may stand between, so that no
member is there for some programs and not for others: both headers of a member say the
same, and sizes and CRC-32 are right. Members are stored or deflated; zip64 is for
archives that are larger than rules ever are.

Source: APPNOTE.TXT 6.3.10, sections 4.3 and 4.4.
"""

import zlib
from collections.abc import Iterator
from dataclasses import replace
from struct import Struct

from zlib_ng.zlib_ng import crc32

from clearward.core.reader import CHUNK, Reader
from clearward.formats.decompressor import Zlib
from clearward.formats.zip.claim import DEFLATED, DESCRIPTOR, STORED, Claim
from clearward.formats.zip.descriptor import descriptor_size
from clearward.formats.zip.ending import END, Ending, read_endings
from clearward.formats.zip.local import Local, read_local
from clearward.formats.zip.record import HEADER, PLACES, Record, read_record
from clearward.formats.zip.window import Window
from clearward.jail.rule_members import Member, Unfit, names_rules, shown

_INPUT = 64 * 1024  # bytes that are inflated at one time
_RAW_DEFLATE = -15
_EXTRA = Struct("<2H")  # id and length of what stands in an extra field
_SECOND_NAME = 0x7075  # the Unicode path
_MEANT = 0x6 | DESCRIPTOR | 1 << 11  # flags: deflate's effort, a descriptor, UTF-8


def members(data: bytes) -> Iterator[Member]:
    """Yield every member in the order in which they lie.

    Raises:
        Unfit: the archive is damaged, encrypted, or not as plain as above.
    """
    window = Window(Reader.of(data))
    ending = _ending(window)
    place = 0
    for record in sorted(_records(window, ending), key=lambda one: one.offset):
        if record.offset != place:
            raise Unfit("members that overlap, or bytes between them")
        reading = _Reading(window, record, _local(window, record))
        folder = record.name.endswith(b"/") and not record.claim.size
        yield Member(record.name, reading.pieces(), is_file=not folder)
        place = reading.behind()
    if place != ending.offset:
        raise Unfit("bytes between its members and their directory")


def _ending(window: Window) -> Ending:
    """Return what the one end record says."""
    found = read_endings(window, window.rfind(END, 0, window.size))
    if found is None or not found.last:
        raise Unfit("not a zip archive, or it ends too early or too late")
    ending = found.readings[-1]
    if len(found.readings) > 1 or ending.disk:
        raise Unfit("a zip of several disks, or a zip64")
    if ending.offset + ending.size != ending.before:
        raise Unfit("bytes before it, or a directory that is not where it should be")
    return ending


def _records(window: Window, ending: Ending) -> Iterator[Record]:
    place = ending.offset
    for _ in range(ending.members):
        record = read_record(window, place)
        if record is None or record.disk:
            raise Unfit("its directory is damaged")
        _check_names(window, place, record)
        yield _filled(record)
        place = record.end
    if place != ending.before:
        raise Unfit("its directory holds more than it counts")


def _filled(record: Record) -> Record:
    """Return a record with its sizes; one that leaves them open is of nothing."""
    if record.claim.packed is not None:
        return record
    return replace(record, claim=replace(record.claim, crcs=(0,), packed=0, size=0))


def _check_names(window: Window, place: int, record: Record) -> None:
    """Refuse a member that is a rule file by one of two names (APPNOTE 4.6.9)."""
    start = place + HEADER.size + len(record.name)
    extra = window.at(start, record.end - start)  # and a comment behind it
    length = PLACES.unpack(window.at(place, HEADER.size))[2]
    while len(extra := extra[:length]) >= _EXTRA.size:
        kind, size = _EXTRA.unpack_from(extra)
        content = extra[_EXTRA.size : _EXTRA.size + size]
        if kind == _SECOND_NAME and names_rules(content) != names_rules(record.name):
            raise Unfit(f"{shown(record.name)}: has a second name that ends otherwise")
        extra = extra[_EXTRA.size + size :]


def _local(window: Window, record: Record) -> Local:
    """Return the local header of a member, which has to say what its record does."""
    local = read_local(window, record.offset)
    name = shown(record.name)
    if local is None or local.name != record.name:
        raise Unfit(f"{name}: not what its directory names")
    said, meant = local.claim, record.claim
    if said.locked or meant.locked:
        raise Unfit(f"{name}: is encrypted")
    if meant.method not in (STORED, DEFLATED):
        raise Unfit(f"{name}: neither stored nor deflated")
    if (said.flags | meant.flags) & ~_MEANT:
        raise Unfit(f"{name}: has flags that rules never need")
    if not _agree(said, meant):
        raise Unfit(f"{name}: its two headers do not agree")
    return local


def _agree(said: Claim, meant: Claim) -> bool:
    if said.method != meant.method:
        return False
    if said.packed is None:  # they stand behind the data
        return bool(said.flags & DESCRIPTOR)
    return (said.crcs, said.packed, said.size) == (meant.crcs, meant.packed, meant.size)


class _Reading:
    """One member on its way.

    Args:
        window: the archive.
        record: of the member in the directory.
        local: its other header.
    """

    def __init__(self, window: Window, record: Record, local: Local) -> None:
        self._window = window
        self._record = record
        self._local = local
        self._start = local.data
        self._packed = record.claim.packed or 0
        self._done = False

    def pieces(self) -> Iterator[bytes]:
        """Yield the content, then check it.

        Raises:
            Unfit: it is not what the headers say.
        """
        claim = self._record.claim
        crc = size = 0
        try:
            for piece in self._unpacked():
                crc, size = crc32(piece, crc), size + len(piece)
                yield piece
        except zlib.error as error:
            raise self._damaged() from error
        if size != claim.size or (crc,) != claim.crcs:
            raise self._damaged()
        self._done = True

    def behind(self) -> int:
        """Return the offset behind the member and its descriptor."""
        if not self._done:  # nobody took what a folder holds
            for _ in self.pieces():
                pass
        end = self._start + self._packed
        if not (self._local.claim.flags | self._record.claim.flags) & DESCRIPTOR:
            return end
        claim = self._record.claim
        crc, size = claim.crcs[0], claim.size or 0
        return end + descriptor_size(self._window, end, crc, self._packed, size)

    def _unpacked(self) -> Iterator[bytes]:
        end = self._start + self._packed
        if self._record.claim.method == STORED or not self._packed:
            for place in range(self._start, end, CHUNK):
                yield self._window.at(place, min(CHUNK, end - place))
            return
        stream = Zlib(_RAW_DEFLATE)
        place = self._start
        while not stream.eof:
            data = b""
            if stream.needs_input:
                data = self._window.at(place, min(_INPUT, end - place))
                place += len(data)
            output = stream.decompress(data, CHUNK)
            if not (data or output or stream.eof):
                raise self._damaged()
            if output:
                yield output
        if place != end or stream.unused_data:
            raise self._damaged()

    def _damaged(self) -> Unfit:
        return Unfit(f"{shown(self._record.name)}: is damaged")
