"""Behaviour of the reader of SquashFS."""

import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import squashfs

TOOL = shutil.which("mksquashfs")
FILES = {
    b"large": bytes(range(256)) * 3000 + b"end",
    b"holes": bytes(300_000) + b"x",
    b"small": b"content",
    b"empty": b"",
}


def image(folder: Path, *options: str) -> bytes:
    tree, made = folder / "tree", folder / "made"
    (tree / "inner").mkdir(parents=True)
    (tree / "link").symlink_to("inner")
    for name, content in FILES.items():
        (tree / "inner" / name.decode()).write_bytes(content)
    command = [str(TOOL), str(tree), str(made), "-noappend", "-quiet", "-no-progress"]
    subprocess.run([*command, *options], check=True, capture_output=True)
    return made.read_bytes()


def superblock(method: int = 1, version: int = 4, size: int = 4096) -> bytes:
    return struct.pack(
        "<4s8xI4xH6xH10xQQ8xQQQQ",
        b"hsqs",
        size,
        method,
        version,
        0,
        96,
        96,
        120,
        96,
        96,
    )


@pytest.mark.skipif(TOOL is None, reason="needs mksquashfs")
@pytest.mark.parametrize("method", ["gzip", "xz", "zstd", "lz4", "lzma", "lzo"])
def test_files_come_back_with_their_names(method: str, tmp_path: Path) -> None:
    data = image(tmp_path, "-comp", method)
    assert dict(named(squashfs.unpack(Reader.of(data)))) == FILES


@pytest.mark.skipif(TOOL is None, reason="needs mksquashfs")
@pytest.mark.parametrize(
    "options", [["-noI", "-noD", "-noF"], ["-no-fragments"], ["-b", "4096"]]
)
def test_other_layouts_come_back(options: list[str], tmp_path: Path) -> None:
    data = image(tmp_path, *options)
    assert dict(named(squashfs.unpack(Reader.of(data)))) == FILES


@pytest.mark.skipif(TOOL is None, reason="needs mksquashfs")
def test_damage_ends_a_file_and_is_said(tmp_path: Path) -> None:
    data = image(tmp_path)
    with pytest.raises(Malformed):
        contents(squashfs.unpack(Reader.of(data[:96] + bytes(200) + data[296:])))
    for end in (len(data) // 2, len(data) - 5000, 50):
        with pytest.raises(Truncated):
            contents(squashfs.unpack(Reader.of(data[:end])))


def test_other_kinds_are_gaps() -> None:
    for head in (superblock(9), superblock(version=3), b"sqsh" + bytes(99)):
        assert gaps(squashfs.unpack(Reader.of(head))) == [Reason.UNSUPPORTED]
    for size in (0, 1 << 24):
        found = collect(squashfs.unpack(Reader.of(superblock(size=size))))
        assert found[2] == "bytes of a block"


@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    plain = struct.pack("<H", 0x8000 | 0x7FFF & len(data)) + data
    for whole in (squashfs.MAGIC + data, superblock() + data, superblock() + plain):
        try:
            contents(squashfs.unpack(Reader.of(whole)))
        except Malformed as error:
            assert 0 <= error.offset <= len(whole)
