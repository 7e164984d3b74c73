"""Behaviour of the NTFS reader."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.ntfs import (
    CLUSTER,
    DATA,
    FIRST,
    RECORD,
    TABLE,
    Volume,
    apart,
    attribute,
    record,
    run,
    title,
)
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import ntfs

LONG = b"".join(b"%d, " % (n * n) for n in range(900))
COMPRESSED, ENCRYPTED, FOLDER = 1, 0x4000, 3


def made() -> Volume:
    """A file in its record, one in two runs, a folder with a file, a stream."""
    volume = Volume()
    first = volume.put(LONG[: 2 * CLUSTER])
    volume.put(b"between")
    second = volume.put(LONG[2 * CLUSTER :])
    clusters = -(-(len(LONG) - 2 * CLUSTER) // CLUSTER)
    rows = run(2, first) + run(clusters, second - first)
    volume.records = {
        20: record(title("A~1", space=2), title("a.txt"), attribute(DATA, b"first")),
        21: record(title("long"), apart(rows, len(LONG))),
        22: record(title("sub"), flags=FOLDER),
        23: record(
            title("in it", 22),
            attribute(DATA, b"inside"),
            attribute(DATA, b"hidden", name="stream"),
        ),
        24: record(title("gone"), attribute(DATA, b"deleted"), flags=0),
    }
    return volume


WHOLE = [
    (b"a.txt", b"first"),
    (b"long", LONG),
    (b"sub/in it", b"inside"),
    (b"sub/in it:stream", b"hidden"),
]


def test_files_and_streams_come_back_with_their_ways() -> None:
    assert named(ntfs.unpack(Reader.of(made().image()))) == WHOLE


def test_bytes_where_fix_ups_are_come_back() -> None:
    volume = Volume()
    body = bytes(range(256)) * 3
    volume.records[20] = record(title("x"), attribute(DATA, body))
    assert named(ntfs.unpack(Reader.of(volume.image()))) == [(b"x", body)]


def test_a_file_in_several_records_is_one() -> None:
    volume = Volume()
    place = volume.put(LONG)
    clusters = -(-len(LONG) // CLUSTER)
    front = apart(run(3, place), len(LONG))
    behind = apart(run(clusters - 3, place + 3), 0, first=3)
    volume.records[20] = record(behind, base=21)
    volume.records[21] = record(title("x"), front)
    assert named(ntfs.unpack(Reader.of(volume.image()))) == [(b"x", LONG)]


def test_holes_are_zeros() -> None:
    volume = Volume()
    place = volume.put(b"end")
    rows = run(4, None) + run(1, place)
    volume.records[20] = record(title("x"), apart(rows, 4 * CLUSTER + 3))
    found = named(ntfs.unpack(Reader.of(volume.image())))
    assert found == [(b"x", bytes(4 * CLUSTER) + b"end")]


def test_compressed_units_are_unpacked_and_others_are_as_they_stand() -> None:
    volume = Volume()
    unit = 16 * CLUSTER
    # A chunk of a byte and a match of 4095 of it, and one of the same again.
    chunk = b"\x03\xb0" + b"\x02a" + b"\xfc\x0f"
    packed = volume.put(chunk + chunk)
    plain = volume.put(LONG[:unit].ljust(unit, b"."))
    rows = run(1, packed) + run(15, None) + run(16, plain - packed)
    size = 2 * unit - 100
    compressed = apart(rows, size, flags=COMPRESSED, unit=4)
    volume.records[20] = record(title("x"), compressed)
    ((_, found),) = named(ntfs.unpack(Reader.of(volume.image())))
    assert found[:4096] == b"a" * 4096
    assert found[unit:] == LONG[:unit].ljust(unit, b".")[: unit - 100]


def test_what_is_encrypted_or_packed_by_windows_is_said() -> None:
    volume = Volume()
    place = volume.put(b"secret")
    locked = apart(run(1, place), 6, flags=ENCRYPTED)
    packed = attribute(DATA, b"packed", name="WofCompressedData")
    volume.records = {
        20: record(title("x"), locked),
        21: record(title("y"), packed),
    }
    found = gaps(ntfs.unpack(Reader.of(volume.image())))
    assert found == [Reason.ENCRYPTED, Reason.UNSUPPORTED]


def test_a_volume_that_ends_early_gives_what_there_is() -> None:
    image = made().image()
    parts, _, error = collect(ntfs.unpack(Reader.of(image[: FIRST * CLUSTER + 600])))
    assert b"first" in parts
    assert error == "clusters"
    with pytest.raises(Truncated):
        contents(ntfs.unpack(Reader.of(image[: TABLE * CLUSTER])))


def test_what_is_no_ntfs_is_unsupported_and_sizes_that_cannot_be_are_corrupt() -> None:
    assert gaps(ntfs.unpack(Reader.of(b"\xebv\x90OTHER   " + bytes(600)))) == [
        Reason.UNSUPPORTED
    ]
    image = made().image()
    with pytest.raises(Malformed):
        contents(ntfs.unpack(Reader.of(image[:13] + b"\x90" + image[14:])))


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 60_000), st.binary(min_size=1, max_size=8))
def test_damage_is_no_trouble(place: int, junk: bytes) -> None:
    front = (TABLE * CLUSTER, TABLE * CLUSTER + 20 * RECORD)[place % 2]
    place = (front + place % (5 * RECORD)) if place % 3 else place % 80
    image = IMAGE[:place] + junk + IMAGE[place + len(junk) :]
    collect(ntfs.unpack(Reader.of(image)))


IMAGE = made().image()


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_arbitrary_bytes_behind_the_magic_are_no_trouble(data: bytes) -> None:
    collect(ntfs.unpack(Reader.of(b"\xebR\x90NTFS    " + data)))


@pytest.mark.skipif(
    shutil.which("mkntfs") is None or shutil.which("ntfscp") is None,
    reason="mkntfs and ntfscp are not installed",
)
def test_what_ntfs_tools_write_comes_back(tmp_path: Path) -> None:
    image, source = tmp_path / "image", tmp_path / "source"
    image.write_bytes(bytes(8 << 20))
    source.write_bytes(LONG * 90)
    for command in (
        ["mkntfs", "-q", "-F", "-f", str(image)],
        ["ntfscp", "-q", str(image), str(source), "copied"],
    ):
        subprocess.run(command, check=True, capture_output=True, timeout=60)
    found = dict(named(ntfs.unpack(Reader.of(image.read_bytes()))))
    assert found[b"copied"] == LONG * 90
