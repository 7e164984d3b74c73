"""Programs of Unix, and a packer that lays them out as UPX does."""

import lzma
import struct
import zlib
from dataclasses import dataclass

from support import nrv

PAGE = 0x1000
STORED, LZMA, DEFLATE = 0, 14, 15
NRV = {2: "b4", 3: "b1", 4: "b2", 5: "d4", 6: "d1", 7: "d2", 8: "e4", 9: "e1", 10: "e2"}
MARK = b"UPX!"
STUB = b"code that unpacks the rest " * 9


@dataclass(frozen=True, slots=True)
class Headers:
    """What makes a program one of ELF or Mach-O.

    Attributes:
        wide: 64 bits.
        order: byte order.
        macho: it is of Mach-O.
    """

    wide: bool = True
    order: str = "<"
    macho: bool = False

    def of(self, segments: list[tuple[int, int]]) -> bytes:
        """Headers that say where segments lie in the file, and how long they are."""
        return self._macho(segments) if self.macho else self._elf(segments)

    def _elf(self, segments: list[tuple[int, int]]) -> bytes:
        order, count = self.order, len(segments)
        start = b"\x7fELF" + bytes((1 + self.wide, 1 if order == "<" else 2, 1))
        head = start.ljust(16, b"\0") + struct.pack(order + "HHI", 2, 62, 1)
        if self.wide:
            head += struct.pack(order + "QQQI", 0, 64, 0, 0)
            head += struct.pack(order + "6H", 64, 56, count, 64, 0, 0)
            rows = (
                struct.pack(order + "II6Q", 1, 5, at, at, at, size, size, PAGE)
                for at, size in segments
            )
        else:
            head += struct.pack(order + "IIII", 0, 52, 0, 0)
            head += struct.pack(order + "6H", 52, 32, count, 40, 0, 0)
            rows = (
                struct.pack(order + "8I", 1, at, at, at, size, size, 5, PAGE)
                for at, size in segments
            )
        return head + b"".join(rows)

    def _macho(self, segments: list[tuple[int, int]]) -> bytes:
        order = self.order
        kind, fields = (0x19, "4Q") if self.wide else (1, "4I")
        length = 72 if self.wide else 56
        layout = struct.Struct(order + "II16s" + fields + "4I")
        rows = b"".join(
            layout.pack(kind, length, b"__TEXT", at, size, at, size, 7, 5, 0, 0)
            for at, size in segments
        )
        magic = 0xFEEDFACF if self.wide else 0xFEEDFACE
        head = struct.pack(order + "7I", magic, 7, 3, 2, len(segments), len(rows), 0)
        return head + (bytes(4) if self.wide else b"") + rows


def program(headers: Headers, *contents: bytes, behind: bytes = b"") -> bytes:
    """A program whose segments have these contents, each on a page of its own."""
    segments = [(0, PAGE - 0x300)]
    at = PAGE
    for content in contents:
        segments.append((at, len(content)))
        at += -(-len(content) // PAGE) * PAGE
    whole = headers.of(segments)
    whole = whole.ljust(segments[0][1], b"\x11")
    for (at, _), content in zip(segments[1:], contents, strict=True):
        whole = whole.ljust(at, b"\x22") + content
    return whole + behind


def compressed(data: bytes, method: int) -> bytes:
    """A block's packed bytes, shorter than the content or the content itself."""
    if method in NRV:
        packed = nrv.packed(data, NRV[method][0], int(NRV[method][1]))
    elif method == LZMA:
        filters = [{"id": lzma.FILTER_LZMA1, "lc": 3, "lp": 0, "pb": 2}]
        packed = lzma.compress(data, lzma.FORMAT_RAW, filters=filters)
        packed = bytes((3 * 8 + 2, 3)) + packed
    elif method == DEFLATE:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(data) + packer.flush()
    else:
        return data
    return packed if len(packed) < len(data) else data


@dataclass(frozen=True, slots=True)
class Packer:
    """How a program is packed.

    Attributes:
        headers: of the program.
        method: of compression.
        most: bytes of a block.
        filter: what is said to be done to the first segment's content, and its
            parameter; what is done, the caller has done.
        hidden: what an unpacker looks for is written over.
    """

    headers: Headers
    method: int = 8
    most: int = 1 << 20
    filter: tuple[int, int] = (0, 0)
    hidden: bool = False

    def block(self, data: bytes, filter: tuple[int, int] = (0, 0)) -> bytes:
        """A b_info and what follows it."""
        packed = compressed(data, self.method)
        method = STORED if len(packed) == len(data) else self.method
        order = self.headers.order
        head = struct.pack(order + "IIBBBB", len(data), len(packed), method, *filter, 0)
        return head + packed

    def blocks(self, data: bytes, filter: tuple[int, int] = (0, 0)) -> bytes:
        """As many as it takes."""
        pieces = range(0, len(data), self.most)
        return b"".join(self.block(data[at : at + self.most], filter) for at in pieces)

    def pack(self, whole: bytes, *contents: bytes) -> bytes:
        """A packed program.

        Args:
            whole: the program.
            contents: of its segments behind the first, filtered.
        """
        size = len(self.headers.of([(0, 0)] * (1 + len(contents))))
        first = PAGE - 0x300
        chain = self.block(whole[:size]) + self.blocks(whole[size:first])
        between = b""
        end = first
        at = PAGE
        for number, content in enumerate(contents):
            chain += self.blocks(content, self.filter if not number else (0, 0))
            between += self.blocks(whole[end:at])
            end = at + len(content)
            at += -(-len(content) // PAGE) * PAGE
        between += self.blocks(whole[end:])
        outer = self.headers.of([(0, PAGE), (0x800000, 0x100)])
        order, mark = self.headers.order, bytes(4) if self.hidden else MARK
        info = bytes(4) + mark + bytes(4)
        said = 0 if self.hidden else len(whole)
        info += struct.pack(order + "III", 0, said, self.most)
        stub = self.block(STUB) if len(STUB) < self.most else b""
        code = b"\xcc" * (-len(outer + info + chain) % 4 + 400) + stub
        code += b"\xcc" * (-len(outer + info + chain + code) % 4)
        return outer + info + chain + code + between + mark.ljust(36, b"\x01")
