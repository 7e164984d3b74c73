"""Behaviour of the reader of a 7z archive's streams."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.core.reasons import Reason
from clearward.formats.seven.fields import Fields
from clearward.formats.seven.streams import Content, Member, read_streams

PACKED = b"\6\4\2\x09\5\7\0"  # at 4, two streams of 5 and 7 bytes
FOLDER = b"\1\1\0"
UNPACKED = b"\7\x0b\2\0" + FOLDER * 2 + b"\x0c\5\7"
DIGEST = b"\x0a\1\1\0\0\0\2\0\0\0"


def read(data: bytes) -> tuple[Content, ...]:
    return read_streams(Fields(data, 0))


def members(data: bytes) -> list[tuple[Member, ...]]:
    return [content.members for content in read(data)]


def test_folders_take_the_packed_streams_one_after_the_other() -> None:
    first, second = read(PACKED + UNPACKED + b"\0\0")
    assert (first.place, first.packed, first.sizes) == (4, (5,), (5,))
    assert (second.place, second.packed, second.sizes) == (9, (7,), (7,))


def test_without_substreams_a_folder_is_one_member() -> None:
    found = members(PACKED + UNPACKED + DIGEST + b"\0\0")
    assert found == [(Member(5, 1),), (Member(7, 2),)]


def test_the_last_size_is_what_the_others_leave() -> None:
    substreams = b"\x08\x0d\3\0\x09\1\1\x0a\1" + bytes(12) + b"\0"
    found = members(PACKED + UNPACKED + b"\0" + substreams + b"\0")
    assert found == [(Member(1, 0), Member(1, 0), Member(3, 0)), ()]


def test_digests_are_stored_for_those_that_have_none_yet() -> None:
    unpacked = UNPACKED + b"\x0a\0\x80\1\0\0\0\0"
    substreams = b"\x08\x0d\1\2\x09\3\x0a\0\x40\2\0\0\0\0"
    found = members(PACKED + unpacked + substreams + b"\0")
    assert found == [(Member(5, 1),), (Member(3, None), Member(4, 2))]


def test_unknown_properties_are_passed_over() -> None:
    packed = PACKED[:-1] + b"\x0a\0\0\x19\2xx\0"
    unpacked = UNPACKED + b"\x19\1x\0"
    found = members(packed + unpacked + b"\x08\x19\1x\0\0")
    assert found == [(Member(5, None),), (Member(7, None),)]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\5", id="unknown structure"),
        pytest.param(b"\6\0\1\0", id="no sizes of packed streams"),
        pytest.param(b"\6\0\x7f\x09", id="too many packed streams"),
        pytest.param(b"\7\x0b\x7f\0", id="too many folders"),
        pytest.param(PACKED + UNPACKED + b"\0" + UNPACKED + b"\0\0", id="twice"),
        pytest.param(UNPACKED + UNPACKED[1:] + b"\0\0", id="folders twice"),
        pytest.param(
            b"\7\x0a\1\x0b\1\0" + FOLDER + b"\x0c\5\0\0", id="digests of nothing"
        ),
        pytest.param(b"\7\x0b\1\0" + FOLDER + b"\0", id="no sizes of folders"),
        pytest.param(b"\6\0\1\x09\5\0" + UNPACKED + b"\0\0", id="too few streams"),
        pytest.param(
            PACKED + UNPACKED + b"\0\x08\x0d\2\1\x09\6\0\0", id="sizes beyond a folder"
        ),
        pytest.param(PACKED + UNPACKED + b"\0\x08\x0d\2\1\0\0", id="no sizes"),
        pytest.param(
            PACKED + UNPACKED + b"\0\x08\x0d\xff" + b"\xff" * 8 + b"\1\x09",
            id="endless substreams",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        read(data)


def test_folders_in_another_stream_are_unsupported() -> None:
    with pytest.raises(Malformed) as caught:
        read(b"\7\x0b\1\1\0")
    assert caught.value.reason is Reason.UNSUPPORTED


@given(st.binary(max_size=80))
def test_arbitrary_bytes_give_streams_or_an_error(data: bytes) -> None:
    try:
        found = read(PACKED + UNPACKED + data)
    except Malformed:
        return
    assert sum(len(content.members) for content in found) <= len(data) + 2
