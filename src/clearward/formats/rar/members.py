"""Files of a RAR archive, 1.5 to 4, without libarchive's help for the whole of it.

libarchive reads what RAR 2.9 and later packed, of files that are whole and archives
that are not solid. Anything else is decoded here. Files of a solid archive begin with
what the decoder knows from the one before, so one that nobody read is read before the
next.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from clearward.core.errors import ClearwardError, Malformed, Truncated
from clearward.core.part import Gap, Item, Member, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats import libarchive, rar_blocks
from clearward.formats.lz.declared import Declared
from clearward.formats.rar.joined import Joined
from clearward.formats.rar.names import name_of
from clearward.formats.rar.packing.first import First
from clearward.formats.rar.packing.second import Second
from clearward.formats.rar.packing.third import Third
from clearward.formats.rar_blocks import Block

NAME = "rar"
SPLIT = rar_blocks.BEFORE | rar_blocks.AFTER
SIGNATURE = b"Rar!\x1a\x07\0"


class Decoder(Protocol):
    """A way of packing."""

    def expand(self, content: Reader, format: str, size: int) -> Iterator[bytes]:
        """Yield what the next file unpacks to."""


@dataclass(slots=True)
class Survey:
    """What kinds of blocks there are.

    Attributes:
        locked: headers or files that are encrypted.
        ours: files that libarchive does not read.
        services: those that are content, maybe.
    """

    locked: bool = False
    ours: bool = False
    services: bool = False


def survey(archive: Reader) -> Survey:
    """Look at all headers once."""
    found = Survey()
    for block in rar_blocks.blocks(archive):
        if block.kind == rar_blocks.FILE:
            found.ours = found.ours or _is_ours(block)
        if block.is_file:
            found.locked = found.locked or bool(block.flags & rar_blocks.LOCKED)
            found.services = found.services or block.kind == rar_blocks.SERVICE
        elif block.kind == rar_blocks.ARCHIVE:
            found.locked = bool(block.flags & rar_blocks.LOCKED_HEADERS)
    return found


def _is_ours(block: Block) -> bool:
    if block.is_packed and block.version < rar_blocks.THIRD:
        return True
    # The CRC of a header with a comment inside is of what stands before that.
    due = rar_blocks.COMMENT | SPLIT | (rar_blocks.SOLID if block.is_packed else 0)
    return bool(block.flags & due)


def unpack(archive: Reader, passed: int = 0) -> Iterator[Item]:
    """Yield the content of each file.

    Args:
        archive: the whole of it.
        passed: files that are known already.

    Raises:
        Malformed: what should be a block is none.
        Truncated: a block is longer than the archive.
    """
    solid = any(block.flags & rar_blocks.SOLID for block in rar_blocks.blocks(archive))
    members = Members(archive, solid=solid)
    place = rar_blocks.FIRST
    while (block := rar_blocks.block_at(archive, place)) is not None:
        if block.kind not in rar_blocks.TYPES:
            raise Malformed(NAME, place, "block")
        if block.kind == rar_blocks.END:
            return
        if block.kind == rar_blocks.FILE and len(block.header) == block.size:
            passed -= 1
            if passed < 0:
                yield from members.file(block)
        place = block.start + block.data
    if place > archive.size:
        raise Truncated(NAME, archive.size, "block")


class Members:
    """The files of one archive, asked for one behind the other.

    Args:
        archive: the whole of it.
        solid: some of them begin with what is known of others.
    """

    def __init__(self, archive: Reader, *, solid: bool) -> None:
        self._archive = archive
        self._front = rar_blocks.block_at(archive, rar_blocks.FIRST)
        self._position = 0
        self._decoder: Decoder | None = None
        self._packing = 0  # what the decoder is for; 0 before the first file
        self._reading: Iterator[bytes] = iter(())
        self._lost: Reason | None = None  # why the decoder knows too little
        self._solid = solid

    def file(self, block: Block) -> Iterator[Item]:
        """Yield a file, and what is missing of it."""
        self._position += 1
        size = block.unpacked
        if block.is_folder or not size:
            return
        content = block.content(self._archive)
        said = Member(
            self._position,
            block.data,
            size,
            encrypted=bool(block.flags & rar_blocks.LOCKED),
        )
        if said.encrypted:
            self._lose(block, Reason.ENCRYPTED)
            yield Gap(Reason.ENCRYPTED, _name(block), said)
        elif block.method == rar_blocks.STORED:
            yield Part(content, _name(block), content.size, said)
            if content.size < block.data or block.flags & SPLIT:
                yield Gap(Reason.TRUNCATED, _name(block))
        else:
            yield self._packed(block, content, said)

    def _packed(self, block: Block, content: Reader, said: Member) -> Item:
        self._prepare(block)
        if self._lost is not None:
            return Gap(self._lost, _name(block), said)
        if self._decoder is None:
            return self._alone(block, content, said)
        chunks = self._decoder.expand(content, NAME, block.unpacked)
        self._reading = self._watched(chunks)
        declared = Declared(NAME, block.start, block.unpacked, self._crc(block))
        whole = declared.hold(self._reading)
        return Part(Stream(whole), _name(block), content.size, said)

    def _prepare(self, block: Block) -> None:
        """Have the decoder know what the file begins with, or that it is lost."""
        if block.flags & rar_blocks.BEFORE:
            self._lose(block, Reason.TRUNCATED)
        elif not self._is_solid(block) or not (self._packing or self._lost):
            self._begin(block)
        self._pass_over()
        if self._lost is None and self._packing != _packing(block):
            self._lost = Reason.CORRUPT

    def _pass_over(self) -> None:
        """Read the file before, if nobody did; its damage is for those who do."""
        try:
            for _ in self._reading:
                pass
        except Malformed:
            self._reading = iter(())

    def _is_solid(self, block: Block) -> bool:
        """Say whether a file begins with what is known of the one before."""
        if block.version >= rar_blocks.SECOND:
            return bool(block.flags & rar_blocks.SOLID)
        front = self._front
        return front is not None and bool(front.flags & rar_blocks.SOLID_ARCHIVE)

    def _crc(self, block: Block) -> int | None:
        """Return the CRC-32 of a file's content; None if it is another's."""
        return None if block.flags & rar_blocks.AFTER else block.crc

    def _begin(self, block: Block) -> None:
        self._reading = iter(())
        self._lost = None
        self._packing = _packing(block)
        self._decoder = None
        if self._packing < rar_blocks.SECOND:
            self._decoder = First()
        elif self._packing < rar_blocks.THIRD:
            self._decoder = Second()
        elif self._solid or block.flags & rar_blocks.AFTER:
            self._decoder = Third()

    def _lose(self, block: Block, reason: Reason) -> None:
        if block.method != rar_blocks.STORED:
            self._reading = iter(())
            self._lost = reason

    def _watched(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield chunks; damage is known to the files behind."""
        try:
            yield from chunks
        except ClearwardError as error:
            cut = isinstance(error, Truncated)
            self._lost = Reason.TRUNCATED if cut else Reason.CORRUPT
            raise

    def _alone(self, block: Block, content: Reader, said: Member) -> Item:
        """A file as libarchive reads it in an archive of its own."""
        archive = alone(self._front, block, content)
        try:
            for item in libarchive.unpack(NAME, archive, "rar"):
                if isinstance(item, Part):
                    return Part(item.content, _name(block), content.size, said)
        except Malformed as error:
            return Gap(error.reason, _name(block), said)
        return Gap(Reason.CORRUPT, _name(block), said)


def alone(front: Block | None, block: Block, content: Reader) -> Reader:
    """Return an archive of one file, which is not solid."""
    archive = Joined()
    archive.add(Reader.of(SIGNATURE))
    if front is not None and front.kind == rar_blocks.ARCHIVE:
        archive.add(Reader.of(rar_blocks.changed(front.header, 0)))
    flags = block.flags & ~rar_blocks.SOLID
    archive.add(Reader.of(rar_blocks.changed(block.header, flags)))
    archive.add(content)
    return archive.reader()


def _packing(block: Block) -> int:
    """The version that first packed so; 1 for those before 2.0."""
    for version in (rar_blocks.THIRD, rar_blocks.SECOND):
        if block.version >= version:
            return version
    return 1


def _name(block: Block) -> bytes:
    return name_of(block.name, block.flags)
