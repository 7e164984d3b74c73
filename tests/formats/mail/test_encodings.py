"""Behaviour of the readers of base64 and quoted-printable."""

import base64
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.mail.encodings import Base64, Padding, quoted_printable


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def from_base64(
    text: bytes, padding: Padding = Padding.ENDS_A_GROUP, size: int = 1000
) -> bytes:
    return b"".join(Base64(pieces(text, size), padding))


def from_quoted(text: bytes, size: int = 1000) -> bytes:
    return b"".join(quoted_printable(pieces(text, size)))


@given(st.binary(max_size=300), st.integers(1, 40))
def test_base64_comes_back_however_it_is_cut(data: bytes, size: int) -> None:
    assert from_base64(base64.encodebytes(data), size=size) == data


@given(st.binary(max_size=60), st.sampled_from(Padding), st.integers(1, 9))
def test_base64_reads_anything(data: bytes, padding: Padding, size: int) -> None:
    assert len(from_base64(data, padding, size)) <= len(data)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"dGVzdA", id="without padding"),
        pytest.param(b"d\r\nG\r\nV\r\nz\r\ndA==", id="odd line lengths"),
        pytest.param(b"d-G,V\0z\xffd*A==", id="junk between letters"),
        pytest.param(b"=dGVzdA==", id="padding in front"),
        pytest.param(b"dGVzdA=====\r\n\r\n", id="too much padding"),
    ],
)
def test_base64_is_read_leniently(text: bytes) -> None:
    assert from_base64(text) == b"test"


def test_six_bits_alone_are_no_byte() -> None:
    assert from_base64(b"dGVzdA==d") == b"test"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
@pytest.mark.parametrize(
    ("padding", "expected"),
    [
        pytest.param(Padding.ENDS_A_GROUP, b"test more", id="a new group"),
        pytest.param(Padding.ENDS_ALL, b"test", id="the end"),
        pytest.param(Padding.IS_JUNK, b"test\x02\x06\xd6\xf7&", id="junk"),
    ],
)
def test_letters_behind_padding_are_read_in_three_ways(
    padding: Padding, expected: bytes, size: int
) -> None:
    text = Base64(pieces(b"dGVzdA==IG1vcmU=", size), padding)
    assert b"".join(text) == expected


@pytest.mark.parametrize("size", [1, 4, 100])
def test_letters_behind_padding_are_noticed(size: int) -> None:
    resumed = Base64(pieces(b"dGVzdA==\nAA", size))
    ended = Base64(pieces(b"dGVzdA==\n\n", size))
    for text in (resumed, ended):
        list(text)
    assert resumed.resumed
    assert not ended.resumed


@given(st.binary(max_size=200), st.integers(1, 40))
def test_quoted_printable_comes_back_however_it_is_cut(data: bytes, size: int) -> None:
    data = data.replace(b"\r", b"")
    assert from_quoted(quopri.encodestring(data, quotetabs=True), size) == data


@given(st.binary(max_size=60), st.integers(1, 9))
def test_quoted_printable_reads_anything(data: bytes, size: int) -> None:
    assert len(from_quoted(data, size)) <= len(data)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(b"a=3db", b"a=b", id="lower case"),
        pytest.param(b"a=\nb=\r\nc", b"abc", id="soft breaks"),
        pytest.param(b"a=  \t\r\nb", b"ab", id="space behind the sign"),
        pytest.param(b"a=\rb", b"ab", id="carriage return alone"),
        pytest.param(b"a=\r\r\nb", b"ab", id="two carriage returns"),
        pytest.param(b"a=zz=4", b"a=zz=4", id="wrong digits are kept"),
    ],
)
def test_quoted_printable_is_read_leniently(
    text: bytes, expected: bytes, size: int
) -> None:
    assert from_quoted(text, size) == expected


def test_an_escape_that_never_ends_is_not_held_for_ever() -> None:
    text = b"=" + b" " * 5000 + b"\n"
    assert len(from_quoted(text, 100)) > 3000
