"""Behaviour of the reader of InstallShield's cabinets."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.installshield import (
    NEW_VERSION,
    OLD_VERSION,
    WIDE_VERSION,
    File,
    cabinet,
    one_stream,
)
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.installers import shield

VERSIONS = pytest.mark.parametrize("version", [OLD_VERSION, NEW_VERSION, WIDE_VERSION])
FILES = (
    File("one.txt", b"some content " * 5000),
    File("plain.bin", b"plain", flags=0),
    File("covered.exe", b"MZ covered " * 900, flags=6),
)
EXPECTED = [(file.name.encode(), file.data) for file in FILES]


def opened(header: bytes, *volumes: bytes) -> list[tuple[bytes, bytes]]:
    readers = {number: Reader.of(data) for number, data in enumerate(volumes, 1)}
    return named(shield.files(Reader.of(header), readers))


@VERSIONS
def test_the_files_of_a_set_come_back(version: int) -> None:
    assert opened(*cabinet(*FILES, version=version)) == EXPECTED


def test_a_cabinet_with_its_own_description_is_opened_alone() -> None:
    header, volume = cabinet(*FILES)
    described = header[512:]
    place = len(volume).to_bytes(4, "little")
    whole = volume[:12] + place + header[16:20] + volume[20:] + described
    assert named(shield.unpack(Reader.of(whole))) == EXPECTED


def test_a_header_or_a_cabinet_of_a_set_says_that_the_rest_is_missing() -> None:
    header, volume = cabinet(*FILES)
    assert gaps(shield.unpack(Reader.of(header))) == [Reason.TRUNCATED]
    assert gaps(shield.unpack(Reader.of(volume))) == [Reason.TRUNCATED]


def test_what_begins_otherwise_is_said() -> None:
    assert gaps(shield.unpack(Reader.of(bytes(100)))) == [Reason.UNSUPPORTED]


def test_older_ones_pack_a_file_as_one_stream() -> None:
    data = b"some content " * 5000
    header, volume = cabinet(File("x", one_stream(data), flags=0), version=OLD_VERSION)
    place = header.index(b"x\0", 512) - 0x3A
    header = header[: place + 8] + b"\4" + header[place + 9 :]
    assert opened(header, volume) == [(b"x", data)]


def test_a_file_that_goes_on_in_the_next_cabinet_is_whole() -> None:
    file = File("one.bin", bytes(range(256)) * 40, flags=1)
    header, volume = cabinet(file)
    cut = 512 + 3000
    last = b"".join(number.to_bytes(8, "little") for number in (512, 3000, 3000))
    first = volume[: 20 + 20 + 24] + last + volume[20 + 20 + 48 :]
    second_front = b"".join(n.to_bytes(8, "little") for n in (200, 7240, 7240))
    second = volume[: 20 + 20] + second_front + bytes(24)
    second = second.ljust(200, b"\0") + volume[cut:]
    assert opened(header, first[:cut], second) == [(b"one.bin", file.data)]
    readers = {1: Reader.of(first[:cut])}
    parts, found, _ = collect(shield.files(Reader.of(header), readers))
    assert parts == [file.data[:3000]]
    assert found == [Reason.TRUNCATED]


def test_links_invalid_files_and_files_beside_the_cabinet_are_passed_over() -> None:
    files = (
        replace(FILES[0], linked=True),
        replace(FILES[0], flags=12),
        FILES[1],
    )
    header, volume = cabinet(*files)
    assert opened(header, volume) == [EXPECTED[1]]
    header, volume = cabinet(FILES[1])
    assert opened(header, volume[:512]) == []


def test_a_damaged_block_is_said_behind_what_came_before() -> None:
    header, volume = cabinet(FILES[0])
    volume = volume[:-30] + b"\xff" * 30
    parts = list(shield.files(Reader.of(header), {1: Reader.of(volume)}))
    with pytest.raises(Malformed):
        contents(parts)


def test_a_description_that_is_cut_short_is_truncated() -> None:
    header, volume = cabinet(*FILES)
    for size in (530, 600):
        with pytest.raises(Truncated):
            opened(header[:size], volume)
    with pytest.raises(Truncated):
        list(shield.unpack(Reader.of(header[:10])))


@given(st.sampled_from([OLD_VERSION, NEW_VERSION]), st.integers(0), st.binary())
def test_damage_anywhere_gives_parts_or_an_error(
    version: int, place: int, noise: bytes
) -> None:
    header, volume = cabinet(*FILES[1:], version=version)
    data = bytearray(header)
    place %= len(data)
    data[place : place + len(noise)] = noise
    with suppress(Malformed):
        collect(shield.unpack(Reader.of(bytes(data))))
    with suppress(Malformed):
        readers = {1: Reader.of(volume)}
        collect(shield.files(Reader.of(b"ISc(" + bytes(data)[4:]), readers))


@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    for front in (b"ISc(", b"ISc(\0\x95\0\1" + bytes(4) + b"\x20\0\0\0\xff\0\0\0"):
        with suppress(Malformed):
            collect(shield.unpack(Reader.of(front + data)))
