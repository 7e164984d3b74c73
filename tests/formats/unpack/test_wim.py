"""Behaviour of the reader of Windows images."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import wim

TEXT = b"".join(b"line %d of some text\n" % (n * n) for n in range(4000))


def sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()


def little(value: int, size: int) -> bytes:
    return value.to_bytes(size, "little")


def resource(place: int, size: int, flags: int = 0) -> bytes:
    return little(size, 7) + bytes((flags,)) + little(place, 8) + little(size, 8)


def described(name: str, content: bytes | None, inside: int, streams: int = 0) -> bytes:
    text = name.encode("utf-16-le")
    digest = bytes(20) if content is None else sha1(content)
    size = 102 + len(text)
    row = little(size, 8) + bytes(8) + little(inside, 8) + bytes(40) + digest
    row += bytes(12) + little(streams, 2) + bytes(2) + little(len(text), 2) + text
    return row + bytes(-len(row) % 8)


def metadata(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A root with one folder, which holds the files."""
    start = bytes((8,)) + bytes(7)
    root = described("", None, 8 + 104 + 8)
    folder_row = described("sub", None, 0)
    inside = 8 + len(root) + 8 + len(folder_row) + 8
    root = described("", None, 8 + len(root) + 8)
    rows = b"".join(described(name, content, 0) for name, content in files)
    folder_row = described("sub", None, inside)
    return start + root + bytes(8) + folder_row + bytes(8) + rows + bytes(8)


def made(
    *files: tuple[str, bytes], flags: int = 0, number: int = 1, solid: bool = False
) -> bytes:
    body, rows = b"", b""
    about = metadata(files)
    inside = 16 if solid else 0
    for content, kind in [(about, 2), *((each, inside) for _, each in files)]:
        rows += resource(208 + len(body), len(content), kind) + little(1, 2)
        rows += little(1, 4) + sha1(content)
        body += content
    head = b"MSWIM\0\0\0" + little(208, 4) + little(0x10D00, 4) + little(flags, 4)
    head += little(32768, 4) + bytes(16) + little(number, 2) + little(1, 2)
    head += little(1, 4) + resource(208 + len(body), len(rows))
    return head.ljust(208, b"\0") + body + rows


FILES = (("a.txt", b"first"), ("b \N{SNOWMAN}", b"second"))


def test_files_come_back_with_their_ways() -> None:
    found = named(wim.unpack(Reader.of(made(*FILES))))
    assert found[1:] == [
        (b"sub/a.txt", b"first"),
        ("sub/b \N{SNOWMAN}".encode(), b"second"),
    ]
    assert found[0][1] == metadata(FILES)


def test_solid_and_unknown_compression_are_unsupported() -> None:
    assert gaps(wim.unpack(Reader.of(made(*FILES, solid=True)))) == [
        Reason.UNSUPPORTED,
        Reason.UNSUPPORTED,
    ]
    changed = made(*FILES, flags=0x80002).replace(b"first", b"first")
    packed = bytearray(changed)
    place = changed.rindex(sha1(b"first")) - 30
    packed[place + 7] = 4
    assert Reason.UNSUPPORTED in gaps(wim.unpack(Reader.of(bytes(packed))))
    assert gaps(wim.unpack(Reader.of(b"WLPWM\0\0\0" + bytes(200)))) == [
        Reason.UNSUPPORTED
    ]


@pytest.mark.parametrize("chunk", [0, 1, 1 << 14, 40000, 1 << 22])
def test_chunks_of_other_sizes_are_unsupported(chunk: int) -> None:
    data = made(*FILES, flags=0x40002)
    place = data.rindex(sha1(b"first")) - 30
    packed = bytearray(data)
    packed[place + 7] = 4
    packed[20:24] = little(chunk, 4)
    assert gaps(wim.unpack(Reader.of(bytes(packed)))) == [Reason.UNSUPPORTED]


def test_one_file_of_several_says_that_the_rest_is_elsewhere() -> None:
    assert set(gaps(wim.unpack(Reader.of(made(*FILES, number=2))))) == {
        Reason.TRUNCATED
    }


def test_an_image_that_ends_early_gives_what_there_is() -> None:
    data = made(*FILES)
    with pytest.raises(Truncated):
        contents(wim.unpack(Reader.of(data[:-30])))
    with pytest.raises(Truncated):
        contents(wim.unpack(Reader.of(data[:100])))


@settings(deadline=None)
@given(st.integers(0, 700), st.binary(min_size=1, max_size=8))
def test_damage_is_no_trouble(place: int, junk: bytes) -> None:
    data = made(*FILES)
    place %= len(data)
    damaged = data[:place] + junk + data[place + len(junk) :]
    try:
        collect(wim.unpack(Reader.of(damaged)))
    except Malformed:
        return


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_arbitrary_bytes_behind_the_magic_are_no_trouble(data: bytes) -> None:
    collect(wim.unpack(Reader.of(wim.MAGIC + data)))


@pytest.mark.skipif(
    shutil.which("wimlib-imagex") is None, reason="wimlib-imagex is not installed"
)
@pytest.mark.parametrize("method", ["none", "XPRESS", "LZX", "LZX:100"])
def test_what_wimlib_writes_comes_back(method: str, tmp_path: Path) -> None:
    folder = tmp_path / "in/deep"
    folder.mkdir(parents=True)
    program = b"".join(b"\xe8" + n.to_bytes(4, "little") for n in range(0, 90000, 7))
    files = {
        b"deep/text": TEXT,
        b"deep/program": program,
        b"zeros": bytes(70000),
        b"noise": b"".join(sha1(bytes((n,))) for n in range(250)),
    }
    for name, content in files.items():
        (tmp_path / "in" / name.decode()).write_bytes(content)
    out = tmp_path / "out.wim"
    command = ["wimlib-imagex", "capture", str(tmp_path / "in"), str(out)]
    command.append(f"--compress={method}")
    subprocess.run(command, check=True, timeout=60, capture_output=True)
    found = dict(named(wim.unpack(Reader.of(out.read_bytes()))))
    assert files.items() <= found.items()
    if method != "none":
        packed = bytearray(out.read_bytes())
        packed[300:304] = b"junk"
        collect(wim.unpack(Reader.of(bytes(packed))))
