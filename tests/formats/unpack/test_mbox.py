"""Behaviour of the mbox reader."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import contents

from clearward.core.reader import Reader
from clearward.formats.unpack import mbox

FROM = b"From a@example.org Thu Jan  1 00:00:00 1970\n"
FIRST = b"From: a@example.org\nTo: b@example.org\n\nfirst\n"
SECOND = b"Received: c\nSubject: d\n\nsecond\n"


def known(data: bytes) -> bool:
    return mbox.recognises(data[: 64 * 1024], Reader.of(data))


def opened(data: bytes) -> list[bytes]:
    return contents(mbox.unpack(Reader.of(data)))


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize(
    "front",
    [
        pytest.param(b"", id="at once"),
        pytest.param(b"\n \n", id="behind blank lines"),
        pytest.param(b"\n" * 70_000, id="far down"),
    ],
)
@pytest.mark.parametrize("between", [b"\n", b""])
def test_each_message_is_a_part(front: bytes, between: bytes, line_end: bytes) -> None:
    data = front + FROM + FIRST + between + FROM + SECOND
    data = data.replace(b"\n", line_end)
    assert known(data)
    assert opened(data) == [
        (FIRST + between).replace(b"\n", line_end),
        SECOND.replace(b"\n", line_end),
    ]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"From here on it is text\n", id="text behind"),
        pytest.param(b"From here on\nA: b\n\n", id="a field of nobody"),
        pytest.param(b">" + FROM + b"From: a\nTo: b\n", id="quoted"),
        pytest.param(b"From : a\nTo: b\n", id="a header"),
        pytest.param(FROM + b"A: b\n" + b"From x\nB: c\n" * 3, id="many"),
    ],
)
def test_a_line_in_a_body_begins_no_message(line: bytes) -> None:
    first = FIRST + b"\n" + line
    assert opened(FROM + first + FROM + SECOND) == [first, SECOND]


def test_a_sender_without_a_date_is_enough_if_a_header_follows() -> None:
    assert known(b"From a\n" + FIRST)
    assert known(b"\xef\xbb\xbfFrom a\n" + FIRST)
    assert opened(b"\xef\xbb\xbfFrom a\n" + FIRST) == [FIRST]


def test_the_first_message_may_have_no_header() -> None:
    data = FROM + b"\ntext\n" + FROM + SECOND
    assert known(data)
    assert opened(data) == [b"\ntext\n", SECOND]


def test_a_long_header_is_known() -> None:
    long = b"X-A: " + b"b" * 5000 + b"\nTo: c\n\n"
    assert opened(FROM + FIRST + FROM + long) == [FIRST, long]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"From me to you\nwith love\n",
        b"From : a\nTo: b\n\n",
        b"from a 10:00 2000\nFrom: a\nTo: b\n",
        FIRST,
    ],
)
def test_other_text_is_no_folder(data: bytes) -> None:
    assert not known(data)
    assert opened(data) == []


@pytest.mark.parametrize(
    "flood",
    [
        pytest.param(FROM, id="senders"),
        pytest.param(b"From x\nSubject: a\n", id="short headers"),
        pytest.param(b"From x\nSubject: a\n" + b"A: b\n" * 2000, id="long headers"),
        pytest.param(FROM + FIRST, id="messages"),
    ],
)
def test_a_flood_takes_linear_time(flood: bytes) -> None:
    data = FROM + FIRST + flood * (200_000 // len(flood))
    before = time.process_time()
    opened(data)
    assert time.process_time() - before < 3


@given(
    st.lists(
        st.sampled_from([FROM, FIRST, SECOND, b"From x", b"\n", b"a", b"To: b\n"]),
        max_size=12,
    ).map(b"".join)
)
def test_nothing_but_the_lines_of_the_senders_is_lost(data: bytes) -> None:
    parts = opened(FROM + data)
    assert sum(map(len, parts)) <= len(data)
    assert len(data) - sum(map(len, parts)) <= len(FROM) * data.count(b"From ")
