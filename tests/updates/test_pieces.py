"""Behaviour of lists of pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.updates.pieces import LARGEST, Piece, Pieces

DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
LISTS = st.lists(
    st.builds(Piece, DIGESTS, st.integers(1, LARGEST)), min_size=1, max_size=20
).map(lambda found: Pieces(tuple(found)))


@given(LISTS)
def test_a_list_is_read_as_it_was_written(pieces: Pieces) -> None:
    assert Pieces.parse(pieces.to_bytes()) == pieces


@given(st.binary())
def test_any_bytes_are_a_list_or_malformed(data: bytes) -> None:
    try:
        found = Pieces.parse(data)
    except Malformed:
        return
    assert found.to_bytes() == data


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"ab 1\n",
        b"A" * 64 + b" 1\n",
        b"a" * 64 + b" 0\n",
        b"a" * 64 + b" 01\n",
        b"a" * 64 + b" -1\n",
        b"a" * 64 + b" 262145\n",
        b"a" * 64 + b" 1",
        b"a" * 64 + b" 1\n\n",
    ],
)
def test_what_is_no_list_is_refused(line: bytes) -> None:
    with pytest.raises(Malformed):
        Pieces.parse(line)


def test_a_piece_begins_where_those_before_it_end() -> None:
    one, two = Piece("a" * 64, 3), Piece("b" * 64, 5)
    found = Pieces((one, two, one, two))
    assert found.length == 16
    offsets = found.offsets()
    assert (offsets[one], offsets[two]) in {(0, 3), (8, 11), (0, 11), (8, 3)}
    assert one.place == f"targets/pieces/aa/{'a' * 64}"
