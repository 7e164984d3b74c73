"""Tests of clearward.faces.http.base64_stream."""

from base64 import b64encode
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.faces.http.base64_stream import Base64Stream


def decode(*pieces: bytes) -> bytes:
    stream = Base64Stream()
    decoded = b"".join([stream.receive(piece) for piece in pieces])
    stream.finish()
    return decoded


@given(st.binary(max_size=200), st.lists(st.integers(0, 280), max_size=6))
def test_what_was_encoded_comes_back_however_it_is_split(
    content: bytes, cuts: list[int]
) -> None:
    text = b64encode(content)
    ends = [0, *sorted(cuts), len(text)]
    pieces = [text[a:b] for a, b in pairwise(ends)]
    assert decode(*pieces) == content


@given(st.lists(st.binary(max_size=20), max_size=5))
def test_arbitrary_bytes_are_decoded_alike_however_split_or_refused(
    pieces: list[bytes],
) -> None:
    try:
        whole = decode(b"".join(pieces))
    except Malformed:
        with pytest.raises(Malformed):
            decode(*pieces)
    else:
        assert decode(*pieces) == whole


@pytest.mark.parametrize(
    "text",
    [
        b"YWJ",
        b"YWJj*A==",
        b"YQ==YQ==",
        b"YW\nJj",
        b"YWJ-",
        b"YQ=",
        b"====",
        b"Y===",
        b"\xff\xff\xff\xff",
    ],
)
def test_what_is_not_strictly_base64_is_refused(text: bytes) -> None:
    with pytest.raises(Malformed):
        decode(text)


def test_nothing_is_taken_behind_the_padding_of_an_earlier_piece() -> None:
    with pytest.raises(Malformed):
        decode(b"YQ==", b"YQ==")
