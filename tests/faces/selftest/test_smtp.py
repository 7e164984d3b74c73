"""Replies of a mail server are read however they arrive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Refused
from clearward.faces.selftest.chain import NotAble
from clearward.faces.selftest.smtp import MOST_LINE, Replies, Reply, mailbox, stuffed


def test_lines_of_one_reply_are_joined() -> None:
    raw = b"250-mx\r\n250-SIZE 1\r\n250 OK\r\n354 go\n221\r\n"
    assert Replies().receive(raw) == [
        Reply(250, "mx SIZE 1 OK"),
        Reply(354, "go"),
        Reply(221, ""),
    ]


@given(st.lists(st.integers(200, 599)), st.data())
def test_replies_come_out_however_they_were_cut(
    codes: list[int], data: st.DataObject
) -> None:
    left = b"".join(b"%d-a\r\n%d b\r\n" % (code, code) for code in codes)
    replies = Replies()
    found: list[Reply] = []
    while left:
        size = data.draw(st.integers(1, len(left)))
        found += replies.receive(left[:size])
        left = left[size:]
    assert found == [Reply(code, "a b") for code in codes]


@given(st.lists(st.binary(max_size=30)))
def test_any_bytes_are_read_or_refused(pieces: list[bytes]) -> None:
    replies = Replies()
    try:
        for piece in pieces:
            assert all(reply.kind in (2, 3, 4, 5) for reply in replies.receive(piece))
    except NotAble:
        pass


@pytest.mark.parametrize(
    "raw", [b"hello\r\n", b"250" + b"x" * MOST_LINE, b"250-x\r\n" * 200, b"999 x\r\n"]
)
def test_what_is_no_reply_is_refused(raw: bytes) -> None:
    with pytest.raises(NotAble):
        Replies().receive(raw)


@pytest.mark.parametrize("text", ["a", "a@b>\r\nDATA", "a b@c", "<a@b>", "ä@b"])
def test_an_address_cannot_carry_a_command(text: str) -> None:
    with pytest.raises(Refused):
        mailbox(text)


@given(st.lists(st.sampled_from([b"", b".", b"..", b"a", b".a"])))
def test_a_message_comes_back_from_its_dots(lines: list[bytes]) -> None:
    message = b"\r\n".join([*lines, b"end", b""])
    sent = stuffed(message)
    assert sent.endswith(b"\r\n.\r\n")
    body = sent.removesuffix(b".\r\n").split(b"\r\n")
    assert b"." not in body
    read = [line.removeprefix(b".") for line in body]
    assert b"\r\n".join(read) == message
