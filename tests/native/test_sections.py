"""The frame of an image."""

import struct

import pytest
from support.image import resealed, sealed

from clearward.native.errors import BadImage
from clearward.native.layout import HEADER, MAGIC, SECTION, VERSION, Section
from clearward.native.sections import read_sections

WHOLE = sealed({(Section.META, 0): (b"{}", 2), (Section.YARA, 3): (b"abc", 3)}, 5)


def patched(at: int, shape: str, value: int | bytes) -> bytes:
    there = struct.pack(shape, value)
    return resealed(WHOLE[:at] + there + WHOLE[at + len(there) :])


def test_sections_are_found_by_kind_and_number() -> None:
    rules, sections = read_sections(memoryview(WHOLE), check_digest=True)
    assert rules == 5
    assert {key: bytes(entry.data) for key, entry in sections.items()} == {
        (Section.META, 0): b"{}",
        (Section.YARA, 3): b"abc",
    }


ONE, TWO = HEADER.size, HEADER.size + SECTION.size  # where the entries stand


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (b"", "header"),
        (WHOLE[:63], "header"),
        (patched(0, "<B", 0), "no image"),
        (patched(8, "<I", VERSION + 1), "version"),
        (patched(16, "<Q", len(WHOLE) + 1), "bytes"),
        (WHOLE[:-1] + b"x", "digest"),
        (patched(12, "<I", 257), "count"),
        (patched(12, "<I", 256), "kind"),
        (patched(ONE, "<I", 0), "kind"),
        (patched(ONE, "<I", max(Section) + 1), "kind"),
        (patched(ONE, "<I", Section.TEXTS), "order"),
        (patched(ONE + 4, "<I", 1), "number of a section"),
        (patched(ONE + 8, "<Q", 129), "alignment"),
        (patched(ONE + 8, "<Q", 64), "place"),
        (patched(ONE + 8, "<Q", 2**63), "offset"),
        (patched(TWO + 8, "<Q", 128), "place"),
        (patched(TWO + 16, "<Q", 2**64 - 64), "offset"),
        (patched(TWO + 16, "<Q", 2), "count"),
    ],
)
def test_a_broken_frame_is_refused(data: bytes, field: str) -> None:
    with pytest.raises(BadImage, match=field):
        read_sections(memoryview(data), check_digest=True)


def test_partitions_are_targets() -> None:
    with pytest.raises(BadImage, match="partition"):
        read_sections(
            memoryview(sealed({(Section.ALWAYS, 15): (b"", 0)})), check_digest=True
        )


def test_the_header_is_as_it_is_laid_out() -> None:
    assert WHOLE[:8] == MAGIC
    assert HEADER.size == 64
