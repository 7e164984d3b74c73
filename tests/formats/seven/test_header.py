"""Behaviour of the reader of a 7z header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.formats.seven.fields import Fields
from clearward.formats.seven.header import Header, read_header

STREAMS = b"\6\0\1\x09\5\0\7\x0b\1\0\1\1\0\x0c\5\0\x08\x0d\2\x09\2\0\0"


def names(*texts: str) -> bytes:
    data = b"\0" + "".join(text + "\0" for text in texts).encode("utf-16-le")
    return b"\x11" + bytes((len(data),)) + data


def read(data: bytes) -> Header:
    return read_header(Fields(data, 0))


def test_a_header_may_be_empty() -> None:
    assert read(b"\0") == Header()


def test_archive_properties_are_passed_over() -> None:
    assert read(b"\2\x11\2ab\x12\0\0\0") == Header()


def test_additional_streams_are_kept_apart() -> None:
    header = read(b"\3" + STREAMS + b"\4" + STREAMS + b"\0")
    assert len(header.additional) == len(header.main) == 1


def test_empty_files_take_no_stream_and_no_name() -> None:
    files = b"\5\4\x0e\1\xa0\x15\1x" + names("d", "a", "e", "ü") + b"\0\0"
    header = read(b"\4" + STREAMS + files)
    assert header.names == (b"a", "ü".encode())
    assert header.fault is None


def test_names_in_another_stream_are_missing() -> None:
    header = read(b"\4" + STREAMS + b"\5\2\x11\2\1\0\0\0")
    assert (header.names, header.fault) == ((b"",), None)


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(b"\5\3\0\0", id="too many files"),
        pytest.param(b"\5\xff" + b"\xff" * 8 + b"\0\0", id="far too many files"),
        pytest.param(b"\5\2\x0e\1\x80\0\0", id="too few files"),
        pytest.param(b"\5\2\x0e\x7f", id="cut"),
        pytest.param(b"\x66", id="unknown property"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\4\5", id="other streams that are wrong"),
    ],
)
def test_a_fault_behind_the_streams_does_not_cost_them(rest: bytes) -> None:
    header = read(b"\4" + STREAMS + rest)
    assert len(header.main) == 1
    assert isinstance(header.fault, Malformed)


@pytest.mark.parametrize("data", [b"", b"\x66", b"\5\xff" + b"\xff" * 8 + b"\0\0"])
def test_a_header_without_streams_is_refused_if_it_is_wrong(data: bytes) -> None:
    with pytest.raises(Malformed):
        read(data)


@given(st.binary(max_size=60))
def test_arbitrary_bytes_give_a_header_or_an_error(data: bytes) -> None:
    try:
        header = read(b"\4" + STREAMS + b"\5" + data)
    except Malformed:
        return
    assert len(header.names) <= 2
