"""Behaviour of the cpio reader."""

import shutil
import struct
import subprocess
from collections.abc import Callable
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

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import cpio

TOOL = shutil.which("cpio")
FILE = 0o100644
LINK = 0o120777
FOLDER = 0o040755


def newc(name: bytes, content: bytes, mode: int, magic: bytes = b"070701") -> bytes:
    fields = [1, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0]
    front = magic + b"".join(b"%08X" % field for field in fields) + name + b"\0"
    return padded(front, 4) + padded(content, 4)


def crc(name: bytes, content: bytes, mode: int) -> bytes:
    return newc(name, content, mode, b"070702")


def odc(name: bytes, content: bytes, mode: int) -> bytes:
    fields = b"%06o" * 7 % (0, 1, mode, 0, 0, 1, 0)
    sizes = b"%011o%06o%011o" % (0, len(name) + 1, len(content))
    return b"070707" + fields + sizes + name + b"\0" + content


def afio(name: bytes, content: bytes, mode: int) -> bytes:
    front = b"070727%08x%016xm%06o" % (0, 1, mode) + b"%08x" * 4 % (0, 0, 1, 0)
    sizes = b"%016xn%04x%04x%04xs%016x:" % (0, len(name) + 1, 0, 0, len(content))
    return front + sizes + name + b"\0" + content


def binary(order: str) -> Callable[[bytes, bytes, int], bytes]:
    def build(name: bytes, content: bytes, mode: int) -> bytes:
        size = divmod(len(content), 1 << 16)
        words = [0o070707, 0, 1, mode, 0, 0, 1, 0, 0, 0, len(name) + 1, *size]
        front = struct.pack(f"{order}13H", *words) + name + b"\0"
        return padded(front, 2) + padded(content, 2)

    return build


def padded(data: bytes, align: int) -> bytes:
    return data + bytes(-len(data) % align)


Build = Callable[[bytes, bytes, int], bytes]
BUILDS = {
    "newc": newc,
    "crc": crc,
    "odc": odc,
    "afio": afio,
    "little": binary("<"),
    "big": binary(">"),
}
KINDS = pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)


def trailer(build: Build = newc) -> bytes:
    return build(cpio.TRAILER, b"", 0)


@given(
    build=st.sampled_from(list(BUILDS.values())),
    end=st.sampled_from([b"", bytes(300)]),
    members=st.lists(
        st.tuples(
            st.binary(min_size=1, max_size=9).map(
                lambda name: name.replace(b"\0", b"n")
            ),
            st.binary(max_size=9),
        ),
        max_size=4,
    ),
    piece=st.integers(1, 99),
)
def test_members_come_back_in_order(
    build: Build, end: bytes, members: list[tuple[bytes, bytes]], piece: int
) -> None:
    data = b"".join(build(*member, FILE) for member in members)
    data += trailer(build) + end
    assert cpio.recognises(data, Reader.of(data))
    assert named(cpio.unpack(at_random(data))) == members
    assert named(cpio.unpack(passing_by(data, piece))) == members
    assert gaps(cpio.unpack(at_random(data))) == []


@pytest.mark.skipif(TOOL is None, reason="needs cpio")
@pytest.mark.parametrize("format", ["bin", "odc", "newc", "crc"])
def test_what_cpio_writes_is_read(format: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_bytes(b"content" * 30_000)
    (tmp_path / "odd").write_bytes(b"odd")
    (tmp_path / "link").symlink_to("odd")
    files = [b"folder", b"folder/file", b"odd", b"link"]
    data = subprocess.run(
        ["cpio", "--quiet", "-o", "-H", format],
        input=b"\n".join(files),
        cwd=tmp_path,
        check=True,
        capture_output=True,
    ).stdout
    assert named(cpio.unpack(at_random(data))) == [
        (b"folder/file", b"content" * 30_000),
        (b"odd", b"odd"),
        (b"link", b"odd"),
    ]
    assert gaps(cpio.unpack(passing_by(data, 77))) == []


@KINDS
def test_folders_are_no_parts_and_links_are(build: Build) -> None:
    data = build(b"f", b"", FOLDER) + build(b"l", b"target", LINK) + trailer(build)
    assert named(cpio.unpack(at_random(data))) == [(b"l", b"target")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"070701",
        b"07070x" * 40,
        b"070701" + b"x" * 200,
        b"\xc7\x71" + bytes(200),
        b"\x71\xc7" + b"\xff" * 200,
        binary("<")(b"a", b"", FILE)[:27],
        binary("<")(b"a\0b", b"", FILE),
    ],
)
def test_other_parts_are_not_recognised(data: bytes) -> None:
    assert not cpio.recognises(data, Reader.of(data))


@KINDS
@WAYS
def test_reading_goes_on_behind_the_trailer(build: Build, way: Way) -> None:
    archive = build(b"a", b"one", FILE) + trailer(build)
    data = archive + bytes(1234) + archive + archive + bytes(30_000) + archive
    assert contents(cpio.unpack(way(data))) == [b"one"] * 4
    assert gaps(cpio.unpack(way(data))) == []


@pytest.mark.parametrize("zeros", [0, 1, 600, 50_000])
@WAYS
def test_what_lies_behind_the_trailer_is_a_part(zeros: int, way: Way) -> None:
    rest = b"\x1f\x8bcompressed"
    data = newc(b"a", b"one", FILE) + trailer() + bytes(zeros) + rest
    assert named(cpio.unpack(way(data))) == [(b"a", b"one"), (b"trailing", rest)]
    assert gaps(cpio.unpack(way(data))) == []


def test_a_trailer_with_content_hides_nothing() -> None:
    data = newc(cpio.TRAILER, b"hidden", FILE) + newc(b"a", b"one", FILE)
    assert contents(cpio.unpack(at_random(data))) == [b"hidden", b"one"]


@pytest.mark.parametrize(
    "junk", [b"j", b"junk" * 2000, b"070701junk", b"\xc7\x71" * 99]
)
@KINDS
@WAYS
def test_reading_goes_on_behind_damage(build: Build, junk: bytes, way: Way) -> None:
    archive = build(b"b", b"two", FILE) + trailer(build)
    data = build(b"a", b"one", FILE) + junk + archive + bytes(99)
    assert contents(cpio.unpack(way(data))) == [b"one", junk, b"two"]
    assert gaps(cpio.unpack(way(data))) == [Reason.CORRUPT]


@WAYS
def test_a_header_without_numbers_is_damage(way: Way) -> None:
    junk = newc(b"x", b"", FILE).replace(b"%08X" % FILE, b"x" * 8)
    data = newc(b"a", b"one", FILE) + junk + newc(b"b", b"two", FILE)
    assert contents(cpio.unpack(way(data))) == [b"one", junk, b"two"]


def test_a_binary_header_of_no_known_type_is_damage() -> None:
    build = binary(">")
    junk = build(b"x", b"", 0o170000)
    data = build(b"a", b"one", FILE) + b"\0" + junk + build(b"b", b"two", FILE)
    assert contents(cpio.unpack(at_random(data))) == [b"one", junk, b"two"]


@WAYS
def test_damage_to_the_end_is_one_part(way: Way) -> None:
    junk = b"\x01\xc7\x71" * 9000
    data = binary("<")(b"a", b"one", FILE) + b"\0" + junk
    assert collect(cpio.unpack(way(data))) == ([b"one", junk], [Reason.CORRUPT], "")


@WAYS
def test_a_name_of_four_gibibytes_gives_what_is_there(way: Way) -> None:
    data = b"070701" + b"F" * 104 + b"what is there"
    assert cpio.recognises(data, Reader.of(data))
    assert collect(cpio.unpack(way(data))) == (
        [b"what is there"],
        [],
        "size beyond the archive",
    )


@WAYS
def test_a_name_that_is_too_long_is_a_part(way: Way) -> None:
    name = b"n" * 70_000
    data = newc(name, b"one", FILE) + newc(b"b", b"two", FILE)
    assert contents(cpio.unpack(way(data))) == [name + b"\0", b"one", b"two"]


@WAYS
def test_a_content_past_the_end_gives_what_is_there(way: Way) -> None:
    data = odc(b"a", b"content", FILE)[:-2]
    found = collect(cpio.unpack(way(data)))
    assert found == ([b"conte"], [], "size beyond the archive")


@WAYS
def test_half_a_header_and_half_a_name_are_truncated(way: Way) -> None:
    data = newc(b"name", b"", FILE)
    first = newc(b"a", b"one", FILE)
    assert collect(cpio.unpack(way(first + data[:100]))) == (
        [b"one", data[:100]],
        [Reason.TRUNCATED],
        "",
    )
    assert collect(cpio.unpack(way(first + data[:112]))) == (
        [b"one", b"na"],
        [],
        "size beyond the archive",
    )


@WAYS
def test_the_stripped_archive_of_a_large_package_is_a_gap(way: Way) -> None:
    data = b"07070X00000001content"
    assert cpio.recognises(data, Reader.of(data))
    assert collect(cpio.unpack(way(data))) == ([data], [Reason.UNSUPPORTED], "")


def test_parts_that_nobody_reads_are_passed_over() -> None:
    data = newc(b"a", b"x" * 999, FILE) + b"junk" + newc(b"n" * 70_000, b"y", FILE)
    found = [item.name for item in cpio.unpack(passing_by(data, 100))]
    assert found == [b"a", b"", b"trailing", b"trailing", b""]


def test_damage_without_end_takes_linear_time() -> None:
    data = (odc(b"a", b"", FILE) + b"j") * 3000
    assert len(list(cpio.unpack(passing_by(data)))) == 9000


@given(
    st.sampled_from(list(BUILDS.values())),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=4),
    st.integers(1, 400),
)
def test_a_damaged_archive_gives_parts_or_an_error_both_ways(
    build: Build, damage: list[tuple[int, int]], length: int
) -> None:
    data = bytearray(build(b"a", b"one", FILE) + build(b"b", b"two", FILE))
    data += trailer(build) + bytes(9)
    for place, value in damage:
        data[place % len(data)] = value
    cut = bytes(data[:length])
    assert collect(cpio.unpack(at_random(cut))) == collect(
        cpio.unpack(passing_by(cut, 50))
    )


@given(st.sampled_from(cpio.MAGICS), st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_no_longer_than_the_input_or_an_error(
    magic: bytes, data: bytes
) -> None:
    data = magic + data
    cpio.recognises(data, Reader.of(data))
    try:
        assert sum(map(len, contents(cpio.unpack(at_random(data))))) <= len(data)
    except Malformed as error:
        assert 0 <= error.offset <= len(data)
