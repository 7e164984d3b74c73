"""Tests of the file around the sections."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.signatures import Image

from clearward.native.layout import MOST_SECTIONS, Section
from clearward.rules.image.container import Container

SECTIONS = st.dictionaries(
    st.tuples(st.sampled_from(Section), st.integers(0, 20)),
    st.lists(st.binary(max_size=100), max_size=3),
    max_size=10,
)


@given(SECTIONS)
def test_sections_come_back_whole_aligned_and_in_order(
    sections: dict[tuple[Section, int], list[bytes]],
) -> None:
    container = Container()
    for (kind, which), chunks in sections.items():
        container.add(kind, chunks, len(chunks), which)
    image = Image(b"".join(container.chunks(7)))
    assert image.rules == 7
    assert list(image.sections) == sorted(sections)
    assert image.offsets == sorted(image.offsets)
    assert all(offset % 64 == 0 for offset in image.offsets)
    for key, chunks in sections.items():
        assert image.sections[key] == b"".join(chunks)
        assert image.counts[key] == len(chunks)


def test_the_digest_is_of_the_file_with_the_digest_taken_as_zero() -> None:
    container = Container()
    container.add(Section.META, [b"{}"], 1)
    data = b"".join(container.chunks(0))
    assert data[32:64] == hashlib.sha256(data[:32] + bytes(32) + data[64:]).digest()


def test_a_section_stands_only_once_and_there_is_room_for_so_many() -> None:
    container = Container()
    for which in range(MOST_SECTIONS):
        container.add(Section.HASHES, [], 0, which)
    with pytest.raises(ValueError, match="META"):
        container.add(Section.META, [], 0)
    container = Container()
    container.add(Section.META, [], 0)
    with pytest.raises(ValueError, match="META"):
        container.add(Section.META, [], 0)
