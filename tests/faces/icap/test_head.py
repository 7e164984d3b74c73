"""Heads of ICAP, and those that can be read in two ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.faces.icap.head import MOST_FIELDS, RequestHead, read_head
from clearward.faces.icap.status import Fault, Status

ASKED = b"REQMOD icap://h/avscan ICAP/1.0\r\n"
NOTHING_IN = b"Encapsulated: null-body=0"


def read(*lines: bytes, first: bytes = ASKED) -> RequestHead:
    return read_head(first + b"\r\n".join(lines))


def refused(*lines: bytes, first: bytes = ASKED) -> Status:
    with pytest.raises(Fault) as caught:
        read(*lines, first=first)
    return caught.value.status


def test_a_head_is_read() -> None:
    head = read(
        b"Host: h",
        b"Allow: 204, 206",
        b"Preview: 1024",
        b"Connection: Close",
        b"X-Client-IP: 192.0.2.1",
        b"Encapsulated: req-hdr=0, req-body=58",
    )
    assert (head.method, head.service) == ("REQMOD", "avscan")
    assert (head.preview, head.allows_204, head.closes) == (1024, True, True)
    assert head.client == b"192.0.2.1"
    assert head.sections.body == "req-body"


@pytest.mark.parametrize(
    "uri",
    [
        "icap://scanner.example:1344/avscan",
        "icap://[::1]:1344/avscan?allow204=on&mode=simple",
        "icaps://h/avscan/",
        "ICAP://h/avscan#x",
        "/avscan",
        "avscan",
    ],
)
def test_the_service_is_the_path_of_an_address(uri: str) -> None:
    first = f"OPTIONS {uri} ICAP/1.0".encode()
    assert read_head(first).service == "avscan"


@pytest.mark.parametrize(
    "first",
    [
        b"GET / HTTP/1.1",
        b"",
        b"OPTIONS icap://h/avscan",
        b"OPTIONS  icap://h/avscan ICAP/1.0",
        b"OPTIONS icap://h/av scan ICAP/1.0",
        b"options icap://h/avscan ICAP/1.0",
        b"OPTIONS icap://h/\xff ICAP/1.0",
        b"OPTIONS " + b"x" * 5000 + b" ICAP/1.0",
    ],
)
def test_what_is_no_request_is_refused(first: bytes) -> None:
    with pytest.raises(Fault) as caught:
        read_head(first)
    assert caught.value.status is Status.BAD_REQUEST


def test_another_version_and_another_method_have_answers_of_their_own() -> None:
    assert refused(first=b"OPTIONS icap://h/x ICAP/2.0\r\n") is Status.VERSION
    assert refused(NOTHING_IN, first=b"FOO x ICAP/1.0\r\n") is Status.NO_METHOD
    assert refused(b"Host: h", first=b"FOO x ICAP/1.0\r\n") is Status.BAD_REQUEST


def test_only_options_may_leave_out_encapsulated() -> None:
    assert refused(b"Host: h") is Status.BAD_REQUEST
    assert read_head(b"OPTIONS x ICAP/1.0\r\nHost: h").sections.body == ""


@pytest.mark.parametrize(
    "line",
    [
        b" folded: x",
        b"\tfolded",
        b"Host : h",
        b"no colon",
        b": nothing",
        b"a\0b: c",
        b"a: \0",
        b"a: b\nc: d",
        b"a: b\rc",
        b"a: \x1b[31m",
        b"Preview: -1",
        b"Preview: 0x10",
        b"Preview: 99999999999",
        b"Preview:",
        b"Encapsulated: null-body=0",
    ],
)
def test_a_line_that_can_be_read_in_two_ways_is_refused(line: bytes) -> None:
    read(NOTHING_IN)
    assert refused(NOTHING_IN, line) is Status.BAD_REQUEST


def test_fields_that_count_must_not_be_there_twice() -> None:
    for line in (b"Preview: 0", b"Host: h"):
        read(NOTHING_IN, line)
        refused(NOTHING_IN, line, line)


def test_lists_may_be_spread() -> None:
    assert read(NOTHING_IN, b"Allow: 206", b"Allow: 204").allows_204
    assert not read(NOTHING_IN, b"Allow: 2040, trailers").allows_204


def test_a_flood_of_fields_is_refused() -> None:
    read(NOTHING_IN, *[b"a: b"] * (MOST_FIELDS - 1))
    refused(NOTHING_IN, *[b"a: b"] * MOST_FIELDS)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_head_or_a_fault(data: bytes) -> None:
    for block in (data, ASKED + data, ASKED + NOTHING_IN + b"\r\n" + data):
        try:
            head = read_head(block)
        except Fault as fault:
            assert fault.status in Status
        else:
            assert head.service.isascii()
