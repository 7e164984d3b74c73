"""Behaviour of the ar reader."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import (
    WAYS,
    Way,
    at_random,
    contents,
    gaps,
    named,
    passing_by,
    read,
)

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import ar

TOOL = shutil.which("dpkg-deb")


def member(content: bytes, name: bytes = b"a/") -> bytes:
    header = name.ljust(48) + str(len(content)).encode().ljust(10) + ar.END_MARK
    return header + content + b"\n" * (len(content) % 2)


def archive(*members: bytes) -> bytes:
    return ar.MAGIC + b"".join(map(member, members))


@given(st.lists(st.binary(max_size=50), max_size=5), st.integers(1, 70))
def test_members_come_back_in_order(members: list[bytes], piece: int) -> None:
    data = archive(*members)
    assert contents(ar.unpack(at_random(data))) == members
    assert contents(ar.unpack(passing_by(data, piece))) == members


def test_a_member_keeps_its_name() -> None:
    data = ar.MAGIC + member(b"2.0\n", b"debian-binary")
    assert named(ar.unpack(at_random(data))) == [(b"debian-binary", b"2.0\n")]


@pytest.mark.parametrize(
    ("damage", "field", "kind"),
    [
        pytest.param((66, b"xx"), "end mark", Malformed, id="wrong end mark"),
        pytest.param((56, b"-5"), "size", Malformed, id="negative size"),
        pytest.param(
            (56, b"999"), "size beyond the archive", Truncated, id="size too big"
        ),
    ],
)
@WAYS
def test_damage_is_reported(
    damage: tuple[int, bytes], field: str, kind: type[Malformed], way: Way
) -> None:
    offset, wrong = damage
    data = bytearray(archive(b"content"))
    data[offset : offset + len(wrong)] = wrong
    with pytest.raises(kind) as caught:
        contents(ar.unpack(way(bytes(data))))
    assert caught.value.field == field


@WAYS
def test_what_lies_behind_damage_is_a_part(way: Way) -> None:
    data = archive(b"content") + b"damage" * 20
    parts = []
    with pytest.raises(Malformed) as caught:  # noqa: PT012 - what came before counts
        for item in ar.unpack(way(data)):
            assert isinstance(item, Part)
            parts.append((item.name, read(item.content)))
    assert caught.value.offset == len(archive(b"content")) + 58
    assert parts == [(b"a", b"content"), (b"trailing", b"damage" * 20)]


@pytest.mark.parametrize("padding", [b"\n", b"\0" * 59])
@WAYS
def test_padding_at_the_end_is_no_damage(padding: bytes, way: Way) -> None:
    assert contents(ar.unpack(way(archive(b"content") + padding))) == [b"content"]


@WAYS
def test_half_a_header_is_truncated(way: Way) -> None:
    with pytest.raises(Truncated) as caught:
        contents(ar.unpack(way(archive(b"content") + b"b/")))
    assert caught.value.field == "header length"


@pytest.mark.parametrize("name", [b"long name.o", b"long name.o\0\0\0", b"n" * 4096])
@WAYS
def test_a_long_bsd_name_is_taken_off_the_content(name: bytes, way: Way) -> None:
    data = ar.MAGIC + member(name + b"content", b"#1/%d" % len(name))
    data += member(b"more")
    assert named(ar.unpack(way(data))) == [
        (name.rstrip(b"\0"), b"content"),
        (b"a", b"more"),
    ]


@pytest.mark.parametrize("length", [8, 4097, 99999999])
def test_a_bsd_name_longer_than_its_content_is_a_gap(length: int) -> None:
    data = ar.MAGIC + member(b"content", b"#1/%d" % length)
    assert contents(ar.unpack(at_random(data))) == [b"content"]
    assert gaps(ar.unpack(at_random(data))) == [Reason.CORRUPT]


def test_the_tables_are_parts() -> None:
    data = ar.MAGIC + member(b"symbols", b"/") + member(b"names/\n", b"//")
    assert contents(ar.unpack(at_random(data))) == [b"symbols", b"names/\n"]


@WAYS
def test_the_members_of_a_thin_archive_are_elsewhere(way: Way) -> None:
    outside = member(b"", b"/0").replace(b"0         `", b"4096      `")
    data = ar.THIN + member(b"names/\n", b"//") + outside + member(b"sym", b"/SYM64/")
    assert ar.recognises(data, Reader.of(data))
    assert contents(ar.unpack(way(data))) == [b"names/\n", b"sym"]
    assert gaps(ar.unpack(way(data))) == []


def test_what_a_thin_archive_holds_all_the_same_is_a_part() -> None:
    data = ar.THIN + member(b"content" * 20)
    with pytest.raises(Malformed):
        contents(ar.unpack(at_random(data)))


def test_parts_that_nobody_reads_are_passed_over() -> None:
    found = [item.name for item in ar.unpack(passing_by(archive(b"odd", b"x"), 9))]
    assert found == [b"a", b"a"]


@pytest.mark.skipif(TOOL is None, reason="needs dpkg-deb")
@WAYS
def test_what_dpkg_deb_writes_is_read(way: Way, tmp_path: Path) -> None:
    (tmp_path / "tree" / "DEBIAN").mkdir(parents=True)
    (tmp_path / "tree" / "DEBIAN" / "control").write_text(
        "Package: a\nVersion: 1\nArchitecture: all\nMaintainer: m\nDescription: d\n",
        encoding="ascii",
    )
    package = tmp_path / "a.deb"
    command = ["dpkg-deb", "-Zgzip", "-b", str(tmp_path / "tree"), str(package)]
    subprocess.run(command, check=True, capture_output=True)
    parts = named(ar.unpack(way(package.read_bytes())))
    assert [name for name, _ in parts] == [
        b"debian-binary",
        b"control.tar.gz",
        b"data.tar.gz",
    ]


@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_no_longer_than_the_input_or_an_error(
    data: bytes,
) -> None:
    data = ar.MAGIC + data
    try:
        assert sum(map(len, contents(ar.unpack(at_random(data))))) <= len(data)
    except Malformed as error:
        assert 0 <= error.offset <= len(data)
