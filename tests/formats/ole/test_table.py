"""Chains of sectors, whatever the table says."""

from array import array

from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reader import Reader
from clearward.core.reasons import NONE, Reason
from clearward.formats.ole.pieces import HELD_MOST, Pieces, held
from clearward.formats.ole.table import END, FREE, Table

SECTOR = 64
CONTENT = bytes(range(256)) * 2  # eight sectors


def table(*following: int, source: bytes = CONTENT) -> Table:
    return Table(array("I", following), Reader.of(source), SECTOR, 0)


def read(pieces: Pieces) -> bytes:
    return pieces.reader().at(0, pieces.size)


def test_neighbours_are_one_piece_and_others_are_in_their_order() -> None:
    it = table(1, 2, 6, FREE, FREE, FREE, 4, FREE)
    found = it.chain(0, 5 * SECTOR)
    assert [length for _, length in found.runs()] == [3 * SECTOR, SECTOR, SECTOR]
    assert read(found) == CONTENT[:192] + CONTENT[384:448] + CONTENT[256:320]
    assert it.faults is NONE


def test_a_chain_ends_where_its_size_does() -> None:
    it = table(1, 2, 3, END)
    assert it.chain(0, SECTOR + 1).size == 2 * SECTOR
    assert it.faults is NONE


def test_a_loop_is_corrupt_and_what_comes_before_it_is_there() -> None:
    it = table(1, 0)
    assert it.chain(0).size == 2 * SECTOR
    assert it.faults == Reason.CORRUPT


def test_a_last_sector_that_is_cut_says_so() -> None:
    it = table(1, END, source=CONTENT[: SECTOR + 10])
    assert it.chain(0, 2 * SECTOR).size == SECTOR + 10
    assert it.faults == Reason.TRUNCATED


def test_few_pieces_are_held_and_many_bytes_are_not() -> None:
    few = table(1, 6, END, FREE, FREE, FREE, 2).chain(0).reader()
    assert few.held is None
    assert held(few).held == few.at(0, few.size)
    many = Reader(lambda _, size: bytes(size), HELD_MOST + 1)
    assert held(many) is many


@given(
    st.lists(st.integers(0, 9) | st.sampled_from([END, FREE, 0xFFFFFFFC]), max_size=9),
    st.integers(0, 9),
    st.integers(0, 700) | st.none(),
    st.integers(0, 600),
)
def test_what_is_found_lies_in_the_source_once(
    following: list[int], first: int, size: int | None, length: int
) -> None:
    it = table(*following, source=CONTENT[:length])
    found = it.chain(first, size)
    assert len(read(found)) == found.size
    assert found.size <= len(CONTENT[:length])
    rest = sum(pieces.size for pieces in it.unreached())
    assert found.size + rest == len(CONTENT[:length])
