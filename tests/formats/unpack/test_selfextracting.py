"""Behaviour of self-extracting programs and scripts."""

import gzip
import lzma
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.carriers import ALONE, PROGRAMS, elf, hostile, windows
from support.parts import contents

from clearward.core.reader import Reader
from clearward.formats.unpack import selfextracting


def arj() -> bytes:
    header = b"\x22\x0b\1\2\0\0\2" + bytes(27) + b"a.arj\0\0"
    checksum = struct.pack("<I", zlib.crc32(header))
    return b"\x60\xea" + struct.pack("<H", len(header)) + header + checksum + bytes(4)


STREAMS = {
    "gzip": gzip.compress(b"tar"),
    "xz": lzma.compress(b"tar"),
    "zstd": b"\x28\xb5\x2f\xfd" + bytes(20),
    "squashfs": b"hsqs" + bytes(96),
}
ARCHIVES = {"arj": arj(), "ace": b"\x12\x34\x31\0\0\0\x90**ACE**" + bytes(30)}
ANY_PROGRAM = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)


def opened(data: bytes) -> list[bytes]:
    reader = Reader.of(data)
    found = contents(selfextracting.unpack(reader))
    assert selfextracting.recognises(data[: 64 * 1024], reader) == bool(found)
    return found


@ANY_PROGRAM
@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
def test_a_stream_right_behind_a_program_is_opened(
    program: bytes, stream: bytes
) -> None:
    assert opened(program + stream) == [stream]
    assert opened(program + b"x" + stream) == []


@ANY_PROGRAM
@pytest.mark.parametrize("archive", ARCHIVES.values(), ids=ARCHIVES)
def test_an_archive_anywhere_behind_a_program_is_opened(
    program: bytes, archive: bytes
) -> None:
    assert opened(program + archive) == [archive]
    assert opened(program + bytes(777) + archive) == [archive]


@ANY_PROGRAM
def test_a_program_alone_carries_nothing(program: bytes) -> None:
    assert opened(program) == []
    assert opened(program + b"a signature" * 100) == []


def test_an_archive_among_the_resources_is_opened() -> None:
    data = ((0x1000, b"code" * 100), (0x2000, bytes(100) + arj()))
    assert opened(windows(*data)) == []
    assert opened(windows(*data, resources=0x2000)) == [arj()]


def test_an_appimage_is_opened() -> None:
    program = bytearray(elf())
    program[8:11] = b"AI\x02"
    assert opened(bytes(program) + STREAMS["squashfs"]) == [STREAMS["squashfs"]]


@pytest.mark.parametrize("name", ["gzip", "xz", "zstd"])
def test_a_stream_behind_a_script_is_opened(name: str) -> None:
    stream = STREAMS[name]
    assert opened(b"#!/bin/sh\ntail -n +3 $0\n" + stream + b"\xff") == [
        stream + b"\xff"
    ]


@pytest.mark.parametrize("behind", ALONE.values(), ids=ALONE)
def test_a_script_without_one_carries_nothing(behind: bytes) -> None:
    assert opened(b"#!/bin/sh\nexit\n" + behind) == []


@given(st.sampled_from(sorted(PROGRAMS)), st.binary(max_size=400), st.integers(0, 300))
def test_arbitrary_bytes_in_a_program_raise_nothing(
    name: str, data: bytes, place: int
) -> None:
    for program in hostile(PROGRAMS[name], data, place):
        contents(selfextracting.unpack(Reader.of(program)))
