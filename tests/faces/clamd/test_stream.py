"""INSTREAM, without a socket."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from clearward.faces.clamd.stream import Part, Stream


def taken(sent: bytes, cuts: list[int], limit: int) -> tuple[bytes, Part | None]:
    """What a stream holds, and how it ended, if it did."""
    stream = Stream(limit)
    stream.begin()
    data = b""
    ends = [0, *sorted(cuts), len(sent)]
    for begin, end in itertools.pairwise(ends):
        packet, at = memoryview(sent[begin:end]), 0
        while True:
            piece, at = stream.take(packet, at)
            if isinstance(piece, Part):
                return data, piece
            if piece is None:
                break
            data += bytes(piece)
    return data, None


def sent(pieces: list[bytes]) -> bytes:
    return b"".join(len(piece).to_bytes(4, "big") + piece for piece in pieces)


CUTS = st.lists(st.integers(0, 40), max_size=6)


@given(st.lists(st.binary(min_size=1, max_size=8), max_size=5), CUTS)
def test_chunks_come_out_whole_however_they_are_split(
    pieces: list[bytes], cuts: list[int]
) -> None:
    assert taken(sent(pieces) + bytes(4), cuts, 100) == (b"".join(pieces), Part.END)
    assert taken(sent(pieces), cuts, 100) == (b"".join(pieces), None)


@given(st.lists(st.binary(min_size=1, max_size=8), min_size=1, max_size=5), CUTS)
def test_the_sum_of_the_chunks_is_limited(pieces: list[bytes], cuts: list[int]) -> None:
    size = len(b"".join(pieces))
    assert taken(sent(pieces) + bytes(4), cuts, size)[1] is Part.END
    held, end = taken(sent(pieces) + bytes(4), cuts, size - 1)
    assert end is Part.TOO_LONG
    assert held == b"".join(pieces[:-1])


@given(st.binary(max_size=60), CUTS)
def test_any_bytes_give_no_more_than_they_hold(data: bytes, cuts: list[int]) -> None:
    held, _ = taken(data, cuts, 30)
    assert len(held) <= min(len(data), 30)
    assert taken(data, cuts, 30) == taken(data, [], 30)


def test_a_new_stream_begins_with_all_of_its_limit() -> None:
    stream = Stream(4)
    for _ in range(2):
        stream.begin()
        packet = memoryview(sent([b"abcd"]) + bytes(4))
        piece, at = stream.take(packet, 0)
        assert isinstance(piece, memoryview)
        assert bytes(piece) == b"abcd"
        assert stream.take(packet, at) == (Part.END, len(packet))
