"""Behaviour of the reader of CD images."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import iso

TOOL = shutil.which("genisoimage")
S = iso.SECTOR
ROOT = 20  # sector of the root folder
File = tuple[bytes, int, int, int]  # name, sector, size, flags


def record(name: bytes, sector: int, size: int, flags: int = 0) -> bytes:
    both = sector.to_bytes(4, "little") + sector.to_bytes(4, "big")
    both += size.to_bytes(4, "little") + size.to_bytes(4, "big")
    data = b"\0" + both + bytes(7) + bytes((flags, 0, 0)) + bytes(4)
    data += bytes((len(name),)) + name
    data += b"\0" * (~len(data) & 1)
    return bytes((len(data) + 1,)) + data


def descriptor(kind: int, root: int = ROOT) -> bytes:
    data = bytes((kind,)) + b"CD001\1" + bytes(81)
    data += (b"%/E" if kind == iso.SUPPLEMENTARY else b"").ljust(40, b"\0")
    data += S.to_bytes(2, "little") + bytes(26)
    return (data + record(b"\0", root, S, 2)).ljust(S, b"\0")


def image(sectors: dict[int, bytes], *kinds: bytes) -> bytes:
    kinds = kinds or (descriptor(iso.PRIMARY),)
    placed = {**dict(enumerate(kinds, iso.FIRST)), **sectors}
    count = max(at + len(data) // S + 1 for at, data in placed.items())
    data = bytearray(count * S)
    for at, content in placed.items():
        data[at * S : at * S + len(content)] = content
    return bytes(data)


def folder(*files: File) -> bytes:
    own = record(b"\0", ROOT, S, 2) + record(b"\1", ROOT, S, 2)
    return own + b"".join(record(*each) for each in files)


def test_what_is_behind_the_volume_is_a_part() -> None:
    root = folder((b"A.TXT;1", 22, 5, 0))
    volume = bytearray(descriptor(iso.PRIMARY))
    volume[80:84] = (23).to_bytes(4, "little")
    whole = image({ROOT: root, 22: b"first"}, bytes(volume))[: 23 * S]
    for behind, expected in ((b"", []), (bytes(9999), []), (b"\0more", [b"\0more"])):
        found = contents(iso.unpack(Reader.of(whole + behind)))
        assert found == [b"first", *expected]


def test_files_come_back_from_all_folders() -> None:
    inner = folder((b"B.TXT;1", 23, 6, 0))
    root = folder((b"A.TXT;1", 22, 5, 0), (b"DIR", 21, S, 2))
    data = image({ROOT: root, 21: inner, 22: b"first", 23: b"second"})
    found = named(iso.unpack(Reader.of(data)))
    assert found == [(b"A.TXT", b"first"), (b"DIR/B.TXT", b"second")]


def test_what_only_one_of_two_views_shows_is_found() -> None:
    wide = "b.txt".encode("utf-16-be")
    sectors = {
        ROOT: folder((b"A.TXT;1", 22, 5, 0)),
        21: folder(("a.txt".encode("utf-16-be"), 22, 5, 0), (wide, 23, 6, 0)),
        22: b"first",
        23: b"second",
    }
    views = descriptor(iso.PRIMARY), descriptor(iso.SUPPLEMENTARY, 21)
    found = named(iso.unpack(Reader.of(image(sectors, *views))))
    assert found == [(b"A.TXT", b"first"), (b"b.txt", b"second")]


def test_a_file_in_several_extents_is_one_part() -> None:
    root = folder((b"A;1", 22, S, iso.MORE), (b"A;1", 24, 6, 0))
    data = image({ROOT: root, 22: b"x" * S, 24: b"second"})
    assert contents(iso.unpack(Reader.of(data))) == [b"x" * S + b"second"]


def test_a_folder_that_holds_itself_is_read_once() -> None:
    root = folder((b"LOOP", ROOT, S, 2), (b"A;1", 22, 5, 0))
    data = image({ROOT: root, 22: b"first"})
    assert contents(iso.unpack(Reader.of(data))) == [b"first"]


def test_a_file_behind_the_end_is_truncated_and_the_next_is_read() -> None:
    root = folder((b"A;1", 22, 9 * S, 0), (b"B;1", 21, 5, 0))
    data = image({ROOT: root, 21: b"other", 22: b"first"})
    parts: list[bytes] = []
    with pytest.raises(Truncated):  # noqa: PT012 - what came before counts
        for item in iso.unpack(Reader.of(data)):
            parts += contents([item])
    assert [len(part) for part in parts] == [S, 5]


def test_a_compressed_file_is_a_gap() -> None:
    data = image({ROOT: folder((b"A;1", 22, 20, 0)), 22: iso.ZISOFS})
    assert gaps(iso.unpack(Reader.of(data))) == [Reason.UNSUPPORTED]


def test_udf_beside_it_that_cannot_be_read_is_said() -> None:
    data = image({ROOT: folder(), 18: b"\0NSR03\1"})
    with pytest.raises(Truncated, match="anchor of UDF"):
        gaps(iso.unpack(Reader.of(data)))


def test_an_image_to_boot_from_is_a_part() -> None:
    boot = b"\0CD001\1EL TORITO SPECIFICATION".ljust(71, b"\0") + b"\x15\0\0\0"
    catalog = bytes(32) + b"\x88\0\0\0\0\0\1\0" + (22).to_bytes(4, "little")
    sectors = {ROOT: folder(), 21: catalog, 22: b"loader".ljust(512, b".")}
    data = image(sectors, descriptor(iso.PRIMARY), boot.ljust(S, b"\0"))
    assert named(iso.unpack(Reader.of(data))) == [(b"boot", sectors[22])]


@pytest.mark.skipif(TOOL is None, reason="needs genisoimage")
@pytest.mark.parametrize("options", [[], ["-R"], ["-J"], ["-R", "-J"]])
def test_what_genisoimage_writes_is_read(options: list[str], tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "folder").mkdir(parents=True)
    (tree / "folder" / "a long name.text").write_bytes(b"content")
    (tree / "b.txt").write_bytes(b"other" * 1000)
    (tree / "link").symlink_to("b.txt")
    out = tmp_path / "image"
    command = ["genisoimage", "-quiet", *options, "-o", str(out), str(tree)]
    subprocess.run(command, check=True, capture_output=True)
    found = named(iso.unpack(Reader.of(out.read_bytes())))
    assert sorted(content for _, content in found) == [b"content", b"other" * 1000]
    if "-R" in options:
        assert b"folder/a long name.text" in dict(found)


@settings(max_examples=60)
@given(st.data())
def test_damage_anywhere_gives_parts_or_an_error(draw: st.DataObject) -> None:
    inner = folder((b"B.TXT;1", 23, 6, 0))
    root = folder((b"A.TXT;1", 22, 5, 0), (b"DIR", 21, S, 2))
    data = bytearray(image({ROOT: root, 21: inner, 22: b"first", 23: b"second"}))
    for place in draw.draw(
        st.lists(
            st.integers(16 * S, 16 * S + 190) | st.integers(ROOT * S, ROOT * S + 200),
            min_size=1,
            max_size=4,
        )
    ):
        data[place] ^= draw.draw(st.integers(1, 255))
    collect(iso.unpack(Reader.of(bytes(data))))


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    data = bytes(16 * S) + b"\1CD001\1" + data.ljust(S, b"\1") + data
    try:
        contents(iso.unpack(Reader.of(data)))
    except Malformed as error:
        assert 0 <= error.offset <= len(data)
