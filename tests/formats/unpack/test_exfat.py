"""Behaviour of the reader of exFAT."""

import shutil
import struct
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import exfat

MKFS, CHECK = shutil.which("mkfs.exfat"), shutil.which("fsck.exfat")
SECTOR = 512
TABLE, DATA, CLUSTERS = 2, 4, 60  # in sectors, of which a cluster is one
ROOT = 2
END = 0xFFFFFFFF
TOGETHER = 3  # flags: clusters may be there, and lie together
CHAIN = 1
LONG = b"x" * 700


def boot(**field: int) -> bytes:
    head = bytearray(SECTOR)
    head[:11] = b"\xeb\x76\x90EXFAT   "
    sectors = field.get("sectors", DATA + CLUSTERS)
    values = TABLE, 1, DATA, CLUSTERS, field.get("root", ROOT)
    struct.pack_into("<QIIIII", head, 72, sectors, *values)
    flags, bits = field.get("flags", 0), field.get("bits", 9)
    struct.pack_into("<HBBB", head, 106, flags, bits, 0, field.get("tables", 1))
    head[510:] = b"\x55\xaa"
    return bytes(head)


def checksum(data: bytes) -> int:
    total = 0
    for place, byte in enumerate(data):
        if place not in (2, 3):
            total = ((total & 1) << 15 | total >> 1) + byte & 0xFFFF
    return total


def name_hash(name: str) -> int:
    total = 0
    for byte in name.upper().encode("utf-16-le"):
        total = ((total & 1) << 15 | total >> 1) + byte & 0xFFFF
    return total


def entries(name: str, first: int, size: int, **field: int) -> bytes:
    """What a folder lists of a file; `valid`, `flags` and `folder` may be said."""
    letters = name.encode("utf-16-le")
    pieces = [
        letters[at : at + 30].ljust(30, b"\0") for at in range(0, len(letters), 30)
    ]
    count = 1 + len(pieces)
    kind = 0x10 if field.get("folder") else 0x20
    date = 0x5A21 << 16
    front = struct.pack("<BBHHHIII", 0x85, count, 0, kind, 0, date, date, date)
    stream = struct.pack(
        "<BBBBHHQIIQ",
        0xC0,
        field.get("flags", TOGETHER),
        0,
        len(name),
        name_hash(name),
        0,
        field.get("valid", size),
        0,
        first,
        size,
    )
    data = front.ljust(32, b"\0") + stream
    data += b"".join(b"\xc1\0" + piece for piece in pieces)
    return data[:2] + checksum(data).to_bytes(2, "little") + data[4:]


def volume(
    clusters: dict[int, bytes], links: dict[int, int] | None = None, **field: int
) -> bytes:
    data = bytearray(boot(**field).ljust((DATA + CLUSTERS) * SECTOR, b"\0"))
    for cluster, following in ({ROOT: END} | (links or {})).items():
        struct.pack_into("<I", data, TABLE * SECTOR + 4 * cluster, following)
    for cluster, content in clusters.items():
        start = (DATA + cluster - 2) * SECTOR
        data[start : start + len(content)] = content
    return bytes(data)


def read(data: bytes) -> list[tuple[bytes, bytes]]:
    return named(exfat.unpack(Reader.of(data)))


def test_files_are_read_together_and_by_their_chains() -> None:
    listed = entries("a.txt", 5, 700) + entries("b", 9, 700, flags=CHAIN)
    clusters = {ROOT: listed, 5: LONG, 9: b"y" * 512, 20: b"z" * 188}
    data = volume(clusters, {9: 20, 20: END})
    assert read(data) == [(b"a.txt", LONG), (b"b", b"y" * 512 + b"z" * 188)]


def test_folders_are_followed_and_names_are_whole() -> None:
    long = "a name of more than fifteen letters \u20ac.docx"
    clusters = {
        ROOT: entries("folder", 6, 512, folder=1),
        6: entries(long, 7, 3),
        7: b"abc",
    }
    assert read(volume(clusters)) == [(f"folder/{long}".encode(), b"abc")]


def test_what_was_not_written_is_zeros() -> None:
    data = volume({ROOT: entries("a", 5, 700, valid=9), 5: LONG})
    assert read(data) == [(b"a", b"x" * 9 + bytes(691))]


def test_deleted_files_and_empty_ones_are_no_parts() -> None:
    gone = bytearray(entries("gone", 5, 9))
    for place in range(0, len(gone), 32):
        gone[place] &= 0x7F
    data = volume({ROOT: bytes(gone) + entries("none", 0, 0) + entries("a", 6, 1)})
    assert read(data) == [(b"a", b"\0")]


def test_nothing_is_listed_behind_the_end_of_a_folder() -> None:
    assert read(volume({ROOT: bytes(32) + entries("a", 6, 1)})) == []


def test_the_second_table_counts_where_the_flag_says_so() -> None:
    data = bytearray(volume({ROOT: entries("a", 5, 700, flags=CHAIN), 5: LONG}))
    struct.pack_into("<II", data, (TABLE + 1) * SECTOR + 4 * ROOT, END, 0)
    struct.pack_into("<II", data, (TABLE + 1) * SECTOR + 4 * 5, 6, END)
    data[:SECTOR] = boot(flags=1, tables=2)
    assert read(bytes(data)) == [(b"a", LONG)]


@pytest.mark.parametrize("flags", [CHAIN, TOGETHER])
def test_a_file_that_is_longer_than_its_clusters_is_corrupt(flags: int) -> None:
    data = volume({ROOT: entries("a", 61, 5000, flags=flags)}, {61: END})
    parts, reasons, _ = collect(exfat.unpack(Reader.of(data)))
    assert reasons == [Reason.CORRUPT]
    assert len(parts[0]) <= 2 * SECTOR


def test_a_cluster_is_of_one_file() -> None:
    listed = entries("a", 5, 700) + entries("b", 6, 700, flags=CHAIN)
    data = volume({ROOT: listed, 5: LONG}, {6: 7})
    parts, reasons, _ = collect(exfat.unpack(Reader.of(data)))
    assert parts == [LONG, b""]
    assert reasons == [Reason.CORRUPT]


def test_a_folder_that_holds_itself_ends() -> None:
    data = volume({ROOT: entries("a", ROOT, 512, folder=1)})
    assert gaps(exfat.unpack(Reader.of(data))) == [Reason.CORRUPT]


def test_a_volume_that_is_cut_says_so_behind_what_there_is() -> None:
    data = volume({ROOT: entries("a", 5, 9), 5: b"123456789"})
    items = exfat.unpack(Reader.of(data[: 10 * SECTOR]))
    part = next(items)
    assert isinstance(part, Part)
    with pytest.raises(Truncated, match="sectors"):
        next(items)
    with pytest.raises(Truncated, match="boot"):
        contents(exfat.unpack(Reader.of(data[:90])))


@pytest.mark.parametrize("bits", [0, 8, 13, 255])
def test_sectors_that_cannot_be_are_damage(bits: int) -> None:
    with pytest.raises(Malformed):
        read(volume({}, bits=bits))


@given(st.binary(max_size=200), st.binary(max_size=200), st.binary(max_size=40))
def test_arbitrary_bytes_give_parts_or_an_error(
    folder: bytes, table: bytes, fields: bytes
) -> None:
    data = bytearray(volume({ROOT: entries("a", 5, 700, flags=CHAIN) + folder}))
    data[TABLE * SECTOR + 12 : TABLE * SECTOR + 12 + len(table)] = table
    with suppress(Malformed):
        read(bytes(data))
    data[72 : 72 + len(fields)] = fields
    with suppress(Malformed):
        read(bytes(data))


@pytest.mark.skipif(not MKFS or not CHECK, reason="needs exfatprogs")
def test_a_volume_of_the_tool_is_read(tmp_path: Path) -> None:
    image = tmp_path / "image"
    image.write_bytes(bytes(1 << 23))
    subprocess.run([str(MKFS), str(image)], check=True, capture_output=True)
    data = bytearray(image.read_bytes())
    assert read(bytes(data)) == []
    _, heap, _, root = struct.unpack_from("<IIII", data, 84)
    sector = 1 << data[108]
    cluster: int = sector << data[109]
    start: int = heap * sector

    def place(number: int) -> int:
        return start + (number - 2) * cluster

    free = next(n for n in range(0, cluster, 32) if not data[place(root) + n])
    listed = entries("a file with a long name.bin", root + 1, 2 * cluster)
    data[place(root) + free : place(root) + free + len(listed)] = listed
    content = bytes(range(256)) * (2 * cluster // 256)
    data[place(root + 1) : place(root + 3)] = content
    for number in (root + 1, root + 2):  # the map of clusters in use is the first file
        data[start + (number - 2) // 8] |= 1 << (number - 2) % 8
    image.write_bytes(data)
    subprocess.run([str(CHECK), "-n", str(image)], check=True, capture_output=True)
    assert read(bytes(data)) == [(b"a file with a long name.bin", content)]
