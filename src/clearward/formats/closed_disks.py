"""Agree or disagree with a magic that is too short to be sure: file systems.

Each predicate is asked after the magic of its row was found, gets the front of the part
and a reader over all of it, and looks at the fields that have only few right values.
"""

from collections.abc import Callable
from struct import Struct

from clearward.core.reader import Reader

HFS_VOLUME = 1024
HFS_FIELDS = Struct(">2s16xHI")
SECTOR = 512


def hfs_volume(head: bytes, _reader: Reader) -> bool:
    """Say whether the master directory block of HFS stands at 1024.

    Layout: "BD", dates, counts and places (16), number of blocks (2), size of a block
    (4, a multiple of 512).
    """
    if len(head) < HFS_VOLUME + HFS_FIELDS.size:
        return False
    _, blocks, size = HFS_FIELDS.unpack_from(head, HFS_VOLUME)
    return blocks > 0 and size > 0 and not size % SECTOR


PARTITIONS = 446
PARTITION = Struct("<B3xB3xII")
PARTITION_COUNT = 4
ACTIVE = (0, 0x80)


def mbr_partitions(head: bytes, reader: Reader) -> bool:
    """Say whether one of the four partitions begins inside the part.

    Layout of an entry: status (1), first sector as cylinder, head and sector (3), kind
    (1), last sector (3), first sector (4), sectors (4). Boot code without a partition
    is a program.
    """
    begins = 0
    for number in range(PARTITION_COUNT):
        place = PARTITIONS + number * PARTITION.size
        status, kind, first, count = PARTITION.unpack_from(head, place)
        if status not in ACTIVE:
            return False
        if kind and count and 0 < first * SECTOR < reader.size:
            begins += 1
    return begins > 0


FAT_FIELDS = Struct("<11xHBHB4xB")
FAT_SECTORS = (512, 1024, 2048, 4096)
FAT_COPIES = (1, 2)
FAT_MEDIA = (0xF0, *range(0xF8, 0x100))


def fat_parameters(head: bytes, reader: Reader) -> bool:
    """Say whether a FAT boot sector stands at the front, and its file system behind it.

    Layout: jump (3), system (8), bytes in a sector (2), sectors in a cluster (1, a
    power of two), reserved sectors (2), copies of the table (1), entries of the root
    (2), sectors (2), media (1).
    """
    if len(head) < FAT_FIELDS.size:
        return False
    sector, cluster, reserved, copies, media = FAT_FIELDS.unpack_from(head)
    is_cluster = cluster > 0 and not cluster & (cluster - 1)
    is_layout = sector in FAT_SECTORS and copies in FAT_COPIES and reserved > 0
    is_whole = reader.size > reserved * sector
    return is_cluster and is_layout and is_whole and media in FAT_MEDIA


EXT_SUPERBLOCK = 1024
EXT_FIELDS = Struct("<II16xI12xI12x2sHH10xII")
EXT_BLOCK_SHIFTS = range(7)
EXT_ERRORS = range(4)
EXT_SYSTEMS = range(5)
EXT_REVISIONS = range(2)


def ext_superblock(head: bytes, _reader: Reader) -> bool:
    """Say whether the superblock of ext2, ext3 or ext4 stands at 1024.

    Layout, places within it: inodes (0), blocks (4), shift of the block size (24),
    inodes in a group (40), magic 53 EF (56), state (58), errors (60), system (72),
    revision (76).
    """
    if len(head) < EXT_SUPERBLOCK + EXT_FIELDS.size:
        return False
    fields = EXT_FIELDS.unpack_from(head, EXT_SUPERBLOCK)
    inodes, blocks, shift, per_group, _, _, errors, system, revision = fields
    return (
        bool(inodes and blocks and per_group)
        and shift in EXT_BLOCK_SHIFTS
        and errors in EXT_ERRORS
        and system in EXT_SYSTEMS
        and revision in EXT_REVISIONS
    )


MINIX_SUPERBLOCK = 1024
MINIX_FIELDS = Struct("<HHHHHH4xH2xI")
MINIX_BLOCK = 1024
MINIX_OLD = (0x137F, 0x138F)  # of version 1, whose inodes have 32 bytes and not 64


def minix_superblock(head: bytes, _reader: Reader) -> bool:
    """Say whether the superblock of Minix stands at 1024, version 1 or 2.

    Layout: inodes, blocks, blocks of the map of inodes, of that of blocks, first block
    of content, power of two of a zone (2 each), largest file (4), magic, state (2
    each), blocks of version 2 (4). The content follows the maps and the inodes.
    """
    if len(head) < MINIX_SUPERBLOCK + MINIX_FIELDS.size:
        return False
    fields = MINIX_FIELDS.unpack_from(head, MINIX_SUPERBLOCK)
    inodes, _, inode_map, block_map, first, power, magic, _ = fields
    table = inodes * (32 if magic in MINIX_OLD else 64)
    expected = 2 + inode_map + block_map + -(-table // MINIX_BLOCK)
    return bool(inodes and inode_map and block_map) and (first, power) == (expected, 0)


MINIX3_FIELDS = Struct("<I2xHHHH2xII2x2xH")
MINIX3_BLOCKS = (1024, 2048, 4096)


def minix3_superblock(head: bytes, _reader: Reader) -> bool:
    """Say whether the superblock of Minix stands at 1024, version 3.

    Layout: inodes (4, 2 more), blocks of the map of inodes, of that of blocks, first
    block of content, power of two of a zone (2 each, 2 more), largest file (4), blocks
    (4), magic (2, 2 more), bytes of a block (2). The content follows as above, or its
    place is 0 if it has no room there.
    """
    if len(head) < MINIX_SUPERBLOCK + MINIX3_FIELDS.size:
        return False
    fields = MINIX3_FIELDS.unpack_from(head, MINIX_SUPERBLOCK)
    inodes, inode_map, block_map, first, power, _, blocks, block = fields
    if block not in MINIX3_BLOCKS:
        return False
    expected = 2 + inode_map + block_map + -(-inodes * 64 // block)
    return bool(inodes and blocks) and power == 0 and first in (expected, 0)


CHECKS: dict[str, Callable[[bytes, Reader], bool]] = {
    "hfs-volume": hfs_volume,
    "mbr-partitions": mbr_partitions,
    "fat-parameters": fat_parameters,
    "ext-superblock": ext_superblock,
    "minix-superblock": minix_superblock,
    "minix3-superblock": minix3_superblock,
}
