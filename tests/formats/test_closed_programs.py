"""Behaviour of the search for archives that programs carry."""

import base64
import gzip
import lzma
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reader import Reader
from clearward.formats.closed import ENTRIES
from clearward.formats.closed_programs import CHECKS, SEARCHED

HEAD = 64 * 1024
ROWS = {
    each.format.name: each
    for each in ENTRIES
    if each.signature.check in set(CHECKS.values())
}


def recognised(data: bytes) -> list[str]:
    reader = Reader.of(data)
    return [
        name
        for name, each in ROWS.items()
        if each.format.recognises(data[:HEAD], reader)
    ]


def windows(
    *sections: tuple[int, bytes], wide: bool = False, resources: int = 0
) -> bytes:
    """A PE program of sections, each with the address it is mapped at."""
    size = 240 if wide else 224
    directories = bytes(16) + struct.pack("<II", resources, 16)
    magic = struct.pack("<H", 0x20B if wide else 0x10B)
    optional = (magic.ljust(112 if wide else 96, b"\0") + directories).ljust(
        size, b"\0"
    )
    header = struct.pack(
        "<4sHHIIIHH", b"PE\0\0", 0x14C, len(sections), 0, 0, 0, size, 2
    )
    table, content = b"", b""
    start = 0x400
    for address, data in sections:
        table += struct.pack("<8sIIII16x", b".x", len(data), address, len(data), start)
        content += data
        start += len(data)
    front = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64) + header + optional + table
    return front.ljust(0x400, b"\0") + content


def dos(image: int = 600) -> bytes:
    """An MS-DOS program of a given size."""
    sizes = struct.pack("<HH", image % 512, -(-image // 512))
    return (b"MZ" + sizes).ljust(60, b"\0").ljust(image, b"\x90")


def elf(*, wide: bool = True, order: str = "<", sections: int = 0) -> bytes:
    """An ELF program of one segment, and of section headers behind it."""
    word = "Q" if wide else "I"
    start, entry = (64, 56) if wide else (52, 32)
    end = start + entry + 100
    identity = b"\x7fELF" + bytes([2 if wide else 1, 1 if order == "<" else 2, 1])
    header = struct.pack(
        f"{order}HHI{word}{word}{word}IHHHHHH",
        2, 62, 1, 0, start, end if sections else 0, 0, start, entry, 1, 40, sections, 0,
    )  # fmt: skip
    if wide:
        segment = struct.pack(f"{order}IIQQQQQQ", 1, 5, 0, 0, 0, end, end, 4096)
    else:
        segment = struct.pack(f"{order}IIIIIIII", 1, 0, 0, 0, end, end, 5, 4096)
    program = identity.ljust(16, b"\0") + header + segment
    return program.ljust(end, b"\x90") + b"\x01" * (40 * sections)


def seven() -> bytes:
    start = struct.pack("<QQI", 10, 20, 0)
    checksum = struct.pack("<I", zlib.crc32(start))
    return b"7z\xbc\xaf\x27\x1c\0\4" + checksum + start + bytes(30)


def arj() -> bytes:
    header = b"\x22\x0b\1\2\0\0\2" + bytes(27) + b"a.arj\0\0"
    checksum = struct.pack("<I", zlib.crc32(header))
    return b"\x60\xea" + struct.pack("<H", len(header)) + header + checksum + bytes(4)


RAR4 = b"Rar!\x1a\7\0" + b"\xcf\x90\x73\0\0\x0d\0" + bytes(30)
RAR5 = b"Rar!\x1a\7\1\0" + b"\x33\x92\xb5\xe5" + b"\x0a\1\5\6\0\5\1\1" + bytes(30)
CABINET = b"MSCF\0\0\0\0" + struct.pack("<IIIIBB", 90, 0, 44, 0, 3, 1) + bytes(60)
NSIS = bytes(4) + b"\xef\xbe\xad\xdeNullsoftInst" + bytes(40)
AUTOIT = b"\xa3\x48\x4b\xbe\x98\x6c\x4a\xa9\x99\x4c\x53\x0a\x86\xd6\x48\x7dAU3!EA06"

ARCHIVES = {
    "rar 4": RAR4,
    "rar 5": RAR5,
    "7z": seven(),
    "cab": CABINET,
    "arj": arj(),
    "ace": b"\x12\x34\x31\0\0\0\x90**ACE**" + bytes(30),
    "msi": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "nsis": NSIS,
    "inno": b"Inno Setup Setup Data (6.2.0)".ljust(64, b"\0"),
    "inno data": b"idska32\x1a" + bytes(30),
    "installshield stream": b"ISSetupStream\0" + bytes(30),
    "installshield": b"InstallShield\0" + struct.pack("<I", 5) + bytes(30),
    "autoit": AUTOIT + bytes(30),
    "pyinstaller": b"x" * 99 + b"MEI\x0c\x0b\x0a\x0b\x0e" + bytes(80),
}
STREAMS = {
    "gzip": gzip.compress(b"tar"),
    "xz": lzma.compress(b"tar"),
    "zstd": b"\x28\xb5\x2f\xfd" + bytes(20),
}
PROGRAMS = {
    "pe": windows((0x1000, bytes(512))),
    "pe32+": windows((0x1000, bytes(512)), (0x2000, bytes(512)), wide=True),
    "dos": dos(),
    "elf": elf(),
    "elf with sections": elf(sections=3),
    "elf of 32 bits, big-endian": elf(wide=False, order=">"),
}
ANY_PROGRAM = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)


@ANY_PROGRAM
@pytest.mark.parametrize("archive", ARCHIVES.values(), ids=ARCHIVES)
def test_an_archive_behind_a_program_is_found(program: bytes, archive: bytes) -> None:
    assert recognised(program + archive) == ["selfextracting"]
    assert recognised(program + bytes(777) + archive) == ["selfextracting"]


@ANY_PROGRAM
@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
def test_a_compressed_stream_is_found_right_behind_a_program(
    program: bytes, stream: bytes
) -> None:
    assert recognised(program + stream) == ["selfextracting"]
    assert recognised(program + b"x" + stream) == []


@ANY_PROGRAM
def test_a_program_alone_carries_nothing(program: bytes) -> None:
    assert recognised(program) == []
    assert recognised(program + b"a signature" * 100) == []


@pytest.mark.parametrize(
    "behind",
    [
        pytest.param(b"Rar!\x1a\7\0" + bytes(30), id="rar magic without a header"),
        pytest.param(b"Rar!\x1a\7\1", id="rar cut short"),
        pytest.param(seven()[:20] + b"\xff" + seven()[21:], id="7z, wrong checksum"),
        pytest.param(seven()[:20], id="7z cut short"),
        pytest.param(b"MSCF\0\0\0\0" + bytes(40), id="cab of no version"),
        pytest.param(arj()[:-6] + bytes(6), id="arj, wrong checksum"),
        pytest.param(b"\x60\xea\0\0" + bytes(9), id="arj end"),
        pytest.param(b"\x60\xea\1", id="arj cut short"),
        pytest.param(b"InstallShield\0 is a word", id="installshield, a word"),
    ],
)
def test_a_magic_alone_is_not_enough(behind: bytes) -> None:
    assert recognised(PROGRAMS["pe"] + behind) == []


def test_false_magics_do_not_hide_a_true_one() -> None:
    false = b"Rar!\x1a\7\0" + bytes(30)
    assert recognised(PROGRAMS["pe"] + false * 900) == []
    assert recognised(PROGRAMS["pe"] + false * 900 + RAR4) == ["selfextracting"]


def test_a_flood_of_false_magics_is_not_looked_through() -> None:
    assert recognised(PROGRAMS["pe"] + b"\x60\xea" * 2000) == ["selfextracting"]


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize(
    "archive", [CABINET, RAR5, AUTOIT], ids=["cab", "rar", "autoit"]
)
def test_an_archive_among_the_resources_is_found(archive: bytes, wide: bool) -> None:  # noqa: FBT001
    data = bytes(100) + archive
    sections = ((0x1000, b"code" * 100), (0x2000, data), (0x3000, b"more" * 100))
    assert recognised(windows(*sections, wide=wide)) == []
    found = recognised(windows(*sections, wide=wide, resources=0x2000))
    assert found == ["selfextracting"]


def test_a_magic_in_code_is_no_archive() -> None:
    assert recognised(windows((0x1000, RAR4 + CABINET + NSIS))) == []


def test_a_program_that_is_cut_short_or_lies_about_its_header_raises_nothing() -> None:
    whole = PROGRAMS["pe32+"] + RAR5
    for size in range(0, len(whole), 7):
        recognised(whole[:size])
    for place in (0, 2, 0x7FFFFFFF, 0xFFFFFFFF):
        recognised(whole[:60] + struct.pack("<I", place) + whole[64:])


def test_an_elf_program_of_an_unknown_class_or_order_is_passed_over() -> None:
    for place in (4, 5):
        program = bytearray(elf() + RAR5)
        program[place] = 7
        assert recognised(bytes(program)) == []
    assert recognised(elf()[:40]) == []


def test_segments_of_an_unknown_size_are_passed_over() -> None:
    program = bytearray(elf() + RAR5)
    program[54] = 57
    assert recognised(bytes(program)) == ["selfextracting"]


def test_only_the_start_of_an_overlay_is_searched() -> None:
    far = bytes(SEARCHED) + RAR5
    assert recognised(PROGRAMS["pe"] + far) == []
    assert recognised(PROGRAMS["pe"] + far[len(RAR5) :]) == ["selfextracting"]


@pytest.mark.parametrize("kind", [b"AI\x01", b"AI\x02"])
def test_an_appimage_is_known_by_its_mark(kind: bytes) -> None:
    program = bytearray(elf())
    program[8:11] = kind
    assert recognised(bytes(program)) == ["appimage"]
    program[10] = 3
    assert recognised(bytes(program)) == []


@pytest.mark.parametrize(
    "behind",
    [
        pytest.param(gzip.compress(b"tar"), id="gzip"),
        pytest.param(lzma.compress(b"tar"), id="xz"),
        pytest.param(base64.b64encode(gzip.compress(b"tar", mtime=0)), id="base64"),
        pytest.param(b"Salted__" + bytes(range(128, 150)), id="encrypted"),
        pytest.param(b"# generated using Makeself 2.4.5\n", id="makeself"),
    ],
)
def test_an_archive_behind_a_script_is_found(behind: bytes) -> None:
    assert recognised(b"#!/bin/sh\nexit\n" + behind) == ["shellarchive"]


@pytest.mark.parametrize(
    "behind",
    [
        pytest.param(b"echo BZh, H4sI and 7z\n", id="words"),
        pytest.param("echo \u00fc\n".encode(), id="letters of other languages"),
        pytest.param(b"\xff" * 100 + gzip.compress(b"tar"), id="not at a line's start"),
    ],
)
def test_a_script_without_one_carries_nothing(behind: bytes) -> None:
    assert recognised(b"#!/bin/sh\nexit\n" + behind) == []


@given(st.sampled_from(sorted(PROGRAMS)), st.binary(max_size=400), st.integers(0, 300))
def test_arbitrary_bytes_in_a_program_raise_nothing(
    name: str, data: bytes, place: int
) -> None:
    program = PROGRAMS[name]
    recognised(program[:2] + data)
    recognised(program[:4] + data)
    recognised(program[:place] + data + program[place + len(data) :])
