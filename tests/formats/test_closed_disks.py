"""Behaviour of the predicates for file systems."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.closed import Rows

from clearward.formats.closed_disks import CHECKS

ROWS = Rows(CHECKS.values())
recognised = ROWS.recognised


def written(size: int, *fields: tuple[int, bytes]) -> bytes:
    """An image of zeros with fields in their places."""
    image = bytearray(size)
    for place, field in fields:
        image[place : place + len(field)] = field
    return bytes(image)


def hfs(blocks: int = 800, size: int = 512) -> bytes:
    return written(
        4096,
        (1024, b"BD"),
        (1042, struct.pack(">H", blocks)),
        (1044, struct.pack(">I", size)),
    )


def partition(status: int, kind: int, first: int, count: int) -> bytes:
    return struct.pack("<B3xB3xII", status, kind, first, count)


def mbr(*partitions: bytes, size: int = 8192) -> bytes:
    return written(size, (446, b"".join(partitions)), (510, b"\x55\xaa"))


def fat(
    *,
    sector: int = 512,
    cluster: int = 4,
    reserved: int = 1,
    copies: int = 2,
    media: int = 0xF8,
    size: int = 4096,
) -> bytes:
    fields = struct.pack(
        "<HBHBHHB", sector, cluster, reserved, copies, 512, 8192, media
    )
    return written(size, (0, b"\xeb\x3c\x90mkfs.fat"), (11, fields))


def ext(**changed: int) -> bytes:
    values = {
        "inodes": 2048,
        "blocks": 8192,
        "shift": 0,
        "per_group": 2048,
        "errors": 1,
        "system": 0,
        "revision": 1,
    } | changed
    places = {
        "inodes": (0, "<I"),
        "blocks": (4, "<I"),
        "shift": (24, "<I"),
        "per_group": (40, "<I"),
        "errors": (60, "<H"),
        "system": (72, "<I"),
        "revision": (76, "<I"),
    }
    fields = [
        (1024 + place, struct.pack(layout, values[name]))
        for name, (place, layout) in places.items()
    ]
    return written(4096, (1080, b"\x53\xef"), *fields)


def minix(version: int, inodes: int = 64, first: int | None = None) -> bytes:
    if version == 3:
        fields = struct.pack("<IHHHHHHII", inodes, 0, 1, 1, 4 + 4, 0, 0, 1 << 20, 900)
        return written(4096, (1024, fields + b"\x5a\x4d\0\0" + b"\0\4"))
    size = 32 if version == 1 else 64
    place = 4 + inodes * size // 1024 if first is None else first
    fields = struct.pack("<HHHHHHI", inodes, 900, 1, 1, place, 0, 1 << 20)
    magic = b"\x8f\x13" if version == 1 else b"\x78\x24"
    return written(4096, (1024, fields + magic))


LINUX = partition(0x80, 0x83, 2, 10)
EMPTY = bytes(16)


@pytest.mark.parametrize(
    ("image", "name"),
    [
        pytest.param(hfs(), "hfs", id="hfs"),
        pytest.param(mbr(LINUX, EMPTY, EMPTY, EMPTY), "mbr", id="one partition"),
        pytest.param(
            mbr(EMPTY, EMPTY, EMPTY, partition(0, 0xEE, 1, 2**32 - 1)),
            "mbr",
            id="the last one, longer than the image",
        ),
        pytest.param(minix(1), "minix", id="minix, version 1"),
        pytest.param(minix(2), "minix", id="minix, version 2"),
        pytest.param(minix(3), "minix3", id="minix, version 3"),
        pytest.param(fat(), "fat", id="fat"),
        pytest.param(fat(media=0xF0, copies=1), "fat", id="floppy"),
        pytest.param(b"\xe9" + fat()[1:], "fat", id="fat with a long jump"),
        pytest.param(ext(), "ext", id="ext4"),
        pytest.param(ext(revision=0, shift=2), "ext", id="ext2 of old"),
    ],
)
def test_an_image_by_the_rules_of_its_format_is_recognised(
    image: bytes, name: str
) -> None:
    assert recognised(image) == [name]


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(hfs(blocks=0), id="hfs without blocks"),
        pytest.param(hfs(size=0), id="hfs with blocks of nothing"),
        pytest.param(hfs(size=500), id="hfs with odd blocks"),
        pytest.param(hfs()[:1040], id="hfs cut short"),
        pytest.param(mbr(EMPTY, EMPTY, EMPTY, EMPTY), id="boot code alone"),
        pytest.param(mbr(LINUX, partition(7, 0, 0, 0)), id="status 7"),
        pytest.param(mbr(partition(0, 0, 2, 10)), id="partition of no kind"),
        pytest.param(mbr(partition(0, 0x83, 0, 10)), id="partition over the table"),
        pytest.param(mbr(partition(0, 0x83, 16, 10)), id="partition behind the end"),
        pytest.param(mbr(LINUX)[:512], id="table without its disk"),
        pytest.param(minix(1, inodes=0), id="minix without inodes"),
        pytest.param(minix(2, first=9), id="minix with content elsewhere"),
        pytest.param(minix(3, inodes=640), id="minix 3 with content elsewhere"),
        pytest.param(minix(3)[:1052], id="minix 3 cut short"),
        pytest.param(minix(1)[:1046], id="minix cut short"),
        pytest.param(minix(3)[:1052] + bytes(99), id="minix 3 with blocks of nothing"),
        pytest.param(fat(sector=513), id="fat with odd sectors"),
        pytest.param(fat(cluster=3), id="fat with odd clusters"),
        pytest.param(fat(cluster=0), id="fat without clusters"),
        pytest.param(fat(reserved=0), id="fat without a boot sector"),
        pytest.param(fat(copies=3), id="fat with three tables"),
        pytest.param(fat(media=0x10), id="fat on an unknown medium"),
        pytest.param(fat(size=512), id="boot sector alone"),
        pytest.param(fat()[:20], id="fat cut short"),
        pytest.param(ext(inodes=0), id="ext without inodes"),
        pytest.param(ext(blocks=0), id="ext without blocks"),
        pytest.param(ext(per_group=0), id="ext with empty groups"),
        pytest.param(ext(shift=30), id="ext with blocks of a terabyte"),
        pytest.param(ext(errors=9), id="ext with an unknown answer to errors"),
        pytest.param(ext(system=77), id="ext of an unknown system"),
        pytest.param(ext(revision=2), id="ext of the future"),
        pytest.param(ext()[:1090], id="ext cut short"),
    ],
)
def test_a_near_miss_is_not(image: bytes) -> None:
    assert recognised(image) == []


@given(
    st.sampled_from(sorted(ROWS.by_name)),
    st.binary(max_size=1200),
    st.integers(0, 2000),
)
def test_arbitrary_bytes_around_a_magic_raise_nothing(
    name: str, data: bytes, cut: int
) -> None:
    signature = ROWS.by_name[name].signature
    for magic in signature.magics:
        image = data[: signature.place].ljust(signature.place, b"\0") + magic + data
        recognised(image)
        recognised(image[:cut])
