"""Behaviour of filters: which piece they change, and when it is given out."""

from collections.abc import Iterator
from itertools import chain, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import rar_packing as packing

from clearward.core.errors import Malformed
from clearward.formats.decompressor import Undecoded
from clearward.formats.rar.packing import programs
from clearward.formats.rar.packing.filters import Filters

PROGRAM = b"program"
KEY = (7, 0x92ED7784)
DATA = bytes(range(100))


@pytest.fixture(autouse=True)
def _upside_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def turned(data: bytes, _: tuple[int, ...], __: int) -> bytes:
        return data[::-1]

    monkeypatch.setitem(programs.KNOWN, KEY, turned)


def read(filters: Filters, data: bytes, place: int) -> None:
    filters.read(chain(data, repeat(0)).__next__, "rar", place)


def begun(*pieces: tuple[int, int]) -> Filters:
    filters = Filters()
    filters.begin(1000)
    for number, (start, length) in enumerate(pieces):
        data = bytearray(packing.filter_of(PROGRAM, start, length, 0))
        if number:  # the same program again, by its number
            bits = packing.Bits()
            packing.number(bits, 1)
            packing.number(bits, start)
            packing.number(bits, length)
            again = bits.data()
            data = bytearray((0x80 | 0x20 | 7, 0, len(again))) + again
        read(filters, bytes(data), 1000)
    return filters


def pieces_of(data: bytes, size: int) -> Iterator[bytes]:
    return iter([data[at : at + size] for at in range(0, len(data), size)])


@given(st.integers(1, 120))
def test_only_their_pieces_are_changed(size: int) -> None:
    filters = begun((10, 20), (30, 5), (90, 10))
    found = b"".join(filters.applied(pieces_of(DATA, size), "rar"))
    due = DATA[:10] + DATA[10:30][::-1] + DATA[30:35][::-1] + DATA[35:90]
    assert found == due + DATA[90:][::-1]


def test_two_over_one_piece_are_done_one_behind_the_other() -> None:
    filters = begun((10, 20), (10, 20))
    assert b"".join(filters.applied(pieces_of(DATA, 7), "rar")) == DATA


def test_a_piece_that_never_ends_is_given_as_it_is() -> None:
    filters = begun((90, 20))
    assert b"".join(filters.applied(pieces_of(DATA, 7), "rar")) == DATA


def test_a_program_that_is_not_known_is_said_at_the_end() -> None:
    filters = Filters()
    filters.begin(0)
    read(filters, packing.filter_of(b"unknown", 10, 20, 0), 0)
    chunks = filters.applied(pieces_of(DATA, 100), "rar")
    assert b"".join([next(chunks), next(chunks), next(chunks)]) == DATA
    with pytest.raises(Undecoded):
        next(chunks)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x80\x05", id="a number that there is not"),
        pytest.param(packing.filter_of(b"", 0, 0, 0), id="no program"),
        pytest.param(packing.filter_of(b"x", 0, 0x40000, 0), id="too long"),
    ],
)
def test_what_is_no_filter_is_damage(data: bytes) -> None:
    with pytest.raises(Malformed):
        read(Filters(), data, 0)


def test_one_before_another_that_waits_is_damage() -> None:
    with pytest.raises(Malformed):
        begun((10, 20), (9, 20))


@given(st.binary(max_size=80))
def test_arbitrary_bytes_are_a_filter_or_damage(data: bytes) -> None:
    filters = Filters()
    try:
        read(filters, data, 0)
        for _ in filters.applied(pieces_of(DATA, 9), "rar"):
            pass
    except Malformed as error:
        assert error.format == "rar"


def test_what_waits_is_given_before_damage() -> None:
    def broken() -> Iterator[bytes]:
        yield DATA[:50]
        raise Malformed("rar", 7, "code")

    chunks = begun((10, 80)).applied(broken(), "rar")
    assert next(chunks) + next(chunks) == DATA[:50]
    with pytest.raises(Malformed):
        next(chunks)
