"""Replies of clamd are read, however they arrive, and nothing else is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.faces.clamav.wire import (
    MOST_REPLY,
    Meaning,
    Replies,
    Reply,
    Unclear,
    chunk,
    command,
    numbered,
    reply,
)


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (b"stream: OK", Reply(b"stream", Meaning.CLEAN)),
        (b"/a: b: OK", Reply(b"/a: b", Meaning.CLEAN)),
        (b"/a: X.Y FOUND", Reply(b"/a", Meaning.FOUND, b"X.Y")),
        (b"/a: b: X FOUND", Reply(b"/a: b", Meaning.FOUND, b"X")),
        (b"fd[1]: Slow ERROR", Reply(b"fd[1]", Meaning.FAILED, b"Slow")),
        (b"Too long. ERROR", Reply(b"", Meaning.FAILED, b"Too long.")),
    ],
)
def test_replies_are_read(line: bytes, read: Reply) -> None:
    assert reply(line) == read


@pytest.mark.parametrize(
    "line", [b"", b"OK", b"PONG", b"stream: FOUND", b"NOT OK", b"/a:OK", b"a: OKAY"]
)
def test_what_is_unsure_is_never_clean(line: bytes) -> None:
    with pytest.raises(Unclear):
        reply(line)


@given(st.binary(max_size=80))
def test_any_line_is_read_or_refused(line: bytes) -> None:
    for whole in (line, b"/a: " + line + b" FOUND", line + b": OK"):
        try:
            said = reply(whole)
        except Unclear:
            continue
        assert said.about in whole
        assert said.text in whole
        assert (said.meaning is Meaning.CLEAN) == whole.endswith(b": OK")


@given(st.lists(st.binary(max_size=20).map(lambda b: b.replace(b"\0", b""))), st.data())
def test_lines_come_out_however_they_were_cut(
    lines: list[bytes], data: st.DataObject
) -> None:
    left = b"".join(line + b"\0" for line in lines) + b"rest"
    replies = Replies()
    found: list[bytes] = []
    while left:
        size = data.draw(st.integers(1, len(left)))
        found += replies.receive(left[:size])
        left = left[size:]
    assert found == lines
    assert replies.rest() == b"rest"


def test_a_line_without_an_end_is_refused() -> None:
    replies = Replies()
    assert list(replies.receive(bytes([65]) * MOST_REPLY)) == []
    with pytest.raises(Unclear, match="overlong"):
        list(replies.receive(b"A"))


@given(st.integers(0, 10**18 - 1), st.binary(max_size=30))
def test_a_reply_in_a_session_has_its_number(number: int, line: bytes) -> None:
    assert numbered(b"%d: %b" % (number, line)) == (number, line)


@pytest.mark.parametrize("line", [b"", b"stream: OK", b": x", b"-1: x", b"1:x"])
def test_without_a_number_it_is_none(line: bytes) -> None:
    with pytest.raises(Unclear):
        numbered(line)


def test_commands_and_chunks_as_they_are_sent() -> None:
    assert command(b"PING") == b"zPING\0"
    assert chunk(b"abc") == b"\0\0\0\x03abc"
    assert chunk(b"") == bytes(4)
    with pytest.raises(Unclear):
        command(b"SCAN a\0SHUTDOWN")
