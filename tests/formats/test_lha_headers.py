"""Behaviour of LHA headers: the content is found at every level."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reader import Reader
from clearward.formats.lha_headers import Header, headers

CRC = 0xABCD


def little(value: int, size: int) -> bytes:
    return value.to_bytes(size, "little")


def member(level: int, content: bytes, *, extended: bytes = b"") -> bytes:
    fixed = b"-lh1-%s" + little(99, 4) + bytes(4) + b" " + bytes((level,))
    crc = little(CRC, 2)
    if level < 2:
        head = fixed % little(len(content) + len(extended), 4) + b"\3a.b" + crc
        if level:
            head += b"U" + little(len(extended), 2)
        return bytes((len(head), 0)) + head + extended + content
    head = fixed % little(len(content), 4)
    if level == 2:
        rest = crc + b"U" + little(len(extended), 2) + extended
        return little(2 + len(head) + len(rest), 2) + head + rest + content
    rest = crc + b"U"
    size = 2 + len(head) + len(rest) + 8 + len(extended)
    rest += little(size, 4) + little(len(extended), 4) + extended
    return b"\4\0" + head + rest + content


@pytest.mark.parametrize("level", range(4))
@pytest.mark.parametrize("ext", [b"", b"\1name\0\0"])
def test_members_follow_each_other(level: int, ext: bytes) -> None:
    if level == 3:
        ext = ext and b"\1name\0\0\0\0"
    if level == 0:
        ext = b""
    one = member(level, b"content", extended=ext)
    data = one + member(level, b"more", extended=ext) + b"\0\0"
    found = list(headers(Reader.of(data)))
    first, second = len(one) - 7, len(data) - 2 - 4
    assert found == [
        Header(b"-lh1-", first, 7, 99, CRC),
        Header(b"-lh1-", second, 4, 99, CRC),
    ]


@given(st.binary(max_size=99))
def test_arbitrary_bytes_are_no_trouble(data: bytes) -> None:
    assert len(list(headers(Reader.of(data)))) <= len(data)
