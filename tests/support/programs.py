"""Build program files whose headers say what a test wants them to say."""

import struct
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """One section header of a PE file."""

    size: int  # in memory
    address: int
    raw_size: int
    raw: int
    flags: int = 0x60000020
    name: bytes = b".text"

    def header(self) -> bytes:
        """The 40 bytes of it."""
        values = self.size, self.address, self.raw_size, self.raw
        return struct.pack("<8s4I12xI", self.name, *values, self.flags)


TEXT = Section(0x1000, 0x1000, 0x200, 0x200)


@dataclass(frozen=True, slots=True)
class Pe:
    """The fields of a PE file that matter here; the rest is as compilers write it."""

    sections: tuple[Section, ...] = (TEXT,)
    entry: int = 0x1000
    size: int = 0x600  # of the whole file
    file_alignment: int = 0x200
    section_alignment: int = 0x1000
    headers: int = 0x200
    image: int = 0x10000
    flags: int = 0x0102
    plus: bool = False
    directories: tuple[tuple[int, int], ...] = ((0, 0),) * 16
    directory_count: int | None = None
    count: int | None = None  # of sections, as declared
    optional: int | None = None  # size of the optional header, as declared
    place: int = 64  # of the PE signature
    contents: tuple[tuple[int, bytes], ...] = ()
    subsystem: int = 3
    machine: int = 0x014C
    magic: int | None = None

    def build(self) -> bytes:
        """The file."""
        optional = self._optional()
        size = len(optional) if self.optional is None else self.optional
        count = len(self.sections) if self.count is None else self.count
        coff = struct.pack(
            "<4sHH12xHH", b"PE\0\0", self.machine, count, size, self.flags
        )
        data = bytearray(max(self.size, 64))
        data[0:64] = b"MZ" + bytes(58) + struct.pack("<I", self.place)
        headers = b"".join(section.header() for section in self.sections)
        start = self.place + 24
        self._put(data, self.place, coff + optional)
        self._put(data, start + size, headers)
        for offset, content in self.contents:
            self._put(data, offset, content)
        return bytes(data[: self.size])

    def _optional(self) -> bytes:
        magic = (0x20B if self.plus else 0x10B) if self.magic is None else self.magic
        head = struct.pack(
            "<HBBIIIII", magic, 6, 0, 0x200, 0x200, 0, self.entry, 0x1000
        )
        base = struct.pack("<Q", 0x140000000) if self.plus else b"\0\x20\0\0\0\0\x40\0"
        windows = struct.pack(
            "<IIHHHHHHIIIIHH",
            *(self.section_alignment, self.file_alignment, 4, 0, 0, 0, 4, 0, 0),
            *(self.image, self.headers, 0, self.subsystem, 0),
        )
        count = len(self.directories)
        if self.directory_count is not None:
            count = self.directory_count
        sizes = struct.pack("<4QII" if self.plus else "<4III", 0, 0, 0, 0, 0, count)
        listed = b"".join(struct.pack("<II", *each) for each in self.directories)
        return head + base + windows + sizes + listed

    @staticmethod
    def _put(data: bytearray, offset: int, content: bytes) -> None:
        end = min(offset + len(content), len(data))
        if end > offset:
            data[offset:end] = content[: end - offset]
