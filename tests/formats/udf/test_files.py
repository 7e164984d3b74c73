"""Behaviour of the UDF reader."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import collect, named
from support.udf import BLOCK, EMBEDDED, LONG, ROOT, SHORT, START, Volume, little

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.udf import files
from clearward.formats.unpack import iso

CONTENT = b"content of a file, " * 300
PARENT, DELETED, FOLDER = 8, 4, 2


def made(
    *, form: int = SHORT, extended: bool = False, metadata: bool = False
) -> Volume:
    """A volume with a file, a folder and a file in it."""
    volume = Volume(metadata=metadata)
    first = volume.entry(5, CONTENT, form=LONG if form == LONG else SHORT)
    inside = volume.entry(5, b"small", form=EMBEDDED, extended=extended)
    if metadata:  # contents lie in the partition of contents
        first = volume.described(5, len(CONTENT), _long(volume, CONTENT), form=LONG)
    at_first = volume.put(first, inner=True)
    at_inside = volume.put(inside, inner=True)
    names = volume.name("", ROOT, PARENT) + volume.name("b \N{SNOWMAN}", at_inside)
    folder = volume.put(volume.entry(4, names, form=EMBEDDED), inner=True)
    names = volume.name("a.txt", at_first) + volume.name("gone", 999, DELETED)
    names += volume.name("sub", folder, FOLDER) + volume.name("loop", ROOT, FOLDER)
    volume.at(ROOT, volume.entry(4, names, form=form, extended=extended), inner=True)
    return volume


def _long(volume: Volume, content: bytes) -> bytes:
    block = volume.put(content)
    return little(len(content), 4) + little(block, 4) + bytes(8)


WHOLE = {(b"a.txt", CONTENT), ("sub/b \N{SNOWMAN}".encode(), b"small")}


@pytest.mark.parametrize("extended", [False, True])
@pytest.mark.parametrize("form", [SHORT, LONG, EMBEDDED])
def test_files_come_back_with_their_ways(form: int, *, extended: bool) -> None:
    image = made(form=form, extended=extended).image()
    assert set(named(files.unpack(Reader.of(image)))) == WHOLE
    assert set(named(iso.unpack(Reader.of(image)))) == WHOLE


def test_a_metadata_partition_is_read() -> None:
    image = made(form=EMBEDDED, metadata=True).image()
    assert set(named(files.unpack(Reader.of(image)))) == WHOLE


def test_a_volume_of_which_the_first_descriptors_are_damaged() -> None:
    image = bytearray(made().image())
    again = bytes(image[257 * BLOCK : 260 * BLOCK])
    image[257 * BLOCK : 258 * BLOCK] = bytes(BLOCK)
    image[256 * BLOCK + 24 : 256 * BLOCK + 32] = little(3 * BLOCK, 4) + little(290, 4)
    image[290 * BLOCK : 293 * BLOCK] = again
    assert set(named(files.unpack(Reader.of(bytes(image))))) == WHOLE


def volume_of(entry: bytes, volume: Volume) -> bytes:
    block = volume.put(entry)
    names = volume.name("x", block)
    volume.at(ROOT, volume.entry(4, names, form=EMBEDDED))
    return volume.image()


def test_holes_are_zeros_and_lists_go_on() -> None:
    volume = Volume()
    more = volume.put(b"")
    data = volume.put(b"end")
    behind = little(258, 2) + bytes(18) + little(8, 4) + little(3, 4) + little(data, 4)
    volume.at(more, behind)
    rows = little(2 << 30 | 5000, 4) + bytes(4)
    rows += little(3 << 30 | BLOCK, 4) + little(more, 4)
    image = volume_of(volume.described(5, 5003, rows), volume)
    assert named(files.unpack(Reader.of(image))) == [(b"x", bytes(5000) + b"end")]


def test_lists_that_go_round_are_corrupt() -> None:
    volume = Volume()
    more = volume.put(b"")
    row = little(3 << 30 | BLOCK, 4) + little(more, 4)
    volume.at(more, little(258, 2) + bytes(18) + little(8, 4) + row)
    image = volume_of(volume.described(5, 10, row), volume)
    parts, gaps, error = collect(files.unpack(Reader.of(image)))
    assert (parts, gaps) == ([], [Reason.CORRUPT])
    assert "go round" in error


def test_an_entry_of_a_strategy_of_old_is_said() -> None:
    volume = Volume()
    entry = bytearray(volume.described(5, 10, b""))
    entry[20:22] = little(4096, 2)
    image = volume_of(bytes(entry), volume)
    assert collect(files.unpack(Reader.of(image)))[1] == [Reason.CORRUPT]


def test_an_image_that_ends_early_gives_what_there_is() -> None:
    image = made(form=EMBEDDED).image()
    short = image[: (START + 4) * BLOCK]
    with pytest.raises(Truncated):
        named(files.unpack(Reader.of(short[: 200 * BLOCK])))
    _, gaps, error = collect(files.unpack(Reader.of(short)))
    assert gaps or error


def test_a_virtual_partition_is_unsupported() -> None:
    image = made(form=EMBEDDED, metadata=True).image()
    image = image.replace(b"*UDF Metadata Partition", b"*UDF Virtual Partition\0")
    with pytest.raises(Malformed) as caught:
        named(files.unpack(Reader.of(image)))
    assert caught.value.reason is Reason.UNSUPPORTED


@settings(deadline=None, max_examples=80)
@given(st.integers(256 * BLOCK, 310 * BLOCK), st.binary(min_size=1, max_size=8))
def test_damage_is_no_trouble(place: int, junk: bytes) -> None:
    image = IMAGE[:place] + junk + IMAGE[place + len(junk) :]
    collect(files.unpack(Reader.of(image)))


IMAGE = made(form=SHORT).image()


@settings(deadline=None, max_examples=80)
@given(st.binary(max_size=600), st.sampled_from([256, 257, 258, START, START + 1]))
def test_arbitrary_bytes_in_a_block_are_no_trouble(data: bytes, block: int) -> None:
    keep = 2 if block != 256 else 16
    place = block * BLOCK + keep
    image = IMAGE[:place] + data + IMAGE[place + len(data) :]
    collect(files.unpack(Reader.of(image)))


@pytest.mark.skipif(
    shutil.which("genisoimage") is None, reason="genisoimage is not installed"
)
def test_what_genisoimage_writes_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / "in/sub"
    folder.mkdir(parents=True)
    (folder / "a b.txt").write_bytes(CONTENT)
    (folder.parent / "c").write_bytes(CONTENT[::-1] * 900)
    out = tmp_path / "out.udf"
    command = ["genisoimage", "-quiet", "-udf", "-o", str(out), str(folder.parent)]
    subprocess.run(command, check=True, timeout=60)
    image = Reader.of(out.read_bytes())
    found = {(b"sub/a b.txt", CONTENT), (b"c", CONTENT[::-1] * 900)}
    assert set(named(files.unpack(image))) == found
    assert len(named(iso.unpack(image))) == 2  # each is yielded once
