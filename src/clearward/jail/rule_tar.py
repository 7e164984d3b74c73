"""Read a tar in gzip of rules, if everybody reads it alike.

The layout of its headers is drawn in `formats/tar`. What GNU tar, git and Python write
is read: files, folders and links of ustar, long names of pax and GNU. What programs
read in different ways is refused: sparse files, headers that lie, sizes in two places,
a missing end, anything behind it.

Sources: RFC 1952; POSIX.1-2001, pax; GNU tar manual, "Tar Internals".
"""

from collections.abc import Iterator

from clearward.core.reader import Cursor, Reader, Stream
from clearward.formats.tar.header import BLOCK, Header, parse, sound, until_nul
from clearward.formats.tar.pax import Records
from clearward.formats.unpack import gzip
from clearward.jail.rule_members import Member, Room, Unfit, shown

_FILES = frozenset((b"0", b"\0", b"7"))
_BARE = frozenset((b"1", b"2", b"3", b"4", b"5", b"6"))  # links, devices, folders
_MOST_ABOUT = 64 * 1024  # bytes of a long name, or of records of pax
_ZERO = bytes(BLOCK)


def members(data: bytes) -> Iterator[Member]:
    """Yield every member in the order in which they lie.

    Raises:
        Unfit: the archive is damaged, or not as plain as above.
        Malformed: it is no gzip, or a damaged one.
    """
    if not gzip.recognises(data[:BLOCK], Reader.of(data)):
        raise Unfit("not a gzip file")
    parts = gzip.unpack(Cursor(Reader.of(data)))
    tar = next(parts).content
    # What is in no member counts as well: names may be long, and headers many.
    pieces = tar.rest() if isinstance(tar, Stream) else tar.chunks()
    yield from _Walk(Stream(Room(len(data)).counted(pieces))).members()
    if next(parts, None) is not None:
        raise Unfit("bytes behind the compressed tar")


class _Walk:
    """The way through one tar."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._records = Records()
        self._long_name = b""

    def members(self) -> Iterator[Member]:
        """Yield every member; check the end."""
        while (block := self._exactly(BLOCK)) != _ZERO:
            if not sound(block):
                raise Unfit("not a tar, or a damaged header")
            header = parse(block)
            if header.size is None:
                raise Unfit("a header with a damaged size")
            member = self._member(header, header.size)
            if member is not None:
                yield member
            self._exactly(-self._stream.offset % BLOCK)
        if self._records != Records() or self._long_name:
            raise Unfit("a name without a member")
        if any(any(rest) for rest in self._stream.rest()):
            raise Unfit("bytes behind the end of the tar")

    def _member(self, header: Header, size: int) -> Member | None:
        """Return a member; None for what only says something about the next one."""
        if header.kind == b"L":
            self._long_name = until_nul(self._about(size))
            return None
        if header.kind == b"K":  # where a link with a long target leads
            self._about(size)
            return None
        if header.kind in {b"x", b"X", b"g"}:
            self._read(self._about(size), common=header.kind == b"g")
            return None
        name = self._records.path or self._long_name or header.name
        if self._records.size not in {None, size}:
            raise Unfit(f"{shown(name)}: two sizes")
        self._records, self._long_name = Records(), b""
        if header.kind in _FILES and not name.endswith(b"/"):
            return Member(name, self._pieces(size))
        if size or header.kind not in _FILES | _BARE:
            raise Unfit(f"{shown(name)}: not a kind of member that all programs know")
        folder = b"/" if header.kind == b"5" else b""
        return Member(name + folder, is_file=False)

    def _read(self, text: bytes, *, common: bool) -> None:
        """Take records about the next member, or about all that follow."""
        records = Records()
        records.read(text)
        if records.damaged or records.sparse:
            raise Unfit("records of pax that are damaged, or of a sparse file")
        if not common:
            if self._records != Records():
                raise Unfit("two headers of pax for one member")
            self._records = records
        elif records != Records():
            raise Unfit("one name or size for all members")

    def _about(self, size: int) -> bytes:
        if size > _MOST_ABOUT:
            raise Unfit(f"a name, or what stands for one, of more than {_MOST_ABOUT:,}")
        return self._exactly(size)

    def _pieces(self, size: int) -> Iterator[bytes]:
        while size:
            piece = self._stream.some(size)
            if not piece:
                raise Unfit("the tar ends too early")
            size -= len(piece)
            yield piece

    def _exactly(self, size: int) -> bytes:
        data = self._stream.take(size)
        if len(data) < size:
            raise Unfit("the tar ends too early")
        return data
