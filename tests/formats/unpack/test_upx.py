"""Behaviour of programs of Unix that UPX packed."""

import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import collect, gaps, read
from support.upx import DEFLATE, LZMA, MARK, NRV, PAGE, Headers, Packer, program

from clearward.core.errors import Malformed
from clearward.core.part import Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.identify import HEAD, identify
from clearward.formats.programs import upx as places
from clearward.formats.unpack import upx

NOISE = b"".join(zlib.crc32(n.to_bytes(4)).to_bytes(4) for n in range(900))
MARKER = b"-".join((b"what", b"was", b"packed")) * 30
CODE, DATA = MARKER + NOISE + bytes(3000), MARKER[::-1] + bytes(700)
BEHIND = b"names of sections" * 80
KINDS = {
    "elf64": Headers(),
    "elf32": Headers(wide=False),
    "elf64big": Headers(order=">"),
    "elf32big": Headers(wide=False, order=">"),
    "macho64": Headers(macho=True),
    "macho32": Headers(wide=False, macho=True),
    "macho32big": Headers(wide=False, order=">", macho=True),
}
every_kind = pytest.mark.parametrize("headers", KINDS.values(), ids=KINDS)


def looks(file: bytes) -> bool:
    return places.looks_packed(file[:HEAD], Reader.of(file))


def unpacked(file: bytes) -> bytes:
    (part,) = [it for it in upx.unpack(Reader.of(file)) if isinstance(it, Part)]
    assert part.name == b"unpacked"
    return read(part.content)


def plain(headers: Headers) -> bytes:
    return program(headers, CODE, DATA, behind=BEHIND)


@every_kind
@pytest.mark.parametrize("method", [*NRV, LZMA, DEFLATE])
def test_a_program_comes_back_byte_for_byte(headers: Headers, method: int) -> None:
    file = Packer(headers, method).pack(plain(headers), CODE, DATA)
    assert MARKER not in file
    assert looks(file)
    assert unpacked(file) == plain(headers)


@every_kind
@pytest.mark.parametrize("method", [8, LZMA])
def test_it_comes_back_where_what_unpackers_look_for_is_gone(
    headers: Headers, method: int
) -> None:
    file = Packer(headers, method, hidden=True).pack(plain(headers), CODE, DATA)
    assert MARK not in file
    assert looks(file)
    assert unpacked(file) == plain(headers)


def test_sizes_that_are_wrong_are_not_believed() -> None:
    headers = KINDS["elf64"]
    file = bytearray(Packer(headers).pack(plain(headers), CODE, DATA))
    place = file.index(MARK) + 12
    struct.pack_into("<II", file, place, 0x7FFFFFFF, 0x7FFFFFFF)
    assert unpacked(bytes(file)).startswith(plain(headers)[: PAGE + len(CODE)])


def test_a_segment_may_be_cut_into_blocks() -> None:
    headers = KINDS["elf64"]
    file = Packer(headers, most=1000).pack(plain(headers), CODE, DATA)
    assert unpacked(file) == plain(headers)


def calls(parameter: int) -> tuple[bytes, bytes]:
    """Code of x86, and what the filter 49h makes of it."""
    code, packed = bytearray(b"\x90" * 4000), bytearray(b"\x90" * 4000)
    opcodes = (b"\xe8", b"\xe9", b"\x0f\x84", b"\x0f\x8f")
    for number, place in enumerate(range(100, 3900, 13)):
        opcode = opcodes[number % len(opcodes)]
        target = (place * 7919) % 4000
        start = place + len(opcode)
        distance = struct.pack("<i", target - start)
        address = bytes([parameter]) + target.to_bytes(3, "big")
        code[place : start + 4] = opcode + distance
        packed[place : start + 4] = opcode + address
    return bytes(code), bytes(packed)


@pytest.mark.parametrize("parameter", [0x1A, 0x2E, 0x5D])
def test_calls_of_x86_are_made_distances_again(parameter: int) -> None:
    headers = KINDS["elf64"]
    code, filtered = calls(parameter)
    whole = program(headers, code)
    file = Packer(headers, filter=(0x49, parameter)).pack(whole, filtered)
    assert unpacked(file) == whole


@pytest.mark.parametrize(
    ("filter", "opcode", "bits", "order"),
    [
        (0x50, 0xEB, 24, "little"),
        (0x51, 0xEB, 24, "big"),
        (0x52, 0x94, 26, "little"),
        (0x52, 0x14, 26, "little"),
    ],
)
def test_calls_of_arm_are_made_distances_again(
    filter: int, opcode: int, bits: int, order: str
) -> None:
    headers = KINDS["elf64"]
    code = packed = b""
    for number in range(600):
        distance = number * 31 % 4096 - 2048
        target = distance + number
        for value in (distance, target):
            word = opcode << 24 | value & (1 << bits) - 1
            text = word.to_bytes(4, "big" if order == "big" else "little")
            if value is distance:
                code += text
            else:
                packed += text
    whole = program(headers, code)
    file = Packer(headers, filter=(filter, 0)).pack(whole, packed)
    assert unpacked(file) == whole


def test_a_filter_that_is_not_known_is_a_gap() -> None:
    headers = KINDS["elf64"]
    file = Packer(headers, filter=(0x77, 1)).pack(plain(headers), CODE, DATA)
    assert gaps(upx.unpack(Reader.of(file))) == [Reason.UNSUPPORTED]
    assert MARKER in unpacked(file)


def test_a_block_that_is_too_large_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upx, "LARGEST", 5000)
    headers = KINDS["elf64"]
    file = Packer(headers).pack(plain(headers), CODE, DATA)
    assert gaps(upx.unpack(Reader.of(file))) == [Reason.MEMORY_LIMIT]
    assert MARKER[::-1] in unpacked(file)


def test_a_damaged_block_does_not_hide_the_others() -> None:
    headers = KINDS["elf64"]
    file = bytearray(Packer(headers).pack(plain(headers), CODE, DATA))
    start = places.first(bytes(file[:HEAD]), Reader.of(bytes(file)))
    assert start is not None
    _, _, code, *_ = places.chain(Reader.of(bytes(file)), start.place, "<")
    file[code.start + 100 : code.start + 500] = bytes(400)
    parts: list[bytes] = []
    (part,) = upx.unpack(Reader.of(bytes(file)))
    assert isinstance(part, Part)
    with pytest.raises(Malformed):
        parts.extend(part.content.rest())  # type: ignore[union-attr]
    assert MARKER[::-1] in b"".join(parts)


def test_headers_that_say_nothing_leave_the_blocks_in_their_order() -> None:
    headers = KINDS["elf64"]
    whole = bytearray(plain(headers))
    whole[54:58] = bytes(4)  # size and number of segments
    file = Packer(headers).pack(bytes(whole), CODE, DATA)
    assert CODE + DATA in unpacked(file)


def test_an_ordinary_program_is_not_of_this_format() -> None:
    for headers in KINDS.values():
        file = plain(headers)
        assert not looks(file)
        assert not looks(file + MARK + file)
    assert not looks(Path(sys.executable).read_bytes())


def test_what_follows_a_packed_program_is_looked_for_as_well() -> None:
    headers = KINDS["elf64"]
    file = Packer(headers).pack(plain(headers), CODE, DATA)
    file += b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    found = identify(file[:HEAD], Reader.of(file))
    assert [each.name for each in found] == ["upx", "embedded"]


def test_places_of_segments_beyond_reason_are_not_filled_with_zeros() -> None:
    headers = KINDS["elf64"]
    whole = bytearray(plain(headers))
    struct.pack_into("<Q", whole, 64 + 2 * 56 + 8, 1 << 60)
    file = Packer(headers).pack(bytes(whole), CODE, DATA)
    assert len(unpacked(file)) < 2 * len(whole) + upx.HOLE


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400), st.sampled_from([2, 5, 8, 14, 15, 3]))
def test_arbitrary_bytes_behind_the_headers_raise_nothing_else(
    data: bytes, method: int
) -> None:
    packer = Packer(KINDS["elf64"], method)
    block = packer.block(plain(packer.headers)[:176])
    file = packer.headers.of([(0, 1)]) + bytes(4) + MARK + bytes(16) + block + data
    assert looks(file)
    collect(upx.unpack(Reader.of(file)))


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_any_damage_raises_nothing_else(data: st.DataObject) -> None:
    headers = data.draw(st.sampled_from(sorted(KINDS)))
    method = data.draw(st.sampled_from([2, 5, 8, LZMA, DEFLATE]))
    file = FILES.setdefault(
        (headers, method),
        Packer(KINDS[headers], method).pack(plain(KINDS[headers]), CODE, DATA),
    )
    place = data.draw(st.integers(0, len(file) - 1))
    junk = data.draw(st.binary(min_size=1, max_size=8))
    cut = data.draw(st.integers(0, len(file)))
    damaged = file[:place] + junk + file[place + len(junk) :]
    collect(upx.unpack(Reader.of(damaged)))
    collect(upx.unpack(Reader.of(damaged[:cut])))


FILES: dict[tuple[str, int], bytes] = {}


@pytest.mark.skipif(shutil.which("upx") is None, reason="upx is not installed")
@pytest.mark.parametrize("method", ["--nrv2b", "--nrv2d", "--nrv2e", "--lzma"])
def test_a_program_packed_by_upx_comes_back(tmp_path: Path, method: str) -> None:
    shutil.copy(shutil.which("ls") or sys.executable, tmp_path / "before")
    before = (tmp_path / "before").read_bytes()
    command = ["upx", "-q", method, "-o", "after", "before"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    after = (tmp_path / "after").read_bytes()
    assert looks(after)
    assert unpacked(after) == before
    hidden = bytearray(after.replace(MARK, b"\0\0\0\0"))
    start = after.index(MARK) - 4
    hidden[start : start + 24] = bytes(24)
    assert looks(bytes(hidden))
    assert unpacked(bytes(hidden)) == before
