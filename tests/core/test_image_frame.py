"""The frame of an image is the one that its layout draws."""

from clearward.core import image_frame
from clearward.native import layout


def test_both_sides_of_the_wall_share_one_frame() -> None:
    assert layout.HEADER is image_frame.HEADER
    assert layout.SECTION is image_frame.SECTION
    assert layout.Section is image_frame.Section


def test_the_digest_ends_the_header() -> None:
    assert image_frame.HEADER.size - image_frame.DIGEST_AT == 32


def test_flags_are_bits_of_their_own() -> None:
    flags = (
        image_frame.SIZED,
        image_frame.ALLOWS,
        image_frame.UNWANTED,
        image_frame.LISTED,
    )
    assert sum(flags) == 15
