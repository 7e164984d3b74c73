"""What a PDF shows."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.extraction.shown import is_content, links_of, text_of


@pytest.mark.parametrize(
    ("stream", "text"),
    [
        (b"BT (evil.com) Tj ET", "evil.com\n"),
        (b"BT [(ev)-20(il)-300(a)] TJ ET", "evil a\n"),
        (b"BT <006500760069006c> Tj ET", "evil\n"),
        (b"BT (a) Tj 0 -14 Td (b) Tj 10 0 Td (c) Tj T* (d) ' ET", "a\nb c\n\nd\n"),
        (b"BT (a\\(b\\)) Tj ET", "a(b)\n"),
        (b"BT /F1 12 Tf (a) Tj", "a"),
    ],
)
def test_a_stream_is_read_as_it_is_shown(stream: bytes, text: str) -> None:
    assert text_of(stream) == text


def test_links_in_plain_sight_are_read() -> None:
    assert (
        links_of(b"/URI (http://a.example/\\(b\\)) /URI(x)")
        == "http://a.example/(b)\nx"
    )


def test_streams_that_show_text_are_known() -> None:
    assert is_content(b"BT (a) Tj ET")
    assert not is_content(b"/CIDInit")


@given(st.binary())
def test_any_bytes_are_read(stream: bytes) -> None:
    text_of(stream)
    links_of(stream)


@pytest.mark.parametrize(
    "piece", [b"(", b"(a", b"<", b"[", b"1.", b"BT ", b"/URI (", b"\\"]
)
def test_a_hostile_megabyte_takes_no_second(piece: bytes) -> None:
    data = piece * (1_000_000 // len(piece))
    started = time.process_time()
    text_of(data)
    links_of(data)
    assert time.process_time() - started < 1.5
