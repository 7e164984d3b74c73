"""Behaviour of records: what was written down is read again."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.stores.quarantine.attributes import Attributes
from clearward.stores.quarantine.damage import Damaged
from clearward.stores.quarantine.extents import Extent
from clearward.stores.quarantine.identity import Identity
from clearward.stores.quarantine.record import Found, Record, Rule

NUMBERS = st.integers(0, 2**64 - 1)
TIMES = st.integers(-(2**62), 2**62)
RECORDS = st.builds(
    Record,
    identifier=st.from_regex(r"\A[0-9a-f]{32}\Z"),
    path=st.binary(min_size=1),
    time=st.datetimes(timezones=st.just(UTC)),
    found=st.builds(
        Found,
        st.tuples(st.builds(Rule, st.text(), st.text())),
        st.text(),
        st.text(),
        st.text(),
    ),
    identity=st.builds(Identity, NUMBERS, NUMBERS, NUMBERS, TIMES, TIMES),
    links=st.integers(1, 100),
    digest=st.text(),
    attributes=st.builds(
        Attributes,
        st.integers(0, 0o7777),
        NUMBERS,
        NUMBERS,
        TIMES,
        TIMES,
        st.lists(st.tuples(st.text(), st.binary())).map(tuple),
    ),
    extents=st.lists(st.builds(Extent, NUMBERS, st.integers(1, 2**63))).map(tuple),
)


@given(RECORDS)
def test_a_record_comes_back(record: Record) -> None:
    assert Record.from_json(record.to_json()) == record
    assert record.size == record.identity.size


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        Record.from_json(data)


def written() -> dict[str, object]:
    record = Record(
        "0" * 32,
        b"/a",
        datetime(2026, 1, 1, tzinfo=UTC),
        Found(),
        Identity(1, 2, 3, 4, 5),
        1,
        "ab",
        Attributes(0o644, 0, 0, 0, 0),
        (Extent(0, 3),),
    )
    return dict(json.loads(record.to_json()))


@pytest.mark.parametrize("name", sorted(written()))
@pytest.mark.parametrize("value", [None, [1], "x\udc80", -5, {"a": 1}, [["x"]]])
def test_a_field_of_another_shape_is_damaged_or_read(name: str, value: object) -> None:
    fields = {**written(), name: value}
    try:
        Record.from_json(json.dumps(fields).encode())
    except Damaged:
        return
    assert name in {"id", "sha256", "links", "found"}


def test_a_later_version_is_told() -> None:
    with pytest.raises(Damaged, match="later version"):
        Record.from_json(json.dumps({**written(), "version": 2}).encode())
