"""What the tests of this folder build archives with, and that it is right."""

import bz2
import io
import lzma
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from struct import pack
from zlib import compressobj, crc32

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st
from inflate64 import Deflater

LZMA1: dict[str, int] = {
    "id": lzma.FILTER_LZMA1,
    "dict_size": 1 << 16,
    "lc": 3,
    "lp": 0,
    "pb": 2,
}


def deflated(content: bytes) -> bytes:
    deflate = compressobj(9, wbits=-15)
    return deflate.compress(content) + deflate.flush()


def deflated64(content: bytes) -> bytes:
    deflate = Deflater()
    return bytes(deflate.deflate(content) + deflate.flush())


def lzma_packed(content: bytes, dictionary: int = 1 << 16) -> bytes:
    """LZMA as zip has it, with an end mark."""
    header = pack("<BBHBL", 9, 20, 5, (2 * 5 + 0) * 9 + 3, dictionary)
    return header + lzma.compress(content, lzma.FORMAT_RAW, filters=[LZMA1])


PACK: dict[int, Callable[[bytes], bytes]] = {
    0: bytes,
    8: deflated,
    9: deflated64,
    12: bz2.compress,
    14: lzma_packed,
    20: zstd.compress,
    93: zstd.compress,
    95: lzma.compress,
}


@dataclass(frozen=True)
class File:
    """One member; `flags` and `method` may be lies about `packed`."""

    content: bytes = b"the content of a member"
    name: bytes = b"a"
    method: int = 8
    flags: int = 0

    @property
    def packed(self) -> bytes:
        """The data, packed as `method` says, or as they are if nobody knows it."""
        return PACK.get(self.method, bytes)(self.content)

    def header(self, extra: bytes = b"", **fields: int) -> bytes:
        """A local header; `fields` replace what is true."""
        true = {
            "version": 20,
            "flags": self.flags,
            "method": self.method,
            "crc": crc32(self.content),
            "packed": len(self.packed),
            "size": len(self.content),
        }
        version, flags, method, *sizes = (true | fields).values()
        start = pack("<4s3HL", b"PK\3\4", version, flags, method, 0x21 << 16)
        lengths = pack("<HH", len(self.name), len(extra))
        return start + pack("<3L", *sizes) + lengths + self.name + extra

    def local(self, extra: bytes = b"", **fields: int) -> bytes:
        """A local header with the data behind it."""
        return self.header(extra, **fields) + self.packed

    def streamed(self, *, marked: bool = True, long: bool = False) -> bytes:
        """Header without sizes, data, and a descriptor."""
        sizes = (crc32(self.content), len(self.packed), len(self.content))
        descriptor = pack("<LQQ" if long else "<3L", *sizes)
        header = self.header(flags=self.flags | 8, crc=0, packed=0, size=0)
        return header + self.packed + (b"PK\7\x08" if marked else b"") + descriptor

    def record(
        self, offset: int, extra: bytes = b"", comment: bytes = b"", **fields: int
    ) -> bytes:
        """A record of the directory; `fields` replace what is true."""
        true = {
            "flags": self.flags,
            "method": self.method,
            "crc": crc32(self.content),
            "packed": len(self.packed),
            "size": len(self.content),
            "disk": 0,
        }
        flags, method, crc, packed, size, disk = (true | fields).values()
        start = pack("<4s4H4x3L", b"PK\1\2", 20, 20, flags, method, crc, packed, size)
        lengths = pack("<3H", len(self.name), len(extra), len(comment))
        place = pack("<H6xL", disk, offset)
        return start + lengths + place + self.name + extra + comment


def end(
    members: int, size: int, offset: int, comment: bytes = b"", disk: int = 0
) -> bytes:
    """An end record."""
    counts = (disk, disk, members, members)
    return pack("<4s4H2LH", b"PK\5\6", *counts, size, offset, len(comment)) + comment


def end64(
    members: int, size: int, offset: int, before: int, extra: bytes = b""
) -> bytes:
    """A zip64 end record at `before`, its locator, and the end record behind."""
    numbers = (members, members, size, offset)
    start = pack("<4sQ2H2L", b"PK\6\6", 44 + len(extra), 45, 45, 0, 0)
    locator = pack("<4sLQL", b"PK\6\7", 0, before, 1)
    short = end(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    return start + pack("<4Q", *numbers) + extra + locator + short


def joined(
    locals_: Iterable[bytes],
    records: Iterable[Callable[[int], bytes]],
    comment: bytes = b"",
) -> bytes:
    """An archive of local headers with data, and a record for the place of each."""
    data = b""
    directory = []
    for local, record in zip(locals_, records, strict=True):
        directory.append(record(len(data)))
        data += local
    whole = b"".join(directory)
    return data + whole + end(len(directory), len(whole), len(data), comment)


def archive(*files: File, comment: bytes = b"") -> bytes:
    """A right archive."""
    return joined([f.local() for f in files], [f.record for f in files], comment)


def archive64(*files: File) -> bytes:
    """A right archive whose directory is found through zip64."""
    whole = archive(*files)
    size = sum(len(file.record(0)) for file in files)
    body = whole[: -len(end(0, 0, 0))]
    return body + end64(len(files), size, len(body) - size, len(body))


FILES = st.lists(
    st.builds(
        File,
        content=st.binary(max_size=60),
        name=st.text("abc", min_size=1).map(str.encode),
        method=st.sampled_from([0, 8, 12, 14]),
    ),
    max_size=4,
)


@given(FILES)
def test_the_standard_library_reads_what_is_built_here(files: list[File]) -> None:
    read = zipfile.ZipFile(io.BytesIO(archive(*files)))
    contents = [read.read(info) for info in read.infolist()]
    assert contents == [file.content for file in files]


@pytest.mark.parametrize("make", [archive, archive64])
def test_both_forms_of_the_end_record_are_right(make: Callable[[File], bytes]) -> None:
    read = zipfile.ZipFile(io.BytesIO(make(File())))
    assert read.read("a") == File().content
