"""Reports are laid out in columns, and only whole ones are taken out of them."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.digests import digest, digests

from clearward.core.errors import Malformed, Refused
from clearward.reputation.reports import MOST_ROWS, Database, Index, hint_size

DATABASE = Database.of({digest(one): b"report %d" % one * one for one in range(20)})
INDEX = DATABASE.index.to_bytes()


def column(database: Database, number: int) -> bytes:
    return database.matrix[number :: database.index.columns]


@settings(max_examples=15, deadline=None)
@given(st.dictionaries(digests, st.binary(max_size=30), min_size=1, max_size=12))
def test_every_report_is_in_its_column(reports: dict[bytes, bytes]) -> None:
    database = Database.of(reports)
    index = database.index
    assert len(database.matrix) == index.rows * index.columns
    assert len(database.hint) == hint_size(index)
    for one, report in reports.items():
        number = index.place(one)
        assert number is not None
        assert index.report(number, column(database, index.column(number))) == report


def test_what_has_no_report_has_no_place() -> None:
    assert DATABASE.index.place(digest(99)) is None
    assert DATABASE.index.place(b"\xff" * 32) is None


def test_a_changed_report_is_refused() -> None:
    index = DATABASE.index
    number = index.place(digest(19))
    assert number is not None
    good = column(DATABASE, index.column(number))
    assert index.report(number, good).startswith(b"report 19")
    start = good.index(b"report 19")
    for place in range(start - 4, start + 9):
        data = bytearray(good)
        data[place] ^= 1
        with pytest.raises(Malformed):
            index.report(number, bytes(data))


def test_an_index_comes_back() -> None:
    assert Index.parse(INDEX) == DATABASE.index
    assert Index.parse(INDEX).seed == DATABASE.index.seed


@given(st.integers(0, len(INDEX) - 1), st.integers(1, 255), st.booleans())
def test_a_changed_byte_is_seen_or_gives_another_seed(
    place: int,
    change: int,
    summed: bool,  # noqa: FBT001
) -> None:
    data = bytearray(INDEX)
    data[place] ^= change
    if summed:  # somebody has changed it on purpose
        data[-32:] = hashlib.sha256(data[:-32]).digest()
    try:
        found = Index.parse(bytes(data))
    except Malformed:
        return
    assert summed
    assert found != DATABASE.index or place >= len(INDEX) - 32


def test_a_cut_index_is_refused() -> None:
    for length in range(len(INDEX)):
        with pytest.raises(Malformed):
            Index.parse(INDEX[:length])


@given(st.sampled_from([b"", b"CWREPORT"]), st.binary(max_size=300))
def test_other_bytes_are_no_index(magic: bytes, body: bytes) -> None:
    data = magic + body
    for one in (data, data + hashlib.sha256(data).digest()):
        try:
            found = Index.parse(one)
        except Malformed as error:
            assert 0 <= error.offset <= len(one)
        else:
            assert found.to_bytes() == one


@pytest.mark.parametrize("reports", [{}, {digest(1): bytes(MOST_ROWS)}])
def test_reports_that_cannot_be_laid_out_are_refused(
    reports: dict[bytes, bytes],
) -> None:
    with pytest.raises(Refused):
        Database.of(reports)
