"""Behaviour of the filters for machine code and tables."""

import lzma
import zlib
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import passing_by

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Stream
from clearward.formats.seven import branch

LZMA2 = {"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}
NOISE = b"".join(zlib.crc32(n.to_bytes(4)).to_bytes(4) for n in range(40_000))
CALLS = b"\xe8\1\2\3\0\x0f\x85\1\0\0\0\xeb\1\2\3\x48\0\0\1" * 300
NAMES = ["X86", "POWERPC", "IA64", "ARM", "ARMTHUMB", "SPARC"]


def filtered(data: bytes, filter: int, **settings: int) -> bytes:
    """What liblzma makes of `data` before it compresses it."""
    filters = [{"id": filter, **settings}, LZMA2]
    packed = lzma.compress(data, lzma.FORMAT_RAW, filters=filters)
    return lzma.decompress(packed, lzma.FORMAT_RAW, filters=[LZMA2])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("piece", [1000, 65_537, 10**6])
def test_branches_come_back(name: str, piece: int) -> None:
    number = getattr(lzma, f"FILTER_{name}")
    data = NOISE + CALLS
    source = passing_by(filtered(data, number), piece)
    assert b"".join(branch.by_liblzma(source, filter=number, settings={})) == data


@pytest.mark.parametrize("distance", [1, 4, 256])
def test_differences_are_summed(distance: int) -> None:
    delta, settings = lzma.FILTER_DELTA, {"dist": distance}
    source = passing_by(filtered(NOISE, delta, **settings), 999)
    output = branch.by_liblzma(source, filter=delta, settings=settings)
    assert b"".join(output) == NOISE


def broken(data: bytes) -> Iterator[bytes]:
    yield data
    raise Truncated("x", 0, "y")


def until_damage(chunks: Iterable[bytes]) -> tuple[bytes, Malformed | None]:
    output = b""
    try:
        for chunk in chunks:
            output += chunk
    except Malformed as error:
        return output, error
    return output, None


@given(st.integers(0, 200))
def test_damage_costs_no_byte_before_it(size: int) -> None:
    data = CALLS[:size]
    x86 = filtered(data, lzma.FILTER_X86)
    output = branch.by_liblzma(Stream(broken(x86)), filter=lzma.FILTER_X86, settings={})
    given_out, error = until_damage(output)
    assert given_out == data
    assert isinstance(error, Truncated)
    words = branch.in_words(Stream(broken(data)), undo=branch.swap4)
    given_out, error = until_damage(words)
    assert len(given_out) == size
    assert isinstance(error, Truncated)


@given(st.binary(max_size=50), st.integers(1, 9))
def test_words_are_turned_around(data: bytes, piece: int) -> None:
    turned = b"".join(branch.in_words(passing_by(data, piece), undo=branch.swap2))
    whole = len(data) & ~1
    pairs = [data[n : n + 2][::-1] for n in range(0, whole, 2)]
    assert turned == b"".join(pairs) + data[whole:]
    turned = b"".join(branch.in_words(passing_by(data, piece), undo=branch.swap4))
    whole = len(data) & ~3
    fours = [data[n : n + 4][::-1] for n in range(0, whole, 4)]
    assert turned == b"".join(fours) + data[whole:]


def words(*values: int) -> bytes:
    return b"".join(value.to_bytes(4, "little") for value in values)


@pytest.mark.parametrize(
    ("stored", "start", "restored"),
    [
        pytest.param(0x94000101, 0x400, 0x94000001, id="BL"),
        pytest.param(0x94000000, 0x400, 0x97FFFF00, id="BL backwards"),
        pytest.param(0xB0000003, 0x1000, 0x90000003, id="ADRP"),
        pytest.param(0x90000005, 0x1000, 0xF0FFFFE5, id="ADRP backwards"),
        pytest.param(0x90400005, 0x1000, 0x90400005, id="ADRP too far"),
        pytest.param(0x14000101, 0x400, 0x14000101, id="B is left alone"),
    ],
)
def test_arm64_instructions_come_back(stored: int, start: int, restored: int) -> None:
    source = passing_by(words(stored), 3)
    output = branch.in_words(source, undo=branch.arm64, start=start)
    assert b"".join(output) == words(restored)


@given(st.binary(max_size=99), st.integers(1, 50))
def test_arbitrary_code_comes_out_the_same_however_it_is_split(
    data: bytes, piece: int
) -> None:
    data += b"\x94\x97\x90" * 20 + data
    whole = b"".join(branch.in_words(passing_by(data), undo=branch.arm64))
    split = b"".join(branch.in_words(passing_by(data, piece), undo=branch.arm64))
    assert whole == split
    assert len(whole) == len(data)
