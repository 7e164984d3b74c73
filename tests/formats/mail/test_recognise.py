"""Behaviour of the recognition of mail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reader import Reader
from clearward.formats.mail.recognise import first_header, past_blanks, recognises

HEAD = 64 * 1024


def known(data: bytes) -> bool:
    return recognises(data[:HEAD], Reader.of(data))


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([b"From: a", b"To: b", b""], id="two names"),
        pytest.param([b"From: a", b"To: b"], id="no body"),
        pytest.param([b"RECEIVED: a", b" b", b"x-mailer: c", b""], id="folded"),
        pytest.param([b"Subject : a", b"Date(c): b", b""], id="space, comment"),
        pytest.param([b"", b" ", b"From: a", b"To: b", b""], id="blank lines before"),
        pytest.param([b">From a", b"From: a", b"To: b", b""], id="a quoted line"),
        pytest.param([b"1234  ", b"From: a", b"To: b", b""], id="its length before"),
        pytest.param([b"Foo: a", b"Subject: b", b"X-Foo: c", b""], id="others before"),
        pytest.param([b"From: a", b"junk", b"To: b", b""], id="junk between"),
        pytest.param([b"Content-Type: text/plain", b""], id="a section"),
        pytest.param([b"Content-Transfer-Encoding: base64"], id="an encoded section"),
        pytest.param([b"Foo: a", b"Content-Type:", b" multipart/x"], id="a multipart"),
        pytest.param([b"--X", b"Content-Type: text/plain", b""], id="a boundary"),
        pytest.param([b"From: a", *[b"Foo: a"] * 20_000, b"To: b"], id="a long header"),
        pytest.param(
            [b"From: a", *[b"Foo: a"] * 20_000, b"From: b", b"Foo: c", b"X-A: b"],
            id="a long header, one name twice",
        ),
        pytest.param(
            [b"Date: a", *[b"Foo: a"] * 20_000, b"X-A: b", b"To: b"],
            id="a long header of common names",
        ),
        pytest.param([b"", *[b""] * 80_000, b"From: a", b"To: b"], id="far down"),
    ],
)
def test_mail_is_known(lines: list[bytes], line_end: bytes) -> None:
    assert known(b"".join(line + line_end for line in lines))


def test_a_byte_order_mark_may_stand_in_front() -> None:
    assert known(b"\xef\xbb\xbfFrom: a\nTo: b\n\n")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n",
        b"\n" * 100_000,
        b"\x7fELF\x02\x01\x01",
        b"import os\nfrom: x\nto: y\n",
        b"Metadata-Version: 2.1\nName: x\nVersion: 1\nSummary: y\n\nFrom: a\nTo: b",
        b"Package: x\nVersion: 1\nMaintainer: y\nArchitecture: all\n",
        b"HTTP/1.1 200 OK\nDate: x\nContent-Type: text/html\n\n",
        b"Date: x\nContent-Type: text/html\nX-Cache: y\nServer: z\n\n",
        b"Format: x\nX-Upstream-Vcs: y\nX-Upstream-Bugs: z\n\n",
        b'msgid ""\nmsgstr ""\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain\\n"\n',
        b"name: x\non:\n  push:\nsubject: y\njobs:\n",
        b"Subject: a line of some text\n\nand more",
        b"To: a\n\nFrom: b",
        b"Content-Type: text/plain",
        b"foo_bar: int\n\nbaz: str\n",
        b"-- a comment of SQL\nContent of it: x",
        b"--X\n\nContent-Type: text/plain",
        b"Foo: a\n" * 20_000 + b"To: b\n",
        b"To: a\n" * 20_000 + b"\nFrom: b\n",
        b"To: a\n" * 20_000 + b"From x\nFrom: b\n",
        b"To: a\n" * 20_000,
    ],
)
def test_other_text_is_not_mail(text: bytes) -> None:
    assert not known(text)


def test_the_first_header_stands_behind_blank_lines() -> None:
    assert first_header(b"\r\n \nFrom: a") == 4
    assert first_header(b"text") is None


@pytest.mark.parametrize(("text", "offset"), [(b"", 0), (b" \n\ta", 3), (b"\n\n", 2)])
def test_blanks_are_passed(text: bytes, offset: int) -> None:
    assert past_blanks(Reader.of(text)) == offset


@given(st.text("From:To x-\r\n ", max_size=60).map(str.encode))
def test_any_text_gets_an_answer(text: bytes) -> None:
    assert isinstance(known(text), bool)
