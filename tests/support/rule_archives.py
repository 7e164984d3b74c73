"""Archives of YARA rules, as others publish them and as nobody should."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Sequence
from struct import Struct
from zlib import crc32

from clearward.jail.rule_archive import unpacked
from clearward.rules.source import Archive, Source

Files = Sequence[tuple[str, bytes]]
RULE = b"rule one { condition: true }\n"

_LOCAL = Struct("<4s5H3L2H")
_RECORD = Struct("<4s6H3L5H2L")
_END = Struct("<4s4H2LH")


def opened(kind: str, data: bytes) -> Archive:
    """What is read from an archive."""
    archive = unpacked(Source(0, "rules", kind, "local", data)).archive
    assert archive is not None
    return archive


def rules(archive: Archive) -> list[tuple[str, bytes]]:
    """Names and texts of its rule files."""
    assert archive.refused == ""
    return [(one.member, one.text) for one in archive.members]


def damage_gives_no_other_rules(kind: str, data: bytes) -> None:
    """Cut an archive everywhere, and turn bits of every byte around."""
    good = rules(opened(kind, data))
    for place in range(len(data)):
        assert opened(kind, data[:place]).refused
        for bit in range(0, 8, 3):
            changed = bytearray(data)
            changed[place] ^= 1 << bit
            read = opened(kind, bytes(changed))
            assert read.refused or rules(read) == good


def rule_zip(files: Files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def rule_tgz(files: Files, format: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as archive:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return tgz(out.getvalue())


def tgz(tar: bytes) -> bytes:
    return gzip.compress(tar, compresslevel=1, mtime=0)


def local(
    name: bytes, data: bytes = RULE, flags: int = 0, method: int = 0, size: int = -1
) -> bytes:
    """A local header and its data, stored."""
    size = len(data) if size < 0 else size
    claim = (method, 0, 0x21, crc32(data), size, size)
    return _LOCAL.pack(b"PK\x03\x04", 20, flags, *claim, len(name), 0) + name + data


def deflated(name: bytes, data: bytes, packed: bytes) -> bytes:
    """An archive with one member, packed as it is given."""
    claim = (8, 0, 0x21, crc32(data), len(packed), len(data))
    head = _LOCAL.pack(b"PK\x03\x04", 20, 0, *claim, len(name), 0) + name + packed
    entry = _RECORD.pack(b"PK\x01\x02", 20, 20, 0, *claim, len(name), 0, 0, 0, 0, 0, 0)
    return head + ending(len(head), entry + name)


def record(
    name: bytes,
    offset: int,
    data: bytes = RULE,
    *,
    flags: int = 0,
    method: int = 0,
    extra: bytes = b"",
    disk: int = 0,
) -> bytes:
    """A record of the directory."""
    size = len(data)
    head = _RECORD.pack(
        *(b"PK\x01\x02", 20, 20, flags, method, 0, 0x21, crc32(data), size, size),
        *(len(name), len(extra), 0, disk, 0, 0, offset),
    )
    return head + name + extra


def ending(before: int, *records: bytes, less: int = 0, disk: int = 0) -> bytes:
    """A directory that stands behind so many bytes, and its end record.

    Args:
        before: bytes.
        records: of the directory.
        less: how many of them it does not count.
        disk: number of it.
    """
    directory = b"".join(records)
    count = len(records) - less
    end = _END.pack(b"PK\x05\x06", disk, disk, count, count, len(directory), before, 0)
    return directory + end
