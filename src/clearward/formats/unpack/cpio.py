"""Unpack cpio archives: binary of both byte orders, odc, newc, crc and afio.

Layout: members, each of them header, name (its length counts a final NUL), padding,
content, padding; the last is named "TRAILER!!!" (cpio(5); pax(1) for odc; the kernel's
"initramfs buffer format" for newc; afio(1)):

    kind    magic          header  numbers                      padded to
    binary  C7 71, 71 C7   26      words of 16 bits; 32 bits    2
                                   are two, the high one first
    odc     "070707"       76      octal                        -
    newc    "070701"       110     hexadecimal                  4
    crc     "070702"       110     the same; sums not checked   4
    afio    "070727"       116     octal and hexadecimal        -

Archives may be joined, with zeros between them, as an initramfs is: reading goes on
behind the trailer. What stands there and is no header is a part named "trailing". In
front of a trailer it is damage: a gap, and a part that reaches to the next header.

Whatever has content is a part, links too: that of a symbolic link is its target. What
is stripped, in rpm packages of 4 GiB and more ("07070X"), has no sizes: it is a gap.
"""

import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.errors import Truncated
from clearward.core.limits import KIB, MIB
from clearward.core.part import Gap, Item, Member, Part
from clearward.core.reader import Forward, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.rewind import Rewind
from clearward.formats.tar.header import until_nul

NAME = "cpio"
TRAILER = b"TRAILER!!!"
TRAILING = b"trailing"
STRIPPED = b"07070X"
LITTLE, BIG = b"\xc7\x71", b"\x71\xc7"
MAGICS = (b"070707", b"070701", b"070702", b"070727", STRIPPED, LITTLE, BIG)

NAME_MOST = 64 * KIB  # bytes; what is longer is no name but a part
ENDLESS = 1 << 64
RUN = 8 * KIB  # bytes looked at together where a header is searched
AHEAD = 4608  # bytes kept in sight there: a binary header and its name
TYPE = 0o170000
REGULAR = {0, 0o100000}
TYPES = {0, *(kind << 12 for kind in (1, 2, 4, 6, 8, 9, 10, 12))}


@dataclass(frozen=True, slots=True)
class Header:
    """What a header says.

    Attributes:
        mode: type and permissions.
        name_size: bytes of the name that follows.
        size: bytes of the content.
    """

    mode: int
    name_size: int
    size: int


@dataclass(frozen=True, slots=True)
class Kind:
    """How the members of one kind are laid out.

    Attributes:
        length: bytes of a header.
        align: header with name, and content, are padded to a multiple of this.
        parse: reads a header; None if it is none.
        again: finds what looks like another header of this family.
    """

    length: int
    align: int
    parse: Callable[[bytes], Header | None]
    again: re.Pattern[bytes]


def _octal(name: bytes, length: int) -> bytes:
    return rb"(?P<%b>[0-7]{%d})" % (name, length)


def _hex(name: bytes, length: int) -> bytes:
    return rb"(?P<%b>[0-9A-Fa-f]{%d})" % (name, length)


def _other(length: int) -> bytes:
    """Numbers that do not matter here, however they are padded."""
    return rb"[0-9A-Fa-f \0]{%d}" % length


_NEWC = b"".join(
    (
        rb"07070[12]",
        _other(8) + _hex(b"mode", 8) + _other(32) + _hex(b"size", 8),
        _other(32) + _hex(b"name", 8) + _other(8),
    )
)
_ODC = b"".join(
    (
        rb"070707",
        _other(12) + _octal(b"mode", 6) + _other(35),
        _octal(b"name", 6) + _octal(b"size", 11),
    )
)
_AFIO = b"".join(
    (
        rb"070727",
        _other(24) + b"m" + _octal(b"mode", 6) + _other(48) + b"n",
        _hex(b"name", 4) + _other(8) + b"s" + _hex(b"size", 16) + b":",
    )
)
_TEXT = re.compile(re.sub(rb"\?P<\w+>", b"?:", b"|".join((_NEWC, _ODC, _AFIO))))
# A magic of two bytes is found everywhere: the mode must have a type, and the high byte
# of the name's length be small.
_HIGH = rb"[\x10-\x2f\x40-\x4f\x60-\x6f\x80-\xaf\xc0-\xcf]"
_BINARY = re.compile(
    rb"(?s)(?=\xc7\x71.{5}" + _HIGH + rb".{13}[\0-\x10])"
    rb"|(?=\x71\xc7.{4}" + _HIGH + rb".{13}[\0-\x10])"
)


def _text(length: int, align: int, pattern: bytes, *, base: int, mode: int) -> Kind:
    """A kind whose numbers are digits to `base`, the mode's to another."""
    whole = re.compile(pattern)

    def parse(data: bytes) -> Header | None:
        found = whole.fullmatch(data)
        if found is None:
            return None
        return Header(
            int(found["mode"], mode), int(found["name"], base), int(found["size"], base)
        )

    return Kind(length, align, parse, _TEXT)


def _binary(order: str) -> Kind:
    """A kind whose numbers are words in the order that `struct` calls `order`."""
    words = Struct(order + "6xH12x3H")

    def parse(data: bytes) -> Header | None:
        if len(data) < words.size:
            return None
        mode, name_size, high, low = words.unpack(data)
        known = mode & TYPE in TYPES
        return Header(mode, name_size, high << 16 | low) if known else None

    return Kind(words.size, 2, parse, _BINARY)


_SVR4 = _text(110, 4, _NEWC, base=16, mode=16)
KINDS = {
    b"070701": _SVR4,
    b"070702": _SVR4,
    b"070707": _text(76, 1, _ODC, base=8, mode=8),
    b"070727": _text(116, 1, _AFIO, base=16, mode=8),
    LITTLE: _binary("<"),
    BIG: _binary(">"),
}


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a part that starts with `head` is a cpio archive.

    The magic of the binary kinds is short: there the first name must end, too.
    """
    return head.startswith(STRIPPED) or _is_header(head, 0)


def unpack(archive: Forward) -> Iterator[Item]:
    """Yield the content of each member in archive order, and what lies between.

    Raises:
        Truncated: the archive ends inside a name or a content. What was there of it
            has been yielded.
    """
    return _Walk(Rewind(archive)).items()


def _kind(magic: bytes) -> Kind | None:
    return KINDS.get(magic[:6]) or KINDS.get(magic[:2])


def _is_header(data: bytes, at: int) -> bool:
    """Say whether a whole header stands at `at`."""
    kind = _kind(data[at : at + 6])
    header = kind.parse(data[at : at + kind.length]) if kind else None
    if kind is None or header is None or kind.again is _TEXT:
        return header is not None
    start, size = at + kind.length, header.name_size
    return size > 1 and data.find(b"\0", start, start + size) == start + size - 1


class _Walk:
    """The way through one archive, or several that are joined."""

    def __init__(self, source: Rewind) -> None:
        self._source = source
        self._ended = False  # a trailer was read, and nothing but zeros behind it
        self._again = _TEXT
        self._position = 0  # of a member

    def items(self) -> Iterator[Item]:
        while magic := self._source.take(6):
            kind = _kind(magic)
            if magic[:1] == b"\0":
                self._source.give_back(magic)
                self._pass_zeros()
            elif kind is not None:
                yield from self._member(kind, magic)
            elif self._ended or magic == STRIPPED:
                yield from self._rest(magic)
                return
            else:
                yield from self._stray(magic, Reason.CORRUPT)

    def _pass_zeros(self) -> None:
        size = RUN
        while run := self._source.take(size):
            if left := run.lstrip(b"\0"):
                self._source.give_back(left)
                return
            size = min(2 * size, MIB)

    def _rest(self, magic: bytes) -> Iterator[Item]:
        """Yield everything that is left as one part."""
        if magic == STRIPPED:
            yield Gap(Reason.UNSUPPORTED)
        self._source.give_back(magic)
        yield Part(self._source.part(ENDLESS), TRAILING)

    def _stray(self, data: bytes, reason: Reason) -> Iterator[Item]:
        yield Gap(reason)
        self._source.give_back(data)
        content = Stream(self._to_next_header())
        yield Part(content, TRAILING)
        for _ in content.rest():
            pass

    def _to_next_header(self) -> Iterator[bytes]:
        """Yield at least a byte, and all up to the next header."""
        data = b""
        start = 1  # what stands at 0 is none
        more = True
        while more:
            run = self._source.take(RUN)
            more = len(run) == RUN
            data += run
            seen = len(data) - AHEAD if more else len(data)
            for found in self._again.finditer(data, start):
                if found.start() < seen and _is_header(data, found.start()):
                    seen, more = found.start(), False
                    self._source.give_back(data[seen:])
                    break
            yield data[:seen]
            data = data[seen:]
            start = 0

    def _member(self, kind: Kind, magic: bytes) -> Iterator[Item]:
        data = magic + self._source.take(kind.length - len(magic))
        header = kind.parse(data)
        if header is None:
            cut = len(data) < kind.length
            yield from self._stray(data, Reason.TRUNCATED if cut else Reason.CORRUPT)
            return
        self._again = kind.again
        name = yield from self._name(kind, header.name_size)
        self._ended = name == TRAILER
        self._position += 1
        end = self._source.offset + header.size
        if header.size or (header.mode & TYPE in REGULAR and not self._ended):
            told = Member(self._position, header.size, header.size)
            content = self._source.part(header.size)
            yield Part(content, name, member=told if header.size else None)
        self._finish(end, -header.size % kind.align)

    def _name(self, kind: Kind, size: int) -> Generator[Item, None, bytes]:
        """Take a name of `size` bytes; what is too long, or cut off, is a part."""
        end = self._source.offset + size
        name = b""
        if size > NAME_MOST:
            yield Part(self._source.part(size), TRAILING)
        else:
            name = self._source.take(size)
            if len(name) < size:
                yield Part(Reader.of(name), TRAILING)
        self._finish(end, -(kind.length + size) % kind.align)
        return until_nul(name)

    def _finish(self, end: int, padding: int) -> None:
        """Pass over what is left of a name or a content that ends at `end`."""
        if not self._source.reach(end):
            raise Truncated(NAME, self._source.offset, "size beyond the archive")
        self._source.skip(padding)
