"""Behaviour of the records of the ledger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.egress.record import (
    DIGEST,
    Asked,
    Closed,
    Opened,
    Torn,
    leaf,
    line,
    parse,
    whole,
)
from clearward.updates.tree import hash_leaf

COUNTS = st.integers(0, 1 << 62)
LISTS = st.lists(st.text()).map(tuple)
RECORDS = st.one_of(
    st.builds(Opened, COUNTS, st.text(), st.text(), st.text(), LISTS, LISTS),
    st.builds(Asked, COUNTS, LISTS, LISTS),
    st.builds(Closed, COUNTS, COUNTS, COUNTS, LISTS),
    st.builds(Torn, COUNTS, COUNTS),
)


@given(RECORDS, COUNTS)
def test_a_record_is_one_line_and_comes_back(
    record: Opened | Asked | Closed | Torn, number: int
) -> None:
    entry = leaf(number, record)
    written = line(entry, hash_leaf(entry))
    assert written.find(b"\n") == len(written) - 1
    assert written.isascii()
    assert whole(written[:-1], number) == hash_leaf(entry)
    assert whole(written[:-1], number + 1) is None
    assert parse(written[DIGEST + 1 : -1]) == record


def test_a_request_can_be_read_as_it_was_sent() -> None:
    request = "GET /metadata/timestamp.json"
    entry = leaf(1, Opened(1, "", "update", "127.0.0.1:80", (request,)))
    assert request.encode() in line(entry, hash_leaf(entry))


@given(st.binary())
def test_any_bytes_are_a_record_or_malformed(data: bytes) -> None:
    assert whole(data, 1) is None
    with pytest.raises(Malformed):
        parse(data)


@pytest.mark.parametrize(
    "body",
    [
        '{"kind":"closed","seq":1,"sent":-1,"received":0,"answers":[]}',
        '{"kind":"closed","seq":1,"sent":true,"received":0,"answers":[]}',
        '{"kind":"closed","seq":1}',
        '{"kind":"asked","seq":1,"requests":"GET","bodies":[]}',
        '{"kind":"asked","seq":1,"requests":[1],"bodies":[]}',
        '{"kind":"other"}',
        '{"kind":[]}',
        "[]",
        "[" * 100_000,
    ],
)
def test_fields_of_another_type_are_malformed(body: str) -> None:
    with pytest.raises(Malformed):
        parse(b"1 " + body.encode())
