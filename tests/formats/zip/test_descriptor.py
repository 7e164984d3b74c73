"""Behaviour of data descriptors."""

from struct import pack
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearward.core.reader import Reader
from clearward.formats.zip.descriptor import (
    BEHIND,
    MOST_SIGNATURES,
    crc_of,
    descriptor_size,
    stored_extent,
)
from clearward.formats.zip.window import Window

HEADER = b"PK\1\2"
FORMS = [
    pytest.param("<3L", b"", id="short"),
    pytest.param("<3L", BEHIND, id="short with a magic"),
    pytest.param("<LQQ", b"", id="long"),
    pytest.param("<LQQ", BEHIND, id="long with a magic"),
]


def window(data: bytes) -> Window:
    return Window(Reader.of(data))


def descriptor(content: bytes, form: str, magic: bytes) -> bytes:
    return magic + pack(form, crc32(content), len(content), len(content))


@pytest.mark.parametrize(("form", "magic"), FORMS)
def test_each_form_is_known_if_it_tells_the_truth(form: str, magic: bytes) -> None:
    data = b"." + magic + pack(form, 7, 8, 9)
    assert descriptor_size(window(data), 1, 7, 8, 9) == len(data) - 1
    assert descriptor_size(window(data), 1, 7, 8, 5) == 0
    assert descriptor_size(window(data[:-1]), 1, 7, 8, 9) == 0


def test_a_size_beyond_four_bytes_needs_the_long_form() -> None:
    assert descriptor_size(window(bytes(30)), 0, 0, 1 << 33, 1 << 33) == 0


@pytest.mark.parametrize(("form", "magic"), FORMS)
@pytest.mark.parametrize("behind", [HEADER, b""])
@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([b"PK\3\4", BEHIND, b"x", bytes(4)])).map(b"".join))
def test_stored_data_end_where_a_descriptor_says_so(
    form: str, magic: bytes, behind: bytes, content: bytes
) -> None:
    if magic and not behind:
        behind = b"."
    data = content + descriptor(content, form, magic) + behind
    extent = stored_extent(window(b"before" + data), 6)
    assert extent.sound
    assert crc_of(window(data), 0, extent.size) == crc32(content[: extent.size])
    assert extent.size <= len(content)


@pytest.mark.parametrize(("form", "magic"), FORMS)
def test_content_that_looks_like_records_is_passed_over(
    form: str, magic: bytes
) -> None:
    content = b"a" + HEADER + bytes(20) + BEHIND + bytes(24) + b"PK\3\4" + b"z" * 30
    data = content + descriptor(content, form, magic) + HEADER
    extent = stored_extent(window(data), 0)
    assert (extent.size, extent.sound) == (len(content), True)


def test_without_a_descriptor_they_reach_up_to_the_next_header() -> None:
    extent = stored_extent(window(b"content" + BEHIND + HEADER + b"PK\3\4"), 0)
    assert (extent.size, extent.sound) == (11, False)


def test_without_anything_they_reach_up_to_the_end() -> None:
    extent = stored_extent(window(b"content"), 0)
    assert (extent.size, extent.sound) == (7, False)


def test_the_search_for_the_end_is_bounded() -> None:
    content = b"." + BEHIND * MOST_SIGNATURES
    data = content + descriptor(content, "<3L", BEHIND) + HEADER
    assert not stored_extent(window(data), 0).sound
