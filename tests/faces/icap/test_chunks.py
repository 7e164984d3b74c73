"""Bodies in chunks, whole, cut and wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.icap_client import chunked

from clearward.faces.icap.chunks import MOST_LINE, MOST_PIECE, MOST_TRAILER, Chunks
from clearward.faces.icap.status import Fault


def take_all(chunks: Chunks, *pieces: bytes) -> tuple[bytes, bytes]:
    """Feed pieces; return the body, and what was left in the buffer."""
    buffer = bytearray()
    body = b""
    for piece in pieces:
        buffer += piece
        while taken := chunks.take(buffer):
            assert len(taken) <= MOST_PIECE
            body += taken
    return body, bytes(buffer)


def split(data: bytes, places: list[int]) -> list[bytes]:
    cuts = sorted({place % (len(data) + 1) for place in places})
    return [
        data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True) if a < b
    ]


@given(
    st.binary(max_size=500), st.integers(1, 50), st.lists(st.integers(0), max_size=9)
)
def test_a_body_comes_out_however_it_is_split(
    body: bytes, size: int, places: list[int]
) -> None:
    chunks = Chunks()
    sent = chunked(body, size=size) + b"NEXT"
    assert take_all(chunks, *split(sent, places)) == (body, b"NEXT")
    assert chunks.ended
    assert not chunks.complete


@pytest.mark.parametrize(
    "last", [b"0; ieof", b"0;ieof", b"0 ; IEOF", b"0; a=b; ieof", b"000;ieof;x"]
)
def test_the_last_chunk_may_say_that_nothing_follows(last: bytes) -> None:
    chunks = Chunks()
    take_all(chunks, last + b"\r\n\r\n")
    assert chunks.ended
    assert chunks.complete


@pytest.mark.parametrize("last", [b"0;ieofx", b"0; x=ieof", b"0;a", b"0", b"00"])
def test_other_words_do_not(last: bytes) -> None:
    chunks = Chunks()
    take_all(chunks, last + b"\r\n\r\n")
    assert chunks.ended
    assert not chunks.complete


def test_fields_behind_the_body_are_passed_over() -> None:
    chunks = Chunks()
    sent = b"1\r\na\r\n0\r\nX: y\r\nZ: 1\r\n\r\nrest"
    assert take_all(chunks, sent) == (b"a", b"rest")
    assert chunks.ended


@pytest.mark.parametrize(
    "frames",
    [
        b"\r\n",
        b"x\r\n",
        b"-1\r\n",
        b"+1\r\n",
        b" 1\r\n",
        b"0x1\r\n",
        b"1_0\r\n",
        b"1\n",
        b"1\r\r\n",
        b"1;\0\r\n",
        b"1 a\r\n",
        b"f" * 16 + b"\r\n",
        b"1\r\nab",
        b"1\r\na\n",
        b"1\r\na\rx",
        b"0\r\n\n",
        b"0\r\nX: y\n",
        b"1" * MOST_LINE,
        b"1;" + b"x" * MOST_LINE,
        b"0\r\n" + b"X: y\r\n" * MOST_TRAILER,
    ],
)
def test_a_frame_that_is_not_plain_is_refused(frames: bytes) -> None:
    for pieces in ([frames], [frames[at : at + 1] for at in range(len(frames))]):
        with pytest.raises(Fault):
            take_all(Chunks(), *pieces)


def test_a_huge_chunk_costs_nothing_before_it_comes() -> None:
    chunks = Chunks()
    assert take_all(chunks, b"fffffffffffffff\r\nabc") == (b"abc", b"")
    assert not chunks.ended


@given(st.binary(max_size=200), st.lists(st.integers(0), max_size=9))
def test_any_bytes_mean_the_same_however_split(data: bytes, places: list[int]) -> None:
    def meant(*pieces: bytes) -> object:
        chunks = Chunks()
        try:
            body, left = take_all(chunks, *pieces)
        except Fault:
            return Fault
        return body, left, chunks.ended, chunks.complete

    assert meant(data) == meant(*split(data, places))
