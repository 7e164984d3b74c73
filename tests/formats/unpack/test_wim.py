"""Behaviour of the reader of Windows images."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lzms import literals
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import wim
from clearward.formats.wim import solid as solid_blocks

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


def block(content: bytes, method: int = 3, chunk: int = 1 << 15) -> bytes:
    """A solid block, each chunk of which is packed if that makes it shorter."""
    rows, body = b"", b""
    for at in range(0, len(content), chunk):
        piece = content[at : at + chunk]
        short = literals(piece) if len(piece) > 4 and method == 3 else piece
        short = min(piece, short, key=len)
        rows += little(len(short), 4)
        body += short
    return little(len(content), 8) + little(chunk, 4) + little(method, 4) + rows + body


def solid(*blocks: bytes, files: tuple[bytes, ...], damage: int = 0) -> bytes:
    """An image with solid blocks and the files in them."""
    body, rows = b"", b""
    for each in blocks:
        row = resource(208 + len(body), len(each), 0x14)
        rows += row[:16] + little(1 << 32, 8) + bytes((1, 0, 1, 0, 0, 0)) + bytes(20)
        body += each
    place = damage
    for content in files:
        row = little(len(content), 7) + b"\x10" + little(place, 8) + bytes(8)
        rows += row + bytes((1, 0, 1, 0, 0, 0)) + sha1(content)
        place += len(content)
    head = b"MSWIM\0\0\0" + little(208, 4) + little(0xE00, 4) + little(0x80002, 4)
    head += little(1 << 15, 4) + bytes(16) + little(1, 2) + little(1, 2)
    head += little(1, 4) + resource(208 + len(body), len(rows))
    return head.ljust(208, b"\0") + body + rows


def made(
    *files: tuple[str, bytes], flags: int = 0, number: int = 1, inside: int = 0
) -> bytes:
    body, rows = b"", b""
    about = metadata(files)
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


@pytest.mark.parametrize(
    "image", [made(*FILES), solid(block(b"first" * 9), files=(b"first",))]
)
def test_what_follows_an_image_is_a_part(image: bytes) -> None:
    assert b"trailing" not in dict(named(wim.unpack(Reader.of(image))))
    found = dict(named(wim.unpack(Reader.of(image + b"more"))))
    assert found[b"trailing"] == b"more"


def test_unknown_compression_is_unsupported() -> None:
    packed = bytearray(made(*FILES, flags=0x2))
    packed[20:24] = little(32768, 4)
    packed[packed.rindex(sha1(b"first")) - 23] = 4
    assert gaps(wim.unpack(Reader.of(bytes(packed)))) == [Reason.UNSUPPORTED]
    assert gaps(wim.unpack(Reader.of(b"WLPWM\0\0\0" + bytes(200)))) == [
        Reason.UNSUPPORTED
    ]


def test_files_of_a_solid_run_without_a_block_are_said_to_be_damaged() -> None:
    assert gaps(wim.unpack(Reader.of(made(*FILES, inside=16)))) == [Reason.CORRUPT] * 2


PIECES = (TEXT[:50000], b"between", TEXT[50000:60000], b"l" * 70000, b"the last")


@pytest.mark.parametrize("method", [0, 3])
def test_files_of_solid_blocks_come_back(method: int) -> None:
    blocks = (block(b"".join(PIECES[:3]), method), block(b"".join(PIECES[3:]), method))
    image = solid(*blocks, files=PIECES)
    assert contents(wim.unpack(Reader.of(image))) == list(PIECES)


def test_files_around_a_damaged_chunk_come_back() -> None:
    whole = block(b"".join(PIECES), 0)
    image = solid(whole[:-8] + b"j" * 8, files=PIECES)
    items = wim.unpack(Reader.of(image))
    found = [collect([item]) for item in items]
    assert [field for _, _, field in found] == ["", "", "", "", "digest"]
    short = block(b"z" * 99000)
    head, rows = short[:16], short[16:32]
    body = b"\xff" * 4 + short[36:]
    damaged = solid(head + rows + body, files=(b"z" * 9, b"z" * 90000, b"z" * 8991))
    found = [collect([item]) for item in wim.unpack(Reader.of(damaged))]
    assert all(field for _, _, field in found[:2])
    assert found[2] == ([b"z" * 8991], [], "")


def test_a_solid_block_that_ends_early_says_so() -> None:
    whole = block(b"".join(PIECES))
    for kept in (10, 17, 40, len(whole) - 9):
        image = solid(whole[:kept], files=PIECES)
        found = [collect([item]) for item in wim.unpack(Reader.of(image))]
        assert any(field or said for _, said, field in found)
        assert [(said, field) for _, said, field in found[-1:]] != [([], "")]


def test_a_table_of_chunks_that_is_not_there_is_refused_at_once() -> None:
    whole = block(b"z" * 100)
    whole = little(1 << 62, 8) + whole[8:]
    image = solid(whole, files=(b"z" * 100,), damage=1 << 61)
    assert gaps(wim.unpack(Reader.of(image))) == [Reason.TRUNCATED]


def test_files_far_into_a_block_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solid_blocks, "ROWS", 2)
    data = bytes(11 << 15)
    image = solid(block(data + b"far", 0), files=(b"far",), damage=len(data))
    assert contents(wim.unpack(Reader.of(image))) == [b"far"]


def test_files_that_overlap_and_those_outside_a_block_are_said() -> None:
    image = solid(block(TEXT, 0), files=(TEXT[:80000],), damage=0)
    rows = image[-50:]
    again = rows[:8] + little(100, 8) + rows[16:]
    wrong = image[:-50] + rows + again
    wrong = wrong[:48] + resource(len(wrong) - 150, 150) + wrong[72:]
    found = [collect([item]) for item in wim.unpack(Reader.of(wrong))]
    assert found[0] == ([TEXT[:80000]], [], "")
    assert found[1][2] == "order in a solid block"
    image = solid(block(b"z" * 100), files=(b"z" * 50,), damage=80)
    assert [collect([item])[2] for item in wim.unpack(Reader.of(image))] == [
        "solid block"
    ]
    image = solid(block(b"z" * 100), files=(b"z" * 50,), damage=100)
    assert gaps(wim.unpack(Reader.of(image))) == [Reason.CORRUPT]


@pytest.mark.parametrize(
    ("method", "chunk", "reason"),
    [
        pytest.param(3, 1 << 27, Reason.MEMORY_LIMIT, id="large"),
        pytest.param(3, 40000, Reason.UNSUPPORTED, id="odd"),
        pytest.param(3, 0, Reason.UNSUPPORTED, id="none"),
        pytest.param(4, 1 << 15, Reason.UNSUPPORTED, id="method"),
    ],
)
def test_blocks_that_are_not_read_say_why(
    method: int, chunk: int, reason: Reason
) -> None:
    whole = block(b"z" * 100)
    whole = whole[:8] + little(chunk, 4) + little(method, 4) + whole[16:]
    assert gaps(wim.unpack(Reader.of(solid(whole, files=(b"z" * 100,))))) == [reason]


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
@pytest.mark.parametrize(
    "method", ["none", "XPRESS", "LZX", "LZX:100", "LZMS", "LZMS:100"]
)
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
    solid_image = tmp_path / "out.esd"
    command[3:] = [str(solid_image), "--solid"]
    if method != "none":
        command += [f"--solid-compress={method}", "--solid-chunk-size=32K"]
    subprocess.run(command, check=True, timeout=60, capture_output=True)
    found = dict(named(wim.unpack(Reader.of(solid_image.read_bytes()))))
    assert files.items() <= found.items()
    assert b"trailing" not in found
    if method != "none":
        packed = bytearray(out.read_bytes())
        packed[300:304] = b"junk"
        collect(wim.unpack(Reader.of(bytes(packed))))
