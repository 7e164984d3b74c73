"""Unpack tar archives: v7, ustar, pax, GNU, star and Solaris.

Layout: blocks of 512 bytes. Each member is a header block (see `formats.tar.header`)
and its content, padded to a whole block; two blocks of zeros end the archive. Types:

    0 NUL 7   a file                      L K     name or link name of the next member
    1         a hard link                 x X     pax records for the next member
    2-6       links, devices, folders     g       pax records for all that follow
    S         a sparse file (GNU)         others  content like that of a file

Every program reads damaged and dishonest archives in its own way. What is done here
shows what any of them would:

* Reading goes on behind the end: archives may be joined, and what is neither header nor
  zeros is a part named "trailing".
* A header with a wrong checksum, and whatever else stands where a header should, is a
  gap and a part that reaches to the next good header.
* Whatever has content is a part, links, folders and unknown types too. Where programs
  differ about whether there is content at all, it is also a gap.
* A sparse file is a part as it is stored, without its holes and its map, and, up to
  `EXPANDED`, another part with its holes. A larger one is a gap.

Sources: POSIX.1-1988 and POSIX.1-2001 (pax); GNU tar manual, "Tar Internals"; star(5).
"""

from collections.abc import Generator, Iterator

from clearward.core.errors import Truncated
from clearward.core.limits import KIB, MIB
from clearward.core.part import Gap, Item, Member, Mention, Part
from clearward.core.reader import Forward, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.rewind import Rewind
from clearward.formats.tar import sparse
from clearward.formats.tar.header import (
    BLOCK,
    SUM,
    SUM_CHARACTERS,
    USTAR,
    Header,
    parse,
    resembles,
    sound,
    until_nul,
)
from clearward.formats.tar.kept import Kept
from clearward.formats.tar.pax import Records

NAME = "tar"
TRAILING = b"trailing"
ZERO = bytes(BLOCK)
RUN = 16 * BLOCK  # bytes looked at together where headers are searched

NAME_MOST = 64 * KIB  # bytes of a long name that are read as a name
RECORDS_MOST = 8 * MIB  # bytes of an extended header that are read as records
EXPANDED = 64 * MIB  # the largest sparse file that is also shown with its holes
HELD = 32 * MIB  # the most of it that is held in memory, if it comes in a stream

ENDLESS = 1 << 64
FILES = b"\x0007"  # types
NO_ROOM = {0, 0o77777777777}  # what writers put where a size does not fit


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a part that starts with `head` is a tar archive.

    A good checksum is enough (v7 has no magic), and so is the magic, whatever the
    checksum says.
    """
    if head[257:262] == USTAR:
        return True
    # Asked about every part there is: most are turned away by one look at the checksum.
    field = head[SUM]
    return not field.strip(SUM_CHARACTERS) and bool(field.strip(b" \0")) and sound(head)


def unpack(archive: Forward) -> Iterator[Item]:
    """Yield the content of each member in archive order, and what lies between.

    Raises:
        Truncated: the archive ends inside a header or a member. What was there of it
            has been yielded.
    """
    return _Walk(Rewind(archive)).items()


class _Walk:
    """The way through one archive."""

    def __init__(self, source: Rewind) -> None:
        self._source = source
        self._ended = False  # zeros stand before the place that is read
        self._pax = False  # an extended header was seen
        self._position = 0  # of a member, as signatures count
        self._common = Records()
        self._records: Records | None = None
        self._long_name: bytes | None = None

    def items(self) -> Iterator[Item]:
        while len(block := self._source.take(BLOCK)) == BLOCK:
            if block == ZERO:
                self._ended = True
                self._pass_zeros()
            elif sound(block):
                self._ended = False
                yield from self._member(parse(block))
            elif not self._ended and resembles(block):
                yield from self._unsound(parse(block))
            else:
                yield from self._stray(block)
        if any(block):
            self._source.give_back(block)
            yield Part(self._source.part(len(block)), TRAILING)
            if not self._ended:
                raise Truncated(NAME, self._source.offset, "header length")

    def _pass_zeros(self) -> None:
        size = RUN
        while run := self._source.take(size):
            left = len(run.lstrip(b"\0"))
            if left:
                start = len(run) - left
                self._source.give_back(run[start - start % BLOCK :])
                return
            size = min(2 * size, MIB)

    def _unsound(self, header: Header) -> Iterator[Item]:
        """Read on behind a header that lies, up to the next one that does not."""
        yield Gap(Reason.CORRUPT, header.name)
        size = ENDLESS if header.size is None else header.size
        yield from self._to_next_header(size, header.name)

    def _stray(self, block: bytes) -> Iterator[Item]:
        if not self._ended:
            yield Gap(Reason.CORRUPT)
        self._source.give_back(block)
        yield from self._to_next_header(ENDLESS, TRAILING)

    def _to_next_header(self, most: int, name: bytes) -> Iterator[Item]:
        content = Stream(self._blocks(most))
        yield Part(content, name)
        for _ in content.rest():
            pass

    def _blocks(self, most: int) -> Iterator[bytes]:
        while most > 0 and (run := self._source.take(min(RUN, most + -most % BLOCK))):
            for at in range(0, len(run), BLOCK):
                if sound(run, at):
                    self._source.give_back(run[at:])
                    if at:
                        yield run[: min(at, most)]
                    return
            yield run[:most]
            most -= len(run)

    def _member(self, header: Header) -> Iterator[Item]:
        if header.size is None:
            yield from self._unsound(header)
        elif header.kind in b"LK":
            name = yield from self._text(header, header.size, NAME_MOST)
            if header.kind == b"L":
                self._long_name = until_nul(name)
        elif header.kind in b"xXg":
            yield from self._extended(header, header.size)
        else:
            yield from self._file(header, header.size)

    def _extended(self, header: Header, size: int) -> Iterator[Item]:
        self._pax = True
        text = yield from self._text(header, size, RECORDS_MOST)
        if header.kind == b"g":
            records = self._common
        else:
            self._records = records = self._records or self._common.copy()
        records.damaged = False
        records.read(text)
        if records.damaged:
            yield Gap(Reason.CORRUPT, header.name)
        if size > RECORDS_MOST:
            yield Gap(Reason.MEMORY_LIMIT, header.name)

    def _text(
        self, header: Header, size: int, most: int
    ) -> Generator[Item, None, bytes]:
        """Take a content that is about the next member.

        What is too long, or cut off, is a part: there may be members behind a length
        that lies.
        """
        end = self._source.offset + size
        text = self._source.take(min(size, most))
        if len(text) < min(size, most):
            yield Part(Reader.of(text), header.name)
        elif size > most:
            yield Part(self._source.part(size - most), header.name)
        self._finish(end)
        return text

    def _file(self, header: Header, size: int) -> Iterator[Item]:
        records = self._records or self._common
        name = records.path or self._long_name or header.name
        self._records = self._long_name = None
        if records.size is not None:
            # A size for all members is read by some programs and not by others.
            honest = size in NO_ROOM and self._common.size is None
            if size != records.size and not honest:
                yield Gap(Reason.CORRUPT, name)
            size = records.size
        size = yield from self._true_size(header, name, size)
        if header.kind == b"S":
            where = sparse.from_header(header.block, self._source)
            yield from self._sparse(where, size, name, name)
        elif records.sparse:
            yield from self._sparse_by_records(records, size, name)
        elif size or not _is_bare(header.kind, name):
            yield from self._content(size, name)
        elif header.kind in FILES:  # a folder of v7
            yield Mention(name, self._facts(0))

    def _true_size(
        self, header: Header, name: bytes, size: int
    ) -> Generator[Item, None, int]:
        """Return how much content follows: not all types with a size have one."""
        if not size or not _is_bare(header.kind, name):
            return size
        if header.kind == b"1" and not self._pax:
            return 0  # all programs agree: it is the size of the other name's content
        block = self._source.take(BLOCK)
        self._source.give_back(block)
        if sound(block) or block == ZERO:
            yield Gap(Reason.CORRUPT, name)
            return 0
        return size

    def _content(self, size: int, name: bytes) -> Iterator[Item]:
        end = self._source.offset + size
        yield Part(self._source.part(size), name, member=self._facts(size))
        self._finish(end)

    def _facts(self, size: int) -> Member:
        self._position += 1
        return Member(self._position, size, size)

    def _finish(self, end: int) -> None:
        """Pass over what is left of a content that ends at `end`, and its padding."""
        if not self._source.reach(end):
            raise Truncated(NAME, self._source.offset, "size beyond the archive")
        self._source.skip(-end % BLOCK)

    def _sparse_by_records(
        self, records: Records, size: int, name: bytes
    ) -> Iterator[Item]:
        if records.mapped_inside:
            start = self._source.offset
            where = sparse.from_content(self._source, size, records.real_size)
            size -= self._source.offset - start
        else:
            where = sparse.from_records(records)
        yield from self._sparse(where, size, name, records.sparse_name or name)

    def _sparse(
        self, where: sparse.Map | None, size: int, name: bytes, real_name: bytes
    ) -> Iterator[Item]:
        if where is None or not where.fits(size):
            yield Gap(Reason.CORRUPT, real_name)
            yield from self._content(size, name)
        elif where.is_whole():
            yield from self._content(size, real_name)
        elif where.size > EXPANDED:
            yield from self._content(size, name)
            yield Gap(Reason.SIZE_LIMIT, real_name)
        else:
            end = self._source.offset + size
            kept = Kept(self._source.part(size), HELD)
            yield Part(kept.part, name, member=self._facts(size))
            stored = kept.again()
            self._finish(end)
            if stored is None:
                yield Gap(Reason.MEMORY_LIMIT, real_name)
            else:
                yield Part(Stream(where.expand(stored)), real_name, packed=size)


def _is_bare(kind: bytes, name: bytes) -> bool:
    """Say whether a member is of a type that has no content: a link, a folder.

    In v7, which has no type for folders, their names end with a slash.
    """
    return kind in b"123456" or (kind in FILES and name.endswith(b"/"))
