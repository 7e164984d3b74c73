"""Behaviour of the ARC reader."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, named

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.lz.crc16 import crc16
from clearward.formats.unpack import arc

TOOL = shutil.which("arc")
END = b"\x1a\0"


def member(data: bytes, packed: bytes | None = None, method: int = 2) -> bytes:
    packed = data if packed is None else packed
    fields = (arc.MARK, method, b"name", len(packed), 0, crc16(data), len(data))
    return arc.HEADER.pack(*fields)[: 25 if method == 1 else 29] + packed


def found(data: bytes) -> tuple[list[bytes], list[str], str]:
    parts, gaps, field = collect(arc.unpack(Reader.of(data)))
    return parts, [gap.word for gap in gaps], field


@given(st.lists(st.binary(max_size=50), max_size=4), st.sampled_from([1, 2, 3]))
def test_members_come_back_in_order(each: list[bytes], method: int) -> None:
    def packed(data: bytes) -> bytes:
        return data.replace(b"\x90", b"\x90\0") if method == 3 else data

    data = b"".join(member(one, packed(one), method) for one in each) + END
    assert found(data) == (each, [], "")


def test_runs_are_written_out() -> None:
    assert found(member(b"a" * 9, b"a\x90\x09", 3) + END) == ([b"a" * 9], [], "")


@pytest.mark.skipif(TOOL is None, reason="needs arc")
@pytest.mark.parametrize("command", ["a", "aq"])
def test_what_arc_writes_is_read(command: str, tmp_path: Path) -> None:
    known = {
        b"a.txt": b"".join(b"%d line %d " % (n % 97, n * n) for n in range(20_000)),
        b"b.bin": bytes(100_000) + bytes(range(256)) * 9,
        b"c.txt": b"content",
    }
    for name, data in known.items():
        (tmp_path / name.decode()).write_bytes(data)
    names = [name.decode() for name in known]
    subprocess.run(
        ["arc", command, "x.arc", *names],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    data = (tmp_path / "x.arc").read_bytes()
    assert dict(named(arc.unpack(Reader.of(data)))) == known


def test_what_is_not_read_is_said() -> None:
    assert found(member(b"1", method=4) + member(b"2") + END) == (
        [b"2"],
        ["unsupported"],
        "",
    )


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (member(b"1"), "header"),
        (member(b"1") + b"something else", "header"),
        (member(b"content")[:-2], "content"),
        (member(b"content", b"contend") + END, "checksum"),
        (member(b"content", b"con") + END, "content"),
    ],
)
def test_damage_is_reported(data: bytes, field: str) -> None:
    assert found(data)[2] == field


@given(st.sampled_from([1, 2, 3, 4, 8, 9]), st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(method: int, data: bytes) -> None:
    for each in (b"\x1a" + data, member(bytes(99), b"\x0c" + data, method) + data):
        try:
            contents(arc.unpack(Reader.of(each)))
        except Malformed as error:
            assert 0 <= error.offset <= len(each)
