"""Behaviour of the reader of header values."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.mail import values


def boundaries(value: bytes) -> list[bytes]:
    return [
        found
        for reading in values.readings(value)
        for found in values.parameters(reading, values.BOUNDARY)
    ]


@pytest.mark.parametrize(
    ("value", "boundary"),
    [
        pytest.param(b"multipart/mixed; boundary=X", b"X", id="bare"),
        pytest.param(b'multipart/mixed; BOUNDARY = "a b"', b"a b", id="quoted"),
        pytest.param(b'multipart/mixed; boundary="a\\"b"', b'a"b', id="escaped"),
        pytest.param(b'multipart/mixed; boundary="X;"', b"X;", id="semicolon, kept"),
        pytest.param(b'multipart/mixed; boundary="X;"', b"X", id="semicolon, ends"),
        pytest.param(b'multipart/mixed; boundary="X', b"X", id="quote does not end"),
        pytest.param(b"multipart/mixed; boundary='X'", b"X", id="other quotes"),
        pytest.param(b"multipart/mixed; boundary=a b; c", b"a", id="space ends"),
        pytest.param(b"multipart/mixed; boundary=a b; c", b"a b", id="space, kept"),
        pytest.param(b"multipart/mixed boundary=X", b"X", id="no semicolon"),
        pytest.param(b"multipart/mixed; boundary=X;;", b"X", id="semicolons behind"),
        pytest.param(b"multipart/mixed; boundary=X; boundary=Y", b"Y", id="two"),
        pytest.param(b"multipart/mixed; boundary=X boundary=Y", b"Y", id="two, spaced"),
        pytest.param(b"multipart/mixed;\r\n\tboundary=X", b"X", id="folded"),
        pytest.param(b'm/m; boundary="a\r\n b"', b"a b", id="folded, space kept"),
        pytest.param(b'm/m; boundary="a\r\n b"', b"ab", id="folded, space dropped"),
        pytest.param(b'm/m; boundary="a\r b"', b"a b", id="folded by half a line end"),
        pytest.param(b"m/m; boundary(c)=(d)X(e)", b"X", id="comments"),
        pytest.param(b"m/m; boundary=X(e)", b"X(e)", id="comments, kept"),
        pytest.param(b"m/m; boundary=(((a)b)c)X", b"X", id="nested comments"),
        pytest.param(b'm/m; a="("; boundary=X', b"X", id="no comment in quotes"),
        pytest.param(b'm/m; (\\)") boundary=X', b"X", id="escapes in a comment"),
        pytest.param(b"m/m; boundary*=utf-8''a%20b", b"a b", id="RFC 2231"),
        pytest.param(b"m/m; boundary*=X", b"X", id="RFC 2231 without charset"),
        pytest.param(b'm/m; boundary*1="cd"; boundary*0="ab"', b"abcd", id="pieces"),
        pytest.param(
            b"m/m; boundary*0*=us-ascii'en'a%62; boundary*1=cd", b"abcd", id="both"
        ),
        pytest.param(b"m/m; boundary==?us-ascii?Q?X=59?=", b"XY", id="encoded word"),
        pytest.param(b"m/m; boundary==?a?b?WFk?=", b"XY", id="base64 word"),
    ],
)
def test_a_boundary_is_found_however_it_is_written(
    value: bytes, boundary: bytes
) -> None:
    assert boundary in boundaries(value)


@pytest.mark.parametrize(
    "value", [b"multipart/mixed", b"m/m; my-boundary=X", b"m/m; boundary", b"", b"()"]
)
def test_what_is_no_boundary_is_none(value: bytes) -> None:
    assert boundaries(value) == []


def test_an_encoded_word_that_is_none_is_kept() -> None:
    assert b"=?a?b?A?=" in values.readings(b"=?a?b?A?=")


@pytest.mark.parametrize(
    ("value", "left"),
    [
        (b"a(b)c", b"ac"),
        (b"a(b(c)d)e", b"ae"),
        (b"a(b", b"a"),
        (b"a)b", b"a)b"),
        (b'"(a)"b', b'"(a)"b'),
        (b'"(a', b'"(a'),
        (b"a\\(b", b"a\\(b"),
        (b"(a\\)b)c", b"c"),
    ],
)
def test_comments_are_taken_out(value: bytes, left: bytes) -> None:
    assert values.without_comments(value) == left


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(b"(" * 100_000 + b")" * 100_000 + b"; boundary=X", id="comments"),
        pytest.param(b'"' * 200_001 + b"; boundary=X", id="quotes"),
        pytest.param(b'; boundary="a' * 20_000 + b"; boundary=X", id="boundaries"),
        pytest.param(b" boundary=a" * 20_000 + b"; boundary=X", id="without semicolon"),
        pytest.param(b"=?a?b?QUFB?= " * 20_000 + b"; boundary=X", id="words"),
        pytest.param(b"\r" * 200_000 + b"; boundary=X", id="carriage returns"),
        pytest.param(b"\\" * 200_001 + b"; boundary=X", id="escapes"),
    ],
)
def test_a_flood_takes_linear_time(value: bytes) -> None:
    before = time.process_time()
    boundaries(value)
    assert time.process_time() - before < 2


def test_a_value_too_long_for_all_readings_says_so() -> None:
    long = b"boundary=X;(=?a?b?WFk?=)\n " + b"x" * values.LONGEST
    assert values.is_too_long(long)
    assert not values.is_too_long(long[: values.LONGEST])
    assert b"X" in boundaries(long)
    assert values.readings(long) == (long.replace(b"\n", b""),)


@given(st.text('()"\\;=*? \r\nboundary0%4', max_size=60).map(str.encode))
def test_anything_can_be_read(value: bytes) -> None:
    for found in boundaries(b"boundary=" + value):
        assert len(found) <= len(value)
