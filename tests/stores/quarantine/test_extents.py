"""Behaviour of extents: data are read, holes are not."""

import hashlib
import os
from pathlib import Path

import pytest

from clearward.stores.quarantine import extents as module
from clearward.stores.quarantine.extents import Digest, Extent, extents, pieces


def sparse(path: Path, size: int, *written: tuple[int, bytes]) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.ftruncate(descriptor, size)
    for start, content in written:
        os.pwrite(descriptor, content, start)
    os.fsync(descriptor)
    return descriptor


@pytest.mark.parametrize(
    "content", [b"", b"x", b"x" * 5_000_000], ids=["empty", "small", "large"]
)
def test_a_plain_file_is_one_extent(tmp_path: Path, content: bytes) -> None:
    descriptor = sparse(tmp_path / "a", 0, (0, content))
    among = extents(descriptor, len(content))
    assert b"".join(piece for _, piece in pieces(descriptor, among)) == content
    os.close(descriptor)


def test_holes_are_left_out(tmp_path: Path) -> None:
    size = 8 << 20
    descriptor = sparse(tmp_path / "a", size, (3 << 20, b"x" * 10), (size - 5, b"y"))
    among = extents(descriptor, size)
    held = b"".join(piece for _, piece in pieces(descriptor, among))
    os.close(descriptor)
    if sum(extent.length for extent in among) == size:
        pytest.skip("this file system keeps no holes")
    assert len(held) < 100_000
    assert held.strip(b"\0").startswith(b"xxxxxxxxxx")


def test_nothing_but_a_hole_has_no_extent(tmp_path: Path) -> None:
    descriptor = sparse(tmp_path / "a", 1 << 20)
    among = extents(descriptor, 1 << 20)
    os.close(descriptor)
    assert sum(extent.length for extent in among) in (0, 1 << 20)


def test_a_file_of_many_extents_is_taken_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = 8 << 20
    starts = range(0, size, 1 << 20)
    descriptor = sparse(tmp_path / "a", size, *[(start, b"x") for start in starts])
    monkeypatch.setattr(module, "_MOST", 3)
    assert extents(descriptor, size) == (Extent(0, size),)
    os.close(descriptor)


def test_a_file_system_without_holes_has_one_extent() -> None:
    reader, writer = os.pipe()  # cannot be asked at all
    assert extents(reader, 5) == (Extent(0, 5),)
    os.close(reader)
    os.close(writer)


def test_a_file_cut_meanwhile_ends_early(tmp_path: Path) -> None:
    descriptor = sparse(tmp_path / "a", 0, (0, b"four"))
    assert list(pieces(descriptor, (Extent(0, 9),))) == [(0, b"four")]
    os.close(descriptor)


def test_the_digest_counts_holes() -> None:
    hash = hashlib.sha256()
    digest = Digest(hash)
    digest.add(3 << 20, b"x")
    digest.fill((3 << 20) + 4)
    assert hash.digest() == hashlib.sha256(bytes(3 << 20) + b"x\0\0\0").digest()


@pytest.mark.parametrize(("start", "length"), [(-1, 1), (0, 0), (0, -1)])
def test_no_extent_is_negative_or_empty(start: int, length: int) -> None:
    with pytest.raises(ValueError, match="extent"):
        Extent(start, length)
