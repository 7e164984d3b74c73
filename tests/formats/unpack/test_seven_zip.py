"""Behaviour of the 7z reader."""

import io
import shutil
import subprocess
from pathlib import Path

import py7zr
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import gaps, named
from support.seven_zip import (
    CONTENT,
    COPY,
    LZMA2,
    Member,
    archive,
    around,
    coder,
    encoded,
    files,
    lzma2,
    opened,
    opened_again,
    streams,
)

from clearward.core.part import Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.unpack import seven_zip

FILTERS = {
    "copy": [{"id": py7zr.FILTER_COPY}],
    "lzma": [{"id": py7zr.FILTER_LZMA}],
    "lzma2": [{"id": py7zr.FILTER_LZMA2}],
    "delta": [{"id": py7zr.FILTER_DELTA}, {"id": py7zr.FILTER_LZMA2}],
    "x86": [{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA2}],
    "arm": [{"id": py7zr.FILTER_ARM}, {"id": py7zr.FILTER_LZMA2}],
    "bzip2": [{"id": py7zr.FILTER_BZIP2}],
    "deflate": [{"id": py7zr.FILTER_DEFLATE}],
    "zstd": [{"id": py7zr.FILTER_ZSTD, "level": 3}],
    "ppmd": [{"id": py7zr.FILTER_PPMD, "order": 6, "mem": 20}],
}
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
MEMBERS = st.lists(st.tuples(NAMES.map(str.encode), st.binary(max_size=60)), max_size=5)


@given(members=MEMBERS, packed=st.booleans(), plain=st.booleans())
def test_members_come_back_with_their_names(
    members: list[Member], *, packed: bool, plain: bool
) -> None:
    whole = b"".join(content for _, content in members)
    data = archive(members, coder(COPY), whole) if plain else archive(members)
    if packed:
        data = encoded(data)
    full = [member for member in members if member[1]]
    found = named(seven_zip.unpack(Reader.of(data)))
    if not full and not plain:
        found = [part for part in found if part[0] != b"unused"]
    assert found == full


def test_a_member_can_be_left_out() -> None:
    items = seven_zip.unpack(Reader.of(archive([(b"a", b"first"), (b"b", b"second")])))
    next(items)
    last = next(items)
    assert isinstance(last.content, Stream)  # type: ignore[union-attr]
    assert last.content.take(99) == b"second"  # type: ignore[union-attr]


def test_a_member_is_decoded_as_it_is_read() -> None:
    size = 1 << 40
    packed = lzma2(bytes(1 << 20))
    folder = coder(LZMA2, b"\x28")
    header = b"\1\4" + streams([folder], [len(packed)], [[b""]], sizes=[size]) + b"\0"
    item = next(seven_zip.unpack(Reader.of(around(packed, header))))
    assert isinstance(item, Part)
    assert isinstance(item.content, Stream)
    assert item.content.take(1000) == bytes(1000)


def test_a_folder_without_files_is_looked_at() -> None:
    described = streams([coder()], [5], [[]], sizes=[5])
    data = around(b"alone", b"\1\4" + described + files([]) + b"\0")
    assert named(opened_again(data)) == [(b"", b"alone")]


def test_additional_streams_are_looked_at() -> None:
    first = streams([coder()], [4], [[b"more"]])
    second = streams([coder()], [4], [[b"main"]], 4)
    header = b"\1\2\x11\1x\0\3" + first + b"\4" + second + files([(b"n", b"main")])
    data = around(b"moremain", header + b"\0")
    assert named(opened_again(data)) == [(b"", b"more"), (b"n", b"main")]


def test_bytes_that_belong_to_nothing_are_parts() -> None:
    described = streams([coder()], [4], [[b"main"]], 6)
    header = b"\1\4" + described + files([(b"n", b"main")]) + b"\0"
    data = around(b"hiddenmaingap", header) + b"behind"
    assert named(opened_again(data)) == [
        (b"n", b"main"),
        (b"unused", b"hidden"),
        (b"unused", b"gap"),
        (b"trailing", b"behind"),
    ]


def test_an_archive_may_be_empty() -> None:
    assert opened(around(b"", b"")) == []


def test_names_may_be_missing() -> None:
    described = streams([coder()], [8], [[b"main", b"next"]])
    data = around(b"mainnext", b"\1\4" + described + b"\5\2\0\0")
    assert named(opened_again(data)) == [(b"", b"main"), (b"", b"next")]


@pytest.mark.parametrize("dictionary", [0x1D, 0x28])
def test_a_huge_dictionary_that_is_not_used_costs_nothing(dictionary: int) -> None:
    folder = coder(LZMA2, bytes((dictionary,)))
    assert named(opened_again(archive([(b"a", CONTENT)], folder))) == [(b"a", CONTENT)]


def of_py7zr(
    members: dict[str, bytes],
    filters: list[dict[str, int]] | None = None,
    password: str | None = None,
) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", filters=filters, password=password) as made:
        for name, data in members.items():
            made.writestr(data, name)
    return out.getvalue()


@pytest.mark.parametrize("method", sorted(FILTERS))
def test_what_py7zr_writes_comes_back(method: str) -> None:
    members = {"a.txt": b"some text, " * 500, "b.bin": CONTENT}
    found = named(opened_again(of_py7zr(members, FILTERS[method])))
    assert found == [(name.encode(), data) for name, data in members.items()]


def test_what_py7zr_encrypts_is_encrypted() -> None:
    data = of_py7zr({"a": b"secret" * 10}, password="word")  # noqa: S106 - a test's
    assert gaps(opened_again(data)) == [Reason.ENCRYPTED]


@pytest.mark.skipif(shutil.which("7zz") is None, reason="7zz is not installed")
@pytest.mark.parametrize(
    "options",
    [
        "-mx=1",
        "-mx=9 -m0=LZMA",
        "-m0=PPMd",
        "-m0=BZip2",
        "-m0=Deflate",
        "-m0=Deflate64",
        "-m0=Copy -mhc=off",
        "-mf=BCJ2",
        "-m0=BCJ -m1=Deflate",
        "-mf=ARM64",
        "-mf=RISCV",
        "-mf=Delta:3",
        "-m0=SWAP4 -m1=BZip2",
        "-ms=off",
    ],
)
def test_what_the_tool_writes_comes_back(options: str, tmp_path: Path) -> None:
    members = [
        (b"one.exe", b"MZ" + b"\xe8\1\2\0\0\x0f\x85\5\0\0\0\xe9\7\0\0\0" * 300),
        (b"three.txt", CONTENT),
        (b"two.txt", b"\xef\0\1\2\x17\1\3\4\0\0\0\x94" * 200),
    ]
    for name, content in members:
        (tmp_path / name.decode()).write_bytes(content)
    command = ["7zz", "a", "-bd", *options.split(), "x.7z", "*"]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
    data = (tmp_path / "x.7z").read_bytes()
    assert sorted(named(opened_again(data))) == members
