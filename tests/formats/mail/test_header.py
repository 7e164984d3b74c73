"""Behaviour of the reader of header blocks."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.part import Gap
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.mail import header
from clearward.formats.mail.content import NOTHING, Encoding
from clearward.formats.mail.header import Header, read_header

BASE64 = (Encoding.BASE64,)


def read(data: bytes, start: int = 0) -> Header:
    return read_header(Reader.of(data), start)


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r", b"\r\r\n"])
@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([b"Content-Transfer-Encoding: base64"], id="first"),
        pytest.param([b"A: b", b"content-transfer-encoding:base64"], id="second"),
        pytest.param([b"Content-Transfer-Encoding:", b" base64"], id="folded"),
        pytest.param([b"Content-Transfer-Encoding:", b"base64"], id="badly folded"),
        pytest.param([b" Content-Transfer-Encoding: base64"], id="indented"),
        pytest.param([b"Content-Transfer-Encoding(a b) : base64"], id="comment"),
        pytest.param([b"junk", b"Content-Transfer-Encoding: base64"], id="behind junk"),
        pytest.param([b"A: b", b" ", b"Content-Transfer-Encoding: base64"], id="space"),
        pytest.param([b"A: " + b"b" * 9999, b"Content-Transfer-Encoding: base64"]),
    ],
)
def test_a_field_is_found_in_front_of_the_blank_line(
    lines: list[bytes], line_end: bytes
) -> None:
    block = b"".join(line + line_end for line in lines)
    found = read(block + line_end + b"body")
    assert found.content.encodings == BASE64
    assert found.end == len(block + line_end)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\nbody", id="a blank line"),
        pytest.param(b"\r\nContent-Type: multipart/x; boundary=X\r\n\r\n", id="behind"),
        pytest.param(b"--X\n", id="a boundary"),
    ],
)
def test_a_block_may_be_empty(data: bytes) -> None:
    assert read(data).content is NOTHING


def test_a_block_ends_at_a_boundary() -> None:
    data = b"Content-Type: text/plain\n--X\nContent-Type: multipart/x; boundary=Y\n\n"
    found = read(data)
    assert found.end == data.index(b"--X")
    assert found.content.boundaries == ()


@pytest.mark.parametrize(
    ("data", "begin"),
    [
        (b"A: b\nC: d\n\nbody", 11),
        (b"A: b\n c\n\tc\n\nbody", 12),
        (b">From x\nA: b\n\nbody", 14),
        (b"From x\nA: b\n\nbody", 13),
        (b"text\nA: b\n\nbody", 0),
        (b"A: b\ntext\n\nbody", 5),
        (b"A: b\n \nB: c\n\nbody", 5),
        (b"A: b\ntext", 5),
        (b"A: b\n", 5),
        (b"A: b\nContent-Type(x y): b\n\nbody", 27),
    ],
)
def test_a_body_may_begin_at_a_line_that_is_no_field(data: bytes, begin: int) -> None:
    assert read(data).begin == begin


def test_a_block_may_begin_anywhere() -> None:
    data = b"text\n--X\nContent-Transfer-Encoding: base64\n\nbody"
    found = read(data, 9)
    assert (found.begin, found.end) == (len(data) - 4, len(data) - 4)
    assert found.content.encodings == BASE64


@pytest.mark.parametrize("at", range(header.FIRST_READ - 6, header.FIRST_READ + 6))
def test_a_block_may_end_where_the_first_read_ends(at: int) -> None:
    data = b"A: " + b"b" * (at - 3) + b"\r\n\r\nbody"
    assert read(data) == Header(at + 4, at + 4)


def test_a_block_without_end_is_read_as_far_as_is_sensible() -> None:
    data = b"A: " + b"b" * header.MOST + b"\n\nbody"
    found = read(data)
    assert found.end == header.MOST
    assert found.content.gaps == (Gap(Reason.SIZE_LIMIT),)


def test_more_fields_than_any_header_has_are_a_gap() -> None:
    block = b"Content-Type: text/plain\n" * header.MOST_FIELDS
    assert read(block).content.gaps == ()
    assert read(block + b"Content-Type: x").content.gaps == (Gap(Reason.SIZE_LIMIT),)


@pytest.mark.parametrize(
    "flood",
    [
        pytest.param(b"\r", id="carriage returns"),
        pytest.param(b"\n x", id="folds"),
        pytest.param(b"\nx", id="junk"),
        pytest.param(b"Content-Type", id="one name"),
        pytest.param(b"\nContent-Type: multipart/x; boundary=x", id="fields"),
        pytest.param(b"-", id="hyphens"),
    ],
)
def test_a_flood_takes_linear_time(flood: bytes) -> None:
    data = b"Content-Type: x" + flood * (500_000 // len(flood))
    before = time.process_time()
    read(data)
    assert time.process_time() - before < 2


@given(st.text("aC:-\r\n ", max_size=40).map(str.encode), st.integers(0, 40))
def test_the_body_begins_inside_the_part(data: bytes, start: int) -> None:
    start = min(start, len(data))
    found = read(data, start)
    assert start <= found.begin <= found.end <= len(data)
