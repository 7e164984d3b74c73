"""Indicators over the wall: the worker is treated as hostile."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reasons import Reason
from clearward.indicators.found import EXTRACTED, Found
from clearward.indicators.kinds import Kind
from clearward.jail import records
from clearward.jail.records import MOST_MESSAGE, End, decode, encode, encode_end
from clearward.jail.wire import Hostile


def record(line: int, kind: int, value: bytes, length: int | None = None) -> bytes:
    size = len(value) if length is None else length
    return b"F" + struct.pack("<IBH", line, kind, size) + value


def test_indicators_come_out_as_they_went_in() -> None:
    found = [Found(n + 1, Kind.DOMAIN, f"a{n}.example") for n in range(20_000)]
    found.append(Found(1, Kind.URL, "http://a.example/\u00fc"))
    messages = list(encode(found))
    assert all(len(message) <= MOST_MESSAGE for message in messages)
    told = [one for message in messages for one in decode_found(message)]
    assert told == found


def decode_found(message: bytes) -> list[Found]:
    told = decode(message)
    assert isinstance(told, list)
    return told


@pytest.mark.parametrize(
    "end",
    [End(Reason(0)), End(Reason.CORRUPT, cut=True), End(Reason(0), heavy=True)],
    ids=["plain", "cut", "heavy"],
)
def test_an_end_comes_out_as_it_went_in(end: End) -> None:
    assert decode(encode_end(end)) == end


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"F", id="no indicator"),
        pytest.param(b"X123", id="no kind of message"),
        pytest.param(record(0, 0, b"a.example"), id="line 0"),
        pytest.param(record(1, len(EXTRACTED), b"a.example"), id="no kind"),
        pytest.param(record(1, 0, b""), id="no value"),
        pytest.param(record(1, 0, b"a.example", 10), id="a value cut short"),
        pytest.param(record(1, 0, b"a.example") + b"x", id="bytes behind"),
        pytest.param(record(1, 0, b"A.example"), id="not canonical"),
        pytest.param(record(1, 0, b"the secret text of a file"), id="no such value"),
        pytest.param(record(1, 1, b"a.example"), id="another kind"),
        pytest.param(record(1, 0, b"\xff.example"), id="no text"),
        pytest.param(b"F" + b"a" * MOST_MESSAGE, id="too long"),
        pytest.param(b"E" + struct.pack("<HB", 0, 4), id="no such flag"),
        pytest.param(
            b"E" + struct.pack("<HB", Reason.WORKER_DIED, 0), id="not its to say"
        ),
        pytest.param(b"E\0", id="an end cut short"),
    ],
)
def test_what_no_honest_worker_says_is_refused(message: bytes) -> None:
    with pytest.raises(Hostile):
        decode(message)


@given(st.binary(max_size=60), st.sampled_from([b"", b"F", b"E"]))
def test_any_bytes_are_checked_values_or_refused(data: bytes, start: bytes) -> None:
    try:
        told = decode(start + data)
    except Hostile:
        return
    assert isinstance(told, End) or all(one.kind in EXTRACTED for one in told)


def test_a_value_too_long_to_be_told_is_left_out() -> None:
    long = Found(1, Kind.URL, "http://a.example/" + "a" * records.MOST_VALUE)
    assert list(encode([long])) == []
