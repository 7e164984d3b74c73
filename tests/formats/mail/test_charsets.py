"""Behaviour of the view of text as UTF-8."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.mail.charsets import DECODERS, as_utf8, decoders

TEXT = "<script>alert(1)</script> ä€"


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        (b"utf-16le", "utf-16-le"),
        (b"UTF-16", "utf-16-le"),
        (b"UTF-16", "utf-16-be"),
        (b'"utf_32be"', "utf-32-be"),
        (b"unicode-1-1-utf-7", "utf-7"),
    ],
)
def test_text_is_shown_as_utf_8(charset: bytes, codec: str) -> None:
    data = TEXT.encode(codec)
    chunks = [data[at : at + 3] for at in range(0, len(data), 3)]
    views = [b"".join(as_utf8(chunks, decoder)) for decoder in decoders(charset)]
    assert TEXT.encode() in views


@pytest.mark.parametrize("charset", [b"IBM037", b"cp500", b"ebcdic-cp-500"])
def test_letters_of_other_machines_are_shown_as_utf_8(charset: bytes) -> None:
    (decoder,) = decoders(charset)
    assert b"".join(as_utf8([b"\x81\x82\x83"], decoder)) == b"abc"


@pytest.mark.parametrize("charset", [b"utf-8", b"us-ascii", b"iso-8859-1", b"?", b""])
def test_text_that_holds_ascii_as_it_is_needs_no_view(charset: bytes) -> None:
    assert decoders(charset) == ()


@given(st.sampled_from(sorted(DECODERS)), st.binary(max_size=40), st.integers(1, 5))
def test_anything_can_be_shown(charset: bytes, data: bytes, size: int) -> None:
    for decoder in decoders(charset):
        chunks = [data[at : at + size] for at in range(0, len(data), size)]
        assert len(b"".join(as_utf8(chunks, decoder))) <= 3 * len(data) + 3
