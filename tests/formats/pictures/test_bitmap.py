"""Behaviour of bitmaps as icons have them."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.icons import bitmap

from clearward.core.reader import Reader
from clearward.formats.pictures.bitmap import Bitmap, read, shape_of

SIDE = 16
PALETTE = [(10, 20, 30), (200, 210, 220)]


def paletted(bits: int, index: int, mask: int = 0) -> bytes:
    """A square of one colour of a palette, with a mask of one byte."""
    head = struct.pack("<IiiHH24x", 40, SIDE, 2 * SIDE, 1, bits)
    colours = [PALETTE[at % 2] for at in range(1 << bits)]
    palette = b"".join(bytes((*colour[::-1], 0)) for colour in colours)
    each = sum(index << bits * at for at in range(8 // bits))
    row = bytes([each]) * (SIDE * bits // 8)
    row += bytes(-len(row) % 4)
    return head + palette + row * SIDE + (bytes([mask]) * 2 + bytes(2)) * SIDE


def decoded(data: bytes) -> Bitmap | None:
    reader = Reader.of(data)
    shape = shape_of(reader, 0)
    return None if shape is None else read(reader, shape)


def points(data: bytes) -> list[tuple[int, ...]]:
    found = decoded(data)
    assert found is not None
    return found.points


@pytest.mark.parametrize("bits", [1, 4, 8])
@pytest.mark.parametrize("index", [0, 1])
def test_a_palette_gives_the_colours(bits: int, index: int) -> None:
    assert points(paletted(bits, index)) == [PALETTE[index]] * SIDE**2


def test_what_the_mask_hides_is_white() -> None:
    row = points(paletted(8, 1, mask=0x80))[:SIDE]
    assert row == [(255, 255, 255), *[PALETTE[1]] * 7] * 2


def test_what_is_half_shown_is_mixed_with_white() -> None:
    data = bitmap(
        SIDE, lambda _x, _y: (200, 30, 0), shown=lambda x, _y: 255 - 127 * x % 256
    )
    assert points(data)[:2] == [(200, 30, 0), (227, 142, 127)]


def test_the_mask_counts_if_nothing_is_shown() -> None:
    data = bitmap(SIDE, lambda _x, _y: (200, 30, 0), shown=lambda _x, _y: 0)
    assert points(data) == [(255, 255, 255)] * SIDE**2
    unmasked = data[: -SIDE * 4] + bytes(SIDE * 4)
    assert points(unmasked) == [(200, 30, 0)] * SIDE**2


def test_the_lowest_row_comes_first_in_the_file() -> None:
    data = bitmap(SIDE, lambda x, y: (x, y, 0))
    assert points(data) == [(x, y, 0) for y in range(SIDE) for x in range(SIDE)]


def test_a_bitmap_that_is_cut_short_is_none() -> None:
    data = paletted(8, 1)
    assert decoded(data) is not None
    for size in (0, 15, 39, 100, 40 + 4 * 256 + 5, len(data) - 1):
        assert decoded(data[:size]) is None
    whole = bitmap(SIDE, lambda x, y: (x, y, 0))
    assert decoded(whole[: -4 * SIDE]) is not None  # shown by itself: needs no mask


@pytest.mark.parametrize(
    ("width", "height", "fits"),
    [
        (16, 22, True),
        (16, 23, False),
        (30, 22, True),
        (30, 21, False),
        (256, 256, True),
        (257, 257, False),
        (15, 16, False),
    ],
)
def test_only_what_is_nearly_square_is_compared(
    width: int, height: int, *, fits: bool
) -> None:
    data = struct.pack("<IiiHH24x", 40, width, 2 * height, 1, 24)
    assert (shape_of(Reader.of(data), 0) is not None) is fits


@given(st.binary(max_size=2000), st.sampled_from([1, 4, 8, 16, 24, 32]))
def test_arbitrary_bytes_are_a_bitmap_or_none(data: bytes, bits: int) -> None:
    decoded(data)
    found = decoded(struct.pack("<IiiHH24x", 40, 16, 32, 1, bits) + data)
    if found is not None:
        assert len(found.points) == found.width * found.height
        assert all(0 <= part <= 255 for point in found.points for part in point)
