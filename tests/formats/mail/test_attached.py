"""Behaviour of the readers of files that are set into text."""

import base64
import binascii
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import named

from clearward.core.reader import Reader
from clearward.formats.mail import attached
from clearward.formats.mail.marks import find

MARK = re.compile(rb"[\r\n](?:" + attached.BEGIN + rb"|" + attached.YENC + rb")")


def uuencode(data: bytes, end: bytes = b"`\nend\n") -> bytes:
    lines = [binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)]
    return b"begin 644 a b.bin\n" + b"".join(lines) + end


def yenc(data: bytes, width: int = 20) -> bytes:
    text = bytearray()
    column = 0
    for byte in data:
        letter = (byte + 42) % 256
        escaped = letter in b"\0\r\n=" or (column == 0 and letter in b".")
        text += bytes([61, (letter + 64) % 256]) if escaped else bytes([letter])
        column += 1
        if column >= width:
            text += b"\r\n"
            column = 0
    head = b"=ybegin line=20 size=%d name=a b.bin\r\n" % len(data)
    return head + bytes(text) + b"\r\n=yend size=%d\r\n" % len(data)


def read(text: bytes) -> list[tuple[bytes, bytes]]:
    part = Reader.of(text)
    mark = next(find(part, MARK, 0))
    return named(attached.parts(part, mark, part.size))


@given(st.binary(max_size=300))
def test_uuencode_comes_back_with_its_name(data: bytes) -> None:
    assert read(b"text\n" + uuencode(data) + b"more text") == [(b"a b.bin", data)]


@given(st.binary(min_size=1, max_size=300))
def test_base64_in_the_manner_of_uuencode_comes_back(data: bytes) -> None:
    text = b"begin-base64 644 a\n" + base64.encodebytes(data) + b"====\nmore text"
    assert read(text) == [(b"a", data)]


@given(st.binary(max_size=300))
def test_yenc_comes_back_with_its_name(data: bytes) -> None:
    assert read(yenc(data) + b"more text") == [(b"a b.bin", data)]


@pytest.mark.parametrize("end", [b"", b"`\n", b" \n", b"end", b"`\r\nend\r\n"])
def test_the_end_of_uuencode_may_be_missing(end: bytes) -> None:
    data = bytes(range(200))
    assert read(uuencode(data, end)) == [(b"a b.bin", data)]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"$    P   ", id="as it is written"),
        pytest.param(b"$````P```", id="with other letters for zero"),
        pytest.param(b"$    P   x", id="a check letter"),
        pytest.param(b"$    P  x", id="junk in the last group"),
        pytest.param(b"$    \x90", id="a letter out of range"),
        pytest.param(b"$\xa0\xa0\xa0\xa0P", id="bytes out of range"),
        pytest.param(b"$    P\r\r", id="carriage returns"),
    ],
)
def test_lines_of_uuencode_are_read_leniently(line: bytes) -> None:
    assert read(b"begin 644 a\n" + line + b"\nend\n") == [(b"a", b"\0\0\0\xc0")]


def test_spaces_that_were_cut_off_count_as_zero() -> None:
    assert read(b"begin 644 a\n$\nend\n") == [(b"a", bytes(4))]


def test_data_behind_an_empty_line_is_read_and_left_out() -> None:
    text = uuencode(b"first", b"`\n#86)C\nend\n")
    assert read(text) == [(b"a b.bin", b"firstabc"), (b"a b.bin", b"first")]


def test_the_end_of_base64_may_be_missing_or_far() -> None:
    data = bytes(1000)
    text = b"begin-base64 644 a\n" + base64.b64encode(data)
    assert read(text) == [(b"a", data)]


def test_long_lines_are_read_in_chunks() -> None:
    data = bytes(range(256)) * 4000
    assert read(yenc(data, width=10**7)) == [(b"a b.bin", data)]
    text = b"begin-base64 644 a\n" + base64.b64encode(data) + b"\n====\n"
    assert read(text) == [(b"a", data)]


def test_a_line_without_end_is_not_kept_whole() -> None:
    text = b"begin 644 a\n" + b"M" + b"`" * 600_000 + b"\n#86)C\nend\n"
    assert read(text) == [(b"a", bytes(45) + b"abc")]


def test_control_lines_of_yenc_may_stand_between_chunks() -> None:
    text = b"\r\n=ypart begin=1 end=2\r\nkl\r\n=ybegin part=2\r\nmn=\xa7\r\n"
    for size in range(1, len(text)):
        chunks = [text[at : at + size] for at in range(0, len(text), size)]
        joined = b"".join(attached.yencoded([*chunks, b"=yend\r\nxyz"]))
        assert joined == b"ABCD="


def test_a_yenc_file_may_have_no_name() -> None:
    assert read(b"=ybegin line=128\r\nkl\r\n") == [(b"", b"AB")]


@given(
    st.sampled_from([b"begin 644 a\n", b"begin-base64 644 a\n", b"=ybegin x\n"]),
    st.binary(max_size=100),
)
def test_anything_can_be_read(begin: bytes, data: bytes) -> None:
    for _, content in read(begin + data):
        assert len(content) <= 63 * len(data)
