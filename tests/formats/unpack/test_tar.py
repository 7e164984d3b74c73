"""Behaviour of the tar reader."""

import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import (
    WAYS,
    Way,
    at_random,
    collect,
    contents,
    gaps,
    named,
    passing_by,
)

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.unpack import tar

TOOL = shutil.which("tar")
GNU = b"ustar  \0"
POSIX = b"ustar\x0000"
END = bytes(1024)


def header(
    name: bytes, size: int | bytes, kind: bytes = b"0", magic: bytes = POSIX
) -> bytes:
    """A header block with a good checksum."""
    field = size if isinstance(size, bytes) else b"%011o\0" % size
    front = name.ljust(100, b"\0") + b"0000644\0" * 3 + field + b"00000000000\0"
    data = (front + b" " * 8 + kind + bytes(100) + magic).ljust(512, b"\0")
    return data[:148] + b"%06o\0 " % sum(data) + data[156:]


def padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % 512)


def member(
    name: bytes, content: bytes = b"", kind: bytes = b"0", magic: bytes = POSIX
) -> bytes:
    return header(name, len(content), kind, magic) + padded(content)


def pax(kind: bytes = b"x", **records: bytes) -> bytes:
    text = b""
    for key, value in records.items():
        line = b" %s=%s\n" % (key.replace("__", ".").encode(), value)
        length = len(line) + len(str(len(line) + 3))
        length += len(str(length)) + len(line) - length
        text += b"%d" % length + line
    return member(b"pax", text, kind)


def spoiled(data: bytes) -> bytes:
    """A header block whose checksum is wrong."""
    return data[:150] + b"777" + data[153:]


def names(items: Iterator[Item]) -> list[bytes]:
    return [name for name, _ in named(items)]


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


@pytest.mark.parametrize(
    ("front", "kind", "name"),
    [
        (b"", b"2", b"a"),
        (b"", b"5", b"a"),
        (b"", b"\0", b"a/"),
        (pax(mtime=b"1"), b"1", b"a"),
    ],
)
@pytest.mark.parametrize("following", [member(b"b", b"more"), END])
@WAYS
def test_a_link_whose_size_is_doubtful_hides_no_member(
    front: bytes, kind: bytes, name: bytes, following: bytes, way: Way
) -> None:
    data = front + header(name, 700, kind) + following + member(b"c", b"last") + END
    assert contents(tar.unpack(way(data)))[-1] == b"last"
    assert gaps(tar.unpack(way(data))) == [Reason.CORRUPT]


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


@pytest.mark.parametrize(
    "size",
    [
        b"777777777777",
        b"\x80\0\0\0\x7f" + b"\xff" * 7,
        b"\x80" + b"\xff" * 11,
        b"00000001000\0",
    ],
)
@WAYS
def test_a_size_past_the_end_gives_what_is_there(size: bytes, way: Way) -> None:
    data = header(b"a", size) + b"content"
    assert collect(tar.unpack(way(data))) == (
        [b"content"],
        [],
        "size beyond the archive",
    )


@pytest.mark.parametrize("size", [b"\xff" * 12, b"00000000009\0", b"-0000000001\0"])
@WAYS
def test_a_size_that_is_none_reaches_to_the_next_header(size: bytes, way: Way) -> None:
    data = header(b"a", size) + padded(b"content") + member(b"b", b"more") + END
    assert named(tar.unpack(way(data))) == [(b"a", padded(b"content")), (b"b", b"more")]
    assert gaps(tar.unpack(way(data))) == [Reason.CORRUPT]


@pytest.mark.parametrize("field", [0, 0o77777777777])
@WAYS
def test_the_size_of_a_record_counts(field: int, way: Way) -> None:
    data = pax(size=b"700") + header(b"a", field) + padded(b"x" * 700) + END
    assert contents(tar.unpack(way(data))) == [b"x" * 700]
    assert gaps(tar.unpack(way(data))) == []


@pytest.mark.parametrize(
    ("front", "field"),
    [(pax(size=b"700"), 3), (pax(b"g", size=b"700"), 0), (pax(b"g", size=b"700"), 3)],
)
def test_sizes_that_contradict_each_other_are_a_gap(front: bytes, field: int) -> None:
    data = front + header(b"a", field) + padded(b"x" * 700) + END
    assert contents(tar.unpack(at_random(data))) == [b"x" * 700]
    assert gaps(tar.unpack(at_random(data))) == [Reason.CORRUPT]


def test_damaged_records_are_a_gap() -> None:
    data = member(b"pax", b"records", b"x") + member(b"a", b"content") + END
    assert contents(tar.unpack(at_random(data))) == [b"content"]
    assert gaps(tar.unpack(at_random(data))) == [Reason.CORRUPT]


@WAYS
def test_a_wrong_checksum_is_a_gap_and_the_content_is_a_part(way: Way) -> None:
    first = spoiled(header(b"a", 7)) + padded(b"content")
    data = first + member(b"b", b"more") + END
    assert named(tar.unpack(way(data))) == [(b"a", b"content"), (b"b", b"more")]
    assert gaps(tar.unpack(way(data))) == [Reason.CORRUPT]


@WAYS
def test_a_wrong_checksum_does_not_let_a_size_swallow_members(way: Way) -> None:
    data = spoiled(header(b"a", 9999)) + padded(b"x") + member(b"b", b"more") + END
    assert named(tar.unpack(way(data))) == [(b"a", padded(b"x")), (b"b", b"more")]


def test_a_header_right_behind_a_bad_one_is_found() -> None:
    data = spoiled(header(b"a", 9999)) + member(b"b", b"more") + END
    assert named(tar.unpack(at_random(data))) == [(b"a", b""), (b"b", b"more")]


@pytest.mark.parametrize("length", [512, 1024, 9000 * 512])
@WAYS
def test_reading_goes_on_behind_blocks_that_are_no_headers(
    length: int, way: Way
) -> None:
    junk = b"j" * length
    data = member(b"a", b"content") + junk + member(b"b", b"more") + END
    assert contents(tar.unpack(way(data))) == [b"content", junk, b"more"]
    assert gaps(tar.unpack(way(data))) == [Reason.CORRUPT]


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


@pytest.mark.parametrize("end", [b"", bytes(100)])
@WAYS
def test_no_end_and_no_padding_is_no_damage(end: bytes, way: Way) -> None:
    data = header(b"a", 7) + b"content" + end
    assert contents(tar.unpack(way(data))) == [b"content"]


@WAYS
def test_half_a_header_is_truncated(way: Way) -> None:
    data = member(b"a", b"content") + header(b"b", 7)[:200]
    assert collect(tar.unpack(way(data))) == (
        [b"content", header(b"b", 7)[:200]],
        [],
        "header length",
    )


@WAYS
def test_a_name_that_is_too_long_is_a_part(way: Way) -> None:
    name = b"n" * 200_000
    data = member(b"L", name, b"L", GNU) + member(b"a", b"content") + END
    parts = named(tar.unpack(way(data)))
    assert parts == [(b"L", name[tar.NAME_MOST :]), (name[: tar.NAME_MOST], b"content")]


@WAYS
def test_a_name_of_a_gibibyte_gives_what_is_there(way: Way) -> None:
    hidden = member(b"a", b"content")
    data = header(b"L", 1 << 30, b"L", GNU) + hidden
    assert collect(tar.unpack(way(data))) == ([hidden], [], "size beyond the archive")


def test_records_that_are_too_long_are_a_gap_and_a_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tar, "RECORDS_MOST", 600)
    text = b"600 comment=" + b"c" * 587 + b"\n" + b"hidden"
    data = member(b"pax", text, b"x") + member(b"a", b"content") + END
    assert contents(tar.unpack(at_random(data))) == [b"hidden", b"content"]
    assert gaps(tar.unpack(at_random(data))) == [Reason.MEMORY_LIMIT]


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


def test_a_part_that_is_read_halfway_is_passed_over() -> None:
    data = member(b"a", b"x" * 3000) + member(b"b", b"y") + END
    found = []
    for item in tar.unpack(passing_by(data, 600)):
        assert isinstance(item, Part)
        assert isinstance(item.content, Stream)
        found.append(item.content.take(1))
    assert found == [b"x", b"y"]


def test_damage_without_end_takes_linear_time() -> None:
    bad = spoiled(header(b"a", 1 << 40))
    data = (bad + b"j" * 512 + header(b"b", 0)) * 3000
    items = list(tar.unpack(passing_by(data)))
    assert sum(isinstance(item, Gap) for item in items) == 3000
    assert len(items) == 9000


@given(
    st.lists(st.tuples(st.integers(0, 6 * 512 - 1), st.integers(0, 255)), max_size=4),
    st.integers(1, 6 * 512),
)
def test_a_damaged_archive_gives_parts_or_an_error_both_ways(
    damage: list[tuple[int, int]], length: int
) -> None:
    data = bytearray(
        pax(path=b"long") + member(b"a", b"content") + member(b"b", b"more") + END
    )
    for place, value in damage:
        data[place] = value
    cut = bytes(data[:length])
    assert collect(tar.unpack(at_random(cut))) == collect(tar.unpack(passing_by(cut)))


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=600),
            st.builds(
                header,
                st.just(b"name"),
                st.one_of(st.integers(0, 3000), st.binary(min_size=12, max_size=12)),
                st.sampled_from([bytes([kind]) for kind in b"0123456LKxgXVMD\0"]),
                st.sampled_from([POSIX, GNU, b""]),
            ),
        ),
        max_size=6,
    )
)
def test_arbitrary_bytes_give_parts_no_longer_than_the_input_or_an_error(
    pieces: list[bytes],
) -> None:
    data = header(b"first", 0) + b"".join(pieces)
    try:
        assert sum(map(len, contents(tar.unpack(at_random(data))))) <= len(data)
    except Malformed as error:
        assert 0 <= error.offset <= len(data)


def test_the_end_inside_a_member_is_truncated() -> None:
    with pytest.raises(Truncated) as caught:
        contents(tar.unpack(at_random(member(b"a", b"x" * 512)[:-1])))
    assert caught.value.offset == 1023


def test_both_ways_agree_on_every_mixture() -> None:
    blocks = [
        header(b"a", 512),
        header(b"l", 512, b"2"),
        spoiled(header(b"s", 512)),
        b"j" * 512,
        bytes(512),
    ]
    for mixture in product(blocks, repeat=4):
        data = blocks[0] + b"".join(mixture)
        assert collect(tar.unpack(at_random(data))) == collect(
            tar.unpack(passing_by(data, 700))
        )
