"""Heads of HTTP, read kindly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.faces.icap.http_head import NO_HEAD, read_http

ANSWER = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("value", "hidden"),
    [
        (b"gzip", False),
        (b"x-gzip, zstd", False),
        (b"Identity", False),
        (b"UTF-8", False),
        (b"", False),
        (b"br", True),
        (b"gzip, br", True),
        (b"deflate", True),
        (b"dcb", True),
        (b"unheard-of", True),
    ],
)
def test_what_a_scan_does_not_see_through_is_known(value: bytes, hidden: bool) -> None:  # noqa: FBT001 - a row
    assert read_http(ANSWER + b"content-ENCODING: " + value).hidden is hidden
    assert read_http(ANSWER + b"Transfer-Encoding:" + value + b"\r\n").hidden is hidden


def test_every_field_of_a_name_counts() -> None:
    head = ANSWER + b"Content-Encoding: gzip\r\nContent-Encoding:\r\n br\r\n\r\n"
    assert read_http(head).hidden


def test_the_address_is_that_of_a_request() -> None:
    assert read_http(b"PUT / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n").target == b"/"
    assert read_http(ANSWER).target == b""
    assert read_http(b"") == NO_HEAD


def test_a_length_is_believed_only_if_there_is_one() -> None:
    assert read_http(ANSWER + b"Content-Length: 10\r\n").length == 10
    for wrong in (b"-1", b"1, 2", b"x", b"9" * 30):
        assert read_http(ANSWER + b"Content-Length: " + wrong).length is None
    twice = b"Content-Length: 1\r\nContent-Length: 2\r\n"
    assert read_http(ANSWER + twice).length is None


def test_a_body_of_several_parts_has_a_head_of_mime() -> None:
    head = ANSWER + b"Content-Type: Multipart/form-data;\r\n boundary=X\r\n\r\n"
    assert read_http(head).mime == (
        b"MIME-Version: 1.0\r\ncontent-type: Multipart/form-data; boundary=X\r\n\r\n"
    )


def test_so_has_one_with_a_transfer_encoding() -> None:
    assert b"base64" in read_http(ANSWER + b"Content-Transfer-Encoding: base64").mime
    for plain in (b"binary", b"8bit"):
        assert not read_http(ANSWER + b"Content-Transfer-Encoding: " + plain).mime
    assert not read_http(ANSWER + b"Content-Type: text/html; charset=x").mime


def test_parts_behind_an_encoding_are_hidden() -> None:
    head = ANSWER + b"Content-Type: multipart/mixed; boundary=X\r\n"
    assert not read_http(head).hidden
    assert read_http(head + b"Content-Encoding: gzip\r\n").hidden


@given(st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    for head in (data, ANSWER + data, b"GET / HTTP/1.1\r\nContent-Type:" + data):
        read = read_http(head)
        assert len(read.mime) < 10_000
        assert read.length is None or read.length >= 0
