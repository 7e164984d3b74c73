"""Behaviour of what an archive says about a content."""

import zlib

import pytest

from clearward.core.errors import Malformed, Truncated
from clearward.formats.lz.crc16 import crc16
from clearward.formats.lz.declared import Declared

CHUNKS = [b"some", b"", b" content"]
DATA = b"".join(CHUNKS)


@pytest.mark.parametrize(
    ("crc", "summed"),
    [(zlib.crc32(DATA), zlib.crc32), (crc16(DATA), crc16), (None, zlib.crc32)],
)
def test_what_is_as_declared_passes(crc: int | None, summed: object) -> None:
    declared = Declared("x", 7, len(DATA), crc)
    assert list(declared.hold(iter(CHUNKS), summed)) == CHUNKS  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("size", "crc", "error"),
    [(99, zlib.crc32(DATA), Truncated), (len(DATA), 1, Malformed)],
)
def test_the_rest_is_told_once_all_that_came_was_given(
    size: int, crc: int, error: type[Malformed]
) -> None:
    held = Declared("x", 7, size, crc).hold(iter(CHUNKS))
    assert [next(held) for _ in CHUNKS] == CHUNKS
    with pytest.raises(error) as raised:
        next(held)
    assert raised.value.offset == 7
