"""Behaviour of what an image says about itself: read as it should be, or refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.native.errors import BadImage
from clearward.rules.image.meta import MOST_BYTES, Meta, read_meta

SOUND = {
    "clearward": "1.0",
    "sources": [["a.ndb", "ndb", "00", 3]],
    "left": {"cbc": 2},
    "unusable": 4,
    "same": 1,
    "image": {"duplicates": 5},
}


def test_what_is_said_is_read() -> None:
    assert read_meta(json.dumps(SOUND).encode()) == Meta(
        "1.0", (("a.ndb", "ndb", "00", 3),), (("cbc", 2),), 4, 6
    )


def test_nothing_is_said_by_nothing() -> None:
    assert read_meta(b"") == Meta()


@pytest.mark.parametrize(
    "text",
    [
        b"x",
        b"[]",
        b"[" * 100_000,
        b"\xff",
        b'{"unusable": -1}',
        b'{"unusable": true}',
        b'{"sources": [[1, 2, 3, 4]]}',
        b'{"left": [1]}',
        b" " * (MOST_BYTES + 1),
    ],
)
def test_what_is_wrong_is_refused(text: bytes) -> None:
    with pytest.raises(BadImage, match="about itself"):
        read_meta(text)


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_any_value_is_read_or_refused(value: object) -> None:
    for field in SOUND:
        try:
            read_meta(json.dumps({**SOUND, field: value}).encode())
        except BadImage:
            continue
