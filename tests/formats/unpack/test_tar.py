"""Behaviour of the tar reader."""

import io
import subprocess
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import WAYS, Way, at_random, contents, gaps, named, passing_by
from support.tar import (
    END,
    GNU,
    POSIX,
    TOOL,
    header,
    member,
    names,
    padded,
    pax,
    spoiled,
)

from clearward.core.part import Part
from clearward.core.reader import Reader, Stream
from clearward.formats.unpack import tar


@given(st.lists(st.binary(max_size=1100), max_size=5), st.integers(1, 700))
def test_members_come_back_in_order(members: list[bytes], piece: int) -> None:
    data = b"".join(member(b"a", content) for content in members) + END
    assert contents(tar.unpack(at_random(data))) == members
    assert contents(tar.unpack(passing_by(data, piece))) == members


@pytest.mark.parametrize(
    "format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]
)
@WAYS
def test_what_tarfile_writes_is_read(format: int, way: Way) -> None:
    names = ["a", "d/" * 60 + "b" * 60, "n" * 99, "b"]
    if format != tarfile.USTAR_FORMAT:
        names += ["long/" * 60 + "name" * 40, "\u00fcml\u00e4ut" * 30]
    files = [
        (name, (name.encode() * size)[:size])
        for name, size in zip(names, [0, 1, 511, 512, 513, 70_000], strict=False)
    ]
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=format) as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
            link = tarfile.TarInfo("link")
            link.type, link.linkname = tarfile.SYMTYPE, "t" * 150
            if format != tarfile.USTAR_FORMAT:
                archive.addfile(link)
    data = buffer.getvalue()
    assert tar.recognises(data, Reader.of(data))
    found = list(named(tar.unpack(way(data))))
    assert found == [(name.encode(), content) for name, content in files]
    assert gaps(tar.unpack(way(data))) == []


@pytest.mark.skipif(TOOL is None, reason="needs tar")
@pytest.mark.parametrize("format", ["v7", "oldgnu", "gnu", "ustar", "posix"])
def test_what_tar_writes_is_read(format: str, tmp_path: Path) -> None:
    name = "folder/" * (13 if format in {"v7", "ustar"} else 40) + "file"
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_bytes(b"content" * 999)
    (tmp_path / "hard").hardlink_to(tmp_path / name)
    (tmp_path / "soft").symlink_to("hard")
    command = ["tar", "-C", str(tmp_path), f"--format={format}", "-cf", "-", "."]
    data = subprocess.run(command, check=True, capture_output=True).stdout
    assert contents(tar.unpack(at_random(data))) == [b"content" * 999]
    assert gaps(tar.unpack(passing_by(data, 77))) == []


@pytest.mark.parametrize("magic", [POSIX, GNU, b""])
def test_a_header_makes_a_tar_archive(magic: bytes) -> None:
    data = member(b"a", b"content", magic=magic)
    assert tar.recognises(data, Reader.of(data))


def test_the_magic_alone_makes_a_tar_archive() -> None:
    data = spoiled(member(b"a", b"content"))
    assert tar.recognises(data, Reader.of(data))


@pytest.mark.parametrize(
    "data", [b"", bytes(4096), b"text " * 900, b"01234567" * 512, b"\x7fELF" * 1024]
)
def test_other_parts_are_not_recognised(data: bytes) -> None:
    assert not tar.recognises(data, Reader.of(data))


@pytest.mark.parametrize(
    "front",
    [
        pytest.param(member(b"././@LongLink", b"long\0", b"L", GNU), id="GNU"),
        pytest.param(pax(path=b"long"), id="pax"),
        pytest.param(pax(b"X", path=b"long"), id="Solaris"),
        pytest.param(pax(b"g", path=b"long"), id="pax for all"),
        pytest.param(
            member(b"K", b"link\0", b"K", GNU) + member(b"L", b"long\0", b"L", GNU),
            id="GNU with a long link",
        ),
    ],
)
@WAYS
def test_a_long_name_is_that_of_the_next_member(front: bytes, way: Way) -> None:
    data = front + member(b"short", b"content") + END
    assert named(tar.unpack(way(data))) == [(b"long", b"content")]


def test_a_long_name_is_that_of_one_member_only() -> None:
    data = pax(path=b"long") + member(b"a") + member(b"b")
    assert names(tar.unpack(at_random(data))) == [b"long", b"b"]


@pytest.mark.parametrize(
    "kind", [b"A", b"D", b"I", b"M", b"N", b"V", b"7", b"\0", b"?"]
)
@WAYS
def test_every_type_with_content_is_a_part(kind: bytes, way: Way) -> None:
    data = member(b"a", b"content", kind) + member(b"b", b"more") + END
    assert contents(tar.unpack(way(data))) == [b"content", b"more"]
    assert gaps(tar.unpack(way(data))) == []


@pytest.mark.parametrize("kind", [b"1", b"2", b"3", b"4", b"5", b"6"])
def test_links_devices_and_folders_are_no_parts(kind: bytes) -> None:
    data = member(b"a", kind=kind) + member(b"folder/", kind=b"\0") + member(b"b")
    assert names(tar.unpack(at_random(data))) == [b"b"]


@pytest.mark.parametrize("kind", [b"2", b"3", b"4", b"5", b"6"])
@WAYS
def test_content_behind_a_link_is_a_part_all_the_same(kind: bytes, way: Way) -> None:
    data = member(b"a", b"content", kind) + member(b"b", b"more") + END
    assert contents(tar.unpack(way(data))) == [b"content", b"more"]


@WAYS
def test_the_size_of_a_hard_link_is_that_of_its_target(way: Way) -> None:
    data = header(b"a", 700, b"1") + member(b"b", b"more") + END
    assert contents(tar.unpack(way(data))) == [b"more"]
    assert gaps(tar.unpack(way(data))) == []


@WAYS
def test_the_hard_link_of_a_pax_archive_may_have_content(way: Way) -> None:
    data = pax(mtime=b"1") + member(b"a", b"content", b"1") + END
    assert contents(tar.unpack(way(data))) == [b"content"]


@WAYS
def test_a_binary_size_is_read(way: Way) -> None:
    data = header(b"a", b"\x80" + (5).to_bytes(11, "big")) + padded(b"12345") + END
    assert contents(tar.unpack(way(data))) == [b"12345"]


@pytest.mark.parametrize("field", [0, 0o77777777777])
@WAYS
def test_the_size_of_a_record_counts(field: int, way: Way) -> None:
    data = pax(size=b"700") + header(b"a", field) + padded(b"x" * 700) + END
    assert contents(tar.unpack(way(data))) == [b"x" * 700]
    assert gaps(tar.unpack(way(data))) == []


@pytest.mark.parametrize("zeros", [512, 1024, 10_240, 4_000_256])
@WAYS
def test_archives_that_are_joined_are_read_to_the_end(zeros: int, way: Way) -> None:
    data = member(b"a", b"one") + bytes(zeros) + member(b"b", b"two") + bytes(zeros)
    assert contents(tar.unpack(way(data))) == [b"one", b"two"]
    assert gaps(tar.unpack(way(data))) == []


@pytest.mark.parametrize("length", [1, 511, 512, 513, 20_000])
@WAYS
def test_what_lies_behind_the_end_is_a_part(length: int, way: Way) -> None:
    data = member(b"a", b"one") + END + b"t" * length
    assert named(tar.unpack(way(data))) == [
        (b"a", b"one"),
        (b"trailing", b"t" * length),
    ]
    assert gaps(tar.unpack(way(data))) == []


def test_a_member_behind_what_lies_behind_the_end_is_found() -> None:
    data = member(b"a") + END + b"t" * 512 + member(b"b", b"two")
    assert names(tar.unpack(at_random(data))) == [b"a", b"trailing", b"b"]


def test_a_part_that_is_read_halfway_is_passed_over() -> None:
    data = member(b"a", b"x" * 3000) + member(b"b", b"y") + END
    found = []
    for item in tar.unpack(passing_by(data, 600)):
        assert isinstance(item, Part)
        assert isinstance(item.content, Stream)
        found.append(item.content.take(1))
    assert found == [b"x", b"y"]
