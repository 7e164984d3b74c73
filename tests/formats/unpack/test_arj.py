"""Behaviour of the ARJ reader."""

import shutil
import subprocess
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, named

from clearward.core.errors import Malformed
from clearward.core.reader import CHUNK, Reader
from clearward.formats.unpack import arj

TOOL = shutil.which("arj")


def header(
    name: bytes, kind: int, data: bytes = b"", size: int = 0, **field: int
) -> bytes:
    fixed = bytes((30, 11, 1, 0, field.get("flags", 0), field.get("method", 0), kind))
    fixed += bytes(5) + len(data).to_bytes(4, "little") + size.to_bytes(4, "little")
    fixed += field.get("crc", 0).to_bytes(4, "little") + bytes(6)
    whole = fixed + name + b"\0\0"
    sums = zlib.crc32(whole).to_bytes(4, "little")
    return arj.MAGIC + len(whole).to_bytes(2, "little") + whole + sums + bytes(2)


def member(data: bytes, name: bytes = b"name", **field: int) -> bytes:
    field = {"crc": zlib.crc32(data), **field}
    return header(name, 0, data, len(data), **field) + data


def archive(*members: bytes) -> bytes:
    return header(b"x.arj", 2) + b"".join(members) + arj.MAGIC + bytes(2)


def found(data: bytes) -> tuple[list[bytes], list[str], str]:
    parts, gaps, field = collect(arj.unpack(Reader.of(data)))
    return parts, [gap.word for gap in gaps], field


@given(st.lists(st.binary(max_size=50), max_size=4))
def test_stored_members_come_back_in_order(each: list[bytes]) -> None:
    assert found(archive(*map(member, each))) == (each, [], "")


@pytest.mark.skipif(TOOL is None, reason="needs arj")
@pytest.mark.parametrize("method", range(5))
def test_what_arj_writes_is_read(method: int, tmp_path: Path) -> None:
    noise = b"".join(zlib.crc32(b"%d" % n).to_bytes(4) for n in range(9000))
    known = {
        b"a": noise + bytes(CHUNK) + noise[:9999],
        b"b": b"\n".join(b"line %d of a text" % (n * n) for n in range(4000)),
        b"c": b"",
    }
    for name, data in known.items():
        (tmp_path / name.decode()).write_bytes(data)
    subprocess.run(
        ["arj", "a", f"-m{method}", "x.arj", "a", "b", "c"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    data = (tmp_path / "x.arj").read_bytes()
    assert dict(named(arj.unpack(Reader.of(data)))) == known


def test_what_is_not_read_is_said() -> None:
    data = archive(member(b"1", flags=1), member(b"2", method=9), member(b"3", flags=4))
    assert found(data) == ([b"3"], ["encrypted", "unsupported", "truncated"], "")


def test_folders_are_no_parts() -> None:
    assert found(archive(header(b"folder", 3))) == ([], [], "")


def test_damage_is_reported_behind_what_was_read() -> None:
    assert found(archive(member(b"1"))[:-4]) == ([b"1"], [], "header")
    with pytest.raises(Malformed):
        contents(arj.unpack(Reader.of(archive(member(b"1", crc=0)))))
    broken = bytearray(archive(member(b"1")))
    broken[-8] ^= 1
    assert found(bytes(broken))[2] == "checksum of a header"
    assert found(archive(member(b"content"))[:-7]) == ([], [], "content")
    assert found(archive() + b"anything") == ([], [], "")


@given(st.integers(0, 4), st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_or_an_error(method: int, data: bytes) -> None:
    packed = header(b"x", 0, data, 9999, method=method) + data
    for each in (archive(packed), archive()[:-4] + data, arj.MAGIC + data):
        try:
            contents(arj.unpack(Reader.of(each)))
        except Malformed as error:
            assert 0 <= error.offset <= len(each)
