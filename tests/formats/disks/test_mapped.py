"""Behaviour of readers over pieces."""

from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reader import Reader
from clearward.formats.disks.mapped import HOLE, Run, blocks, runs


@given(
    st.binary(max_size=99), st.integers(1, 9), st.integers(0, 99), st.integers(0, 99)
)
def test_blocks_read_as_what_they_are_made_of(
    data: bytes, block: int, offset: int, size: int
) -> None:
    reader = blocks(len(data), block, lambda n: data[n * block : (n + 1) * block])
    assert reader.at(offset, size) == data[offset : offset + size]
    assert b"".join(reader.chunks()) == data


@given(st.lists(st.tuples(st.integers(-1, 30), st.integers(0, 9)), max_size=6))
def test_runs_read_as_their_bytes_with_zeros_for_holes(
    places: list[tuple[int, int]],
) -> None:
    data = bytes(range(1, 25))
    pieces = [Run(HOLE if at < 0 else at, size) for at, size in places]
    expected = b"".join(
        (b"" if at < 0 else data[at : at + size]).ljust(size, b"\0")
        for at, size in places
    )
    reader = runs(Reader.of(data), pieces, 1000)
    assert reader.size == len(expected)
    assert reader.at(0, 1000) == expected
    for offset in range(len(expected)):
        assert reader.at(offset, 2) == expected[offset : offset + 2]
    assert runs(Reader.of(data), pieces, 5).size == min(5, len(expected))
