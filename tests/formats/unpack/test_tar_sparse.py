"""Behaviour of the tar reader towards files with holes."""

import subprocess
from pathlib import Path

import pytest
from support.parts import WAYS, Way, at_random, contents, gaps, named, passing_by
from support.tar import END, GNU, TOOL, header, member, padded, pax

from clearward.core.reasons import Reason
from clearward.formats.unpack import tar


@pytest.mark.skipif(TOOL is None, reason="needs tar")
@pytest.mark.parametrize(
    "format",
    [
        ["--format=oldgnu"],
        ["--format=gnu"],
        ["--format=posix", "--sparse-version=0.0"],
        ["--format=posix", "--sparse-version=0.1"],
        ["--format=posix", "--sparse-version=1.0"],
    ],
)
@WAYS
def test_sparse_files_that_tar_writes_get_their_holes_back(
    format: list[str], way: Way, tmp_path: Path
) -> None:
    with (tmp_path / "file").open("wb") as file:
        for region in range(30):
            file.seek(region * 16_384)
            file.write(b"%04d" % region * 1024)
        file.truncate(1_000_000)
    content = (tmp_path / "file").read_bytes()
    command = ["tar", "-C", str(tmp_path), "-S", *format, "-cf", "-", "file"]
    data = subprocess.run(command, check=True, capture_output=True).stdout
    parts = named(tar.unpack(way(data)))
    if len(data) > len(content):
        pytest.skip("this file system has no holes")
    stored, expanded = parts
    assert stored[1] == b"".join(b"%04d" % region * 1024 for region in range(30))
    assert expanded == (b"file", content)
    assert gaps(tar.unpack(way(data))) == []


def sparse_10(points: list[int], stored: bytes, size: int) -> bytes:
    """A sparse member of version 1.0."""
    lines = [len(points) // 2, *points]
    text = padded(b"".join(b"%d\n" % line for line in lines))
    return pax(
        GNU__sparse__major=b"1",
        GNU__sparse__minor=b"0",
        GNU__sparse__name=b"real",
        GNU__sparse__realsize=b"%d" % size,
    ) + member(b"stored", text + stored)


@pytest.mark.parametrize("piece", [512, 100_000])
@WAYS
def test_a_sparse_file_is_a_part_as_stored_and_with_its_holes(
    way: Way, piece: int
) -> None:
    stored = b"s" * piece
    data = sparse_10([2048, piece], stored, piece + 9000) + member(b"b", b"more") + END
    assert named(tar.unpack(way(data))) == [
        (b"stored", stored),
        (b"real", bytes(2048) + stored + bytes(9000 - 2048)),
        (b"b", b"more"),
    ]


@pytest.mark.parametrize(
    ("points", "size"),
    [
        pytest.param([0, 512, 256, 512], 4096, id="regions that overlap"),
        pytest.param([0, 512], 4096, id="regions that leave something out"),
        pytest.param([0, 1 << 63], 1 << 63, id="regions that are not there"),
        pytest.param([0, 1024], 1000, id="region behind the end"),
    ],
)
@WAYS
def test_a_sparse_map_that_lies_is_a_gap(
    points: list[int], size: int, way: Way
) -> None:
    data = sparse_10(points, b"s" * 1024, size) + member(b"b", b"more") + END
    assert contents(tar.unpack(way(data))) == [b"s" * 1024, b"more"]
    assert gaps(tar.unpack(way(data))) == [Reason.CORRUPT]


@WAYS
def test_a_sparse_map_that_is_none_is_content(way: Way) -> None:
    data = pax(GNU__sparse__major=b"1", GNU__sparse__realsize=b"9")
    data += member(b"a", b"no map") + member(b"b", b"more") + END
    assert contents(tar.unpack(way(data))) == [b"no map", b"more"]
    assert gaps(tar.unpack(way(data))) == [Reason.CORRUPT]


@pytest.mark.parametrize("size", [tar.EXPANDED + 1, (1 << 63) - 1])
def test_a_large_sparse_file_is_a_gap(size: int) -> None:
    data = sparse_10([size - 512, 512], b"s" * 512, size) + END
    assert contents(tar.unpack(at_random(data))) == [b"s" * 512]
    assert gaps(tar.unpack(at_random(data))) == [Reason.SIZE_LIMIT]


def test_a_sparse_file_without_holes_is_one_part() -> None:
    data = sparse_10([0, 512], b"s" * 512, 512) + END
    assert named(tar.unpack(at_random(data))) == [(b"real", b"s" * 512)]


def test_a_sparse_file_too_large_to_hold_is_a_gap_in_a_stream(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tar, "HELD", 1000)
    data = sparse_10([512, 1024], b"s" * 1024, 9000) + END
    assert contents(tar.unpack(passing_by(data))) == [b"s" * 1024]
    assert gaps(tar.unpack(passing_by(data))) == [Reason.MEMORY_LIMIT]
    assert gaps(tar.unpack(at_random(data))) == []


@WAYS
def test_a_sparse_file_of_old_gnu_tar_is_read(way: Way) -> None:
    front = bytearray(header(b"a", 512, b"S", GNU))
    front[386:410] = b"%011o\0%011o\0" % (1024, 512)
    front[483:495] = b"%011o\0" % 2048
    front[148:156] = b" " * 8
    front[148:156] = b"%06o\0 " % sum(front)
    data = bytes(front) + b"s" * 512 + member(b"b", b"more") + END
    assert contents(tar.unpack(way(data))) == [
        b"s" * 512,
        bytes(1024) + b"s" * 512 + bytes(512),
        b"more",
    ]


def test_the_map_of_sparse_version_0_is_read() -> None:
    data = pax(GNU__sparse__size=b"2048", GNU__sparse__map=b"1024,512")
    data += member(b"a", b"s" * 512) + END
    parts = contents(tar.unpack(at_random(data)))
    assert parts == [b"s" * 512, bytes(1024) + b"s" * 512 + bytes(512)]


def test_parts_that_nobody_reads_are_passed_over() -> None:
    stored = sparse_10([512, 512], b"s" * 512, 2000)
    data = member(b"a", b"x" * 3000) + b"j" * 1024 + stored + member(b"b", b"y") + END
    found = [item.name for item in tar.unpack(passing_by(data, 600))]
    assert found == [b"a", b"", b"trailing", b"stored", b"real", b"b"]
