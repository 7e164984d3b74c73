"""Behaviour of the compression methods of 7z."""

import bz2
import lzma
import zlib
from collections.abc import Iterator

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd
from lz4 import frame
from support.parts import passing_by

from clearward.core.errors import Malformed
from clearward.core.limits import MIB
from clearward.core.reasons import Reason
from clearward.formats.seven.methods import METHODS, MOST_MEMORY, Method

CONTENT = b"".join(zlib.crc32(n.to_bytes(4)).to_bytes(4) for n in range(9000))
LZMA, LZMA2, PPMD = b"\x03\x01\x01", b"\x21", b"\x03\x04\x01"
PROPERTIES = b"\x5d\0\0\1\0"


def raw(data: bytes, filter: int) -> bytes:
    filters = [{"id": filter, "dict_size": 1 << 16}]
    return lzma.compress(data, lzma.FORMAT_RAW, filters=filters)


def deflate(data: bytes) -> bytes:
    return zlib.compress(data)[2:-4]


def undone(
    number: bytes, packed: bytes, properties: bytes = b"", size: int = len(CONTENT)
) -> bytes:
    chunks = METHODS[number].undo(passing_by(packed, 999), properties, size)
    return b"".join(chunks)


def until_damage(chunks: Iterator[bytes]) -> tuple[bytes, Malformed | None]:
    output = b""
    try:
        for chunk in chunks:
            output += chunk
    except Malformed as error:
        return output, error
    return output, None


@pytest.mark.parametrize(
    ("number", "packed", "properties"),
    [
        pytest.param(b"\0", CONTENT, b"", id="copy"),
        pytest.param(LZMA, raw(CONTENT, lzma.FILTER_LZMA1), PROPERTIES, id="lzma"),
        pytest.param(LZMA2, raw(CONTENT, lzma.FILTER_LZMA2), b"\x08", id="lzma2"),
        pytest.param(b"\x04\x01\x08", deflate(CONTENT), b"", id="deflate"),
        pytest.param(b"\x04\x02\x02", bz2.compress(CONTENT), b"", id="bzip2"),
        pytest.param(
            b"\x04\xf7\x11\x01",
            zstd.compress(CONTENT[:999])
            + b"\x50\x2a\x4d\x18\1\0\0\0x"
            + zstd.compress(CONTENT[999:]),
            b"",
            id="zstd",
        ),
        pytest.param(b"\x04\xf7\x11\x02", brotli.compress(CONTENT), b"", id="brotli"),
        pytest.param(
            b"\x04\xf7\x11\x04",
            frame.compress(CONTENT[:999]) + frame.compress(CONTENT[999:]),
            b"",
            id="lz4",
        ),
    ],
)
def test_content_comes_back(number: bytes, packed: bytes, properties: bytes) -> None:
    assert undone(number, packed, properties) == CONTENT


def test_differences_are_summed() -> None:
    assert undone(b"\x03", b"\1\1\1\1\1\1", b"\1") == b"\1\1\2\2\3\3"


def test_lzma_without_an_end_mark_ends_at_its_size() -> None:
    alone = lzma.compress(CONTENT, lzma.FORMAT_ALONE)[13:]
    for size in (0, 1, len(CONTENT)):
        properties = b"\x5d\0\0\x80\0"
        assert undone(LZMA, alone, properties, size) == CONTENT[:size]


@pytest.mark.parametrize(
    ("number", "properties", "reason"),
    [
        pytest.param(LZMA, b"\x5d\0\0\1", Reason.CORRUPT, id="short, lzma"),
        pytest.param(LZMA, b"\xff\0\0\1\0", Reason.UNSUPPORTED, id="wrong, lzma"),
        pytest.param(LZMA, b"\x08\0\0\1\0", Reason.UNSUPPORTED, id="lc of 8"),
        pytest.param(LZMA2, b"", Reason.CORRUPT, id="short, lzma2"),
        pytest.param(LZMA2, b"\x29", Reason.CORRUPT, id="wrong, lzma2"),
        pytest.param(PPMD, b"\6\0\0\1", Reason.CORRUPT, id="short, ppmd"),
        pytest.param(PPMD, b"\1\0\0\1\0", Reason.CORRUPT, id="order, ppmd"),
        pytest.param(PPMD, b"\6\0\1\0\0", Reason.CORRUPT, id="little memory, ppmd"),
        pytest.param(PPMD, b"\6\1\0\0\4", Reason.MEMORY_LIMIT, id="memory, ppmd"),
    ],
)
def test_wrong_properties_are_refused(
    number: bytes, properties: bytes, reason: Reason
) -> None:
    with pytest.raises(Malformed) as caught:
        undone(number, bytes(99), properties)
    assert caught.value.reason is reason


def memory(number: bytes, properties: bytes, size: int) -> int:
    method: Method = METHODS[number]
    return method.memory(properties, size)


def test_memory_is_known_before_it_is_taken() -> None:
    assert memory(LZMA2, b"\x18", 1 << 40) == 16 * MIB
    assert memory(LZMA2, b"\x28", 1 << 40) == MOST_MEMORY
    assert memory(LZMA2, b"\x28", 1000) == 1000
    assert memory(LZMA, b"\x5d\0\0\0\4", 1 << 40) == MOST_MEMORY
    assert memory(PPMD, b"\6\0\0\0\1", 0) == 16 * MIB
    assert memory(b"\0", b"", 1 << 40) == MIB


@pytest.mark.parametrize("properties", [b"\x5d\0\0\0\4", b"\x5d\xff\xff\xff\xff"])
def test_damage_is_blamed_on_a_dictionary_that_was_too_large(properties: bytes) -> None:
    packed = raw(CONTENT, lzma.FILTER_LZMA1)[:20_000] + b"\xff" * 20_000
    expected = Reason.CORRUPT if properties[4] == 4 else Reason.MEMORY_LIMIT
    chunks = METHODS[LZMA].undo(passing_by(packed), properties, 1 << 40)
    output, error = until_damage(chunks)
    assert output[:15_000] == CONTENT[:15_000]
    assert error is not None
    assert error.reason is expected


def test_a_huge_window_of_zstd_is_memory_limit() -> None:
    packed = b"\x28\xb5\x2f\xfd\0\x88\1\0\0"
    output, error = until_damage(
        METHODS[b"\x04\xf7\x11\x01"].undo(passing_by(packed), b"", 1 << 40)
    )
    assert output == b""
    assert error is not None
    assert error.reason is Reason.MEMORY_LIMIT


@pytest.mark.parametrize("number", sorted(METHODS), ids=bytes.hex)
def test_arbitrary_bytes_give_output_or_an_error(number: bytes) -> None:
    for place in range(0, 400, 8):
        properties = CONTENT[place : place + 5]
        try:
            chunks = METHODS[number].undo(passing_by(CONTENT[place:]), properties, 999)
            sum(map(len, chunks))
        except Malformed as error:
            assert 0 <= error.offset <= len(CONTENT)
