"""Behaviour of the reader of FAT."""

import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import fat

MKFS, COPY = shutil.which("mkfs.fat"), shutil.which("mcopy")
SECTOR = 512
LONG = b"x" * 700


def boot(sectors: int = 40) -> bytearray:
    head = bytearray(SECTOR)
    head[:3] = b"\xeb\x3c\x90"
    struct.pack_into("<HBHBHHBH", head, 11, SECTOR, 1, 1, 1, 16, sectors, 0xF8, 1)
    return head


def entry(name: bytes, kind: int, first: int, size: int) -> bytes:
    return struct.pack("<11sB14xHI", name.ljust(11), kind, first, size)


def table(links: dict[int, int]) -> bytes:
    packed = bytearray(SECTOR)
    for cluster, following in links.items():
        at, value = cluster * 3 // 2, following << 4 * (cluster % 2)
        packed[at] |= value & 0xFF
        packed[at + 1] |= value >> 8
    return bytes(packed)


def volume(
    entries: list[bytes], links: dict[int, int], *clusters: bytes, sectors: int = 40
) -> bytes:
    """Boot sector, table of 12 bits, root of one sector, clusters from 2 on."""
    data = bytes(boot(sectors)) + table(links) + b"".join(entries).ljust(SECTOR, b"\0")
    data += b"".join(each.ljust(SECTOR, b"\0") for each in clusters)
    return data.ljust(sectors * SECTOR, b"\0")


SAMPLE = volume(
    [
        entry(b"DISK", 8, 0, 0),
        entry(b"A       TXT", 0, 2, 700),
        entry(b"\xe5DELETED", 0, 9, 5),
        entry(b"EMPTY", 0, 0, 0),
        entry(b"SUB", 0x10, 3, 0),
    ],
    {2: 4, 4: 0xFFF, 3: 0xFFF, 5: 0xFFF},
    LONG[:512],
    entry(b".", 0x10, 3, 0) + entry(b"..", 0x10, 0, 0) + entry(b"B", 0, 5, 7),
    LONG[512:],
    b"content",
)


def unpack(data: bytes) -> list[tuple[bytes, bytes]]:
    return named(fat.unpack(Reader.of(data)))


def test_files_in_pieces_and_in_folders_come_back() -> None:
    assert unpack(SAMPLE) == [(b"A.TXT", LONG), (b"SUB/B", b"content")]


def test_a_chain_that_ends_early_or_meets_another_is_said() -> None:
    entries = [entry(b"A", 0, 2, 700), entry(b"B", 0, 2, 9), entry(b"C", 0x10, 2, 0)]
    data = volume(entries, {2: 2}, b"content")
    assert [part[:7] for part in contents(fat.unpack(Reader.of(data)))] == [
        b"content",
        b"",
    ]
    assert gaps(fat.unpack(Reader.of(data))) == [Reason.CORRUPT] * 2


def test_what_is_cut_short_is_read_and_said() -> None:
    parts, _, field = collect(fat.unpack(Reader.of(SAMPLE[: 7 * SECTOR])))
    assert parts == [LONG, b"content"]
    assert field == "sectors"


@pytest.mark.parametrize("place", [11, 13, 19])
def test_a_boot_sector_without_sectors_is_an_error(place: int) -> None:
    data = bytearray(SAMPLE)
    data[place : place + 2] = bytes(2)
    with pytest.raises(Malformed):
        unpack(bytes(data))


@pytest.mark.skipif(not (MKFS and COPY), reason="needs mkfs.fat and mcopy")
@pytest.mark.parametrize("bits", [12, 16, 32])
def test_what_mkfs_writes_is_read(bits: int, tmp_path: Path) -> None:
    image, file = tmp_path / "image", tmp_path / "file.bin"
    size = {12: 1 << 20, 16: 8 << 20, 32: 36 << 20}[bits]
    with image.open("wb") as handle:
        handle.truncate(size)
    file.write_bytes(bytes(range(256)) * 50)
    small = ["-s", "1"]
    subprocess.run(
        [str(MKFS), "-F", str(bits), *small, image], check=True, capture_output=True
    )
    subprocess.run([str(COPY), "-i", image, file, "::"], check=True)
    assert unpack(image.read_bytes()) == [(b"FILE.BIN", file.read_bytes())]


@given(st.binary(max_size=200), st.integers(0, 1500))
def test_arbitrary_bytes_give_short_parts_or_an_error(data: bytes, at: int) -> None:
    for whole in (
        bytes(boot())[:40] + data,
        SAMPLE[:at] + data + SAMPLE[at + len(data) :],
    ):
        try:
            assert sum(map(len, contents(fat.unpack(Reader.of(whole))))) <= len(whole)
        except Malformed as error:
            assert 0 <= error.offset <= len(whole)
