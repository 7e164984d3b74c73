"""Behaviour of the mail reader."""

import base64
import string
from email.message import EmailMessage

import pytest
from support.mail import (
    DATA,
    ENCODED,
    HEADER,
    MIXED,
    PLAIN,
    SECTION,
    TEXT,
    opened,
    opened_deep,
    said,
    uuencode,
)
from support.parts import named

from clearward.core.part import Gap
from clearward.core.reader import CHUNK, Reader
from clearward.core.reasons import Reason
from clearward.formats.mail.boundaries import MOST
from clearward.formats.unpack import mail

ALPHABET = (string.ascii_letters + string.digits + "+/").encode()


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r", b"\r\r\n"])
@pytest.mark.parametrize(
    "message",
    [
        pytest.param(HEADER + ENCODED + b"\n" + TEXT, id="no multipart"),
        pytest.param(MIXED + SECTION + b"--X--\n", id="a multipart"),
        pytest.param(MIXED + SECTION, id="not terminated"),
        pytest.param(b"\n\n \n" + MIXED + SECTION, id="blank lines in front"),
        pytest.param(b">From a\n" + MIXED + SECTION, id="a quoted line in front"),
        pytest.param(MIXED + PLAIN + SECTION + PLAIN + b"--X--\n", id="among others"),
        pytest.param(MIXED + b"preamble\n" + SECTION, id="preamble"),
        pytest.param(MIXED + b"--X--\n" + SECTION, id="behind the end"),
        pytest.param(MIXED + b"--X\n--X\n\n--X\n\n\n" + SECTION, id="empty sections"),
        pytest.param(MIXED + SECTION + b"--X-- \nepilogue", id="epilogue"),
        pytest.param(SECTION, id="no header"),
        pytest.param(HEADER + b"\n" + SECTION + b"--X--\n", id="nothing declared"),
        pytest.param(HEADER + b"\ntext\n" + ENCODED + b"\n" + TEXT, id="as text"),
        pytest.param(MIXED.replace(b"=X", b"=Y") + SECTION, id="wrong boundary"),
        pytest.param(
            MIXED.replace(b"=X", b"=Y;boundary=X") + SECTION, id="two of them"
        ),
        pytest.param(MIXED + b"--Xtra\n" + SECTION[4:], id="a longer line"),
        pytest.param(MIXED + b"--X" + b"y" * 990 + SECTION[3:], id="a long line"),
        pytest.param(MIXED + b"--X\n " + SECTION[4:], id="indented"),
        pytest.param(MIXED + b"--X\njunk\n" + SECTION[4:], id="junk in the header"),
        pytest.param(MIXED + SECTION.replace(b"base64", b'"BASE64" ;'), id="spelling"),
        pytest.param(
            MIXED
            + SECTION.replace(b"base64", b"7bit\nContent-Transfer-Encoding: base64"),
            id="two encodings",
        ),
        pytest.param(
            MIXED
            + b"--X\nContent-Type: multipart/related; boundary=XY\n\n"
            + SECTION.replace(b"--X", b"--XY")
            + b"--XY--\n"
            + PLAIN,
            id="nested, the inner boundary longer",
        ),
        pytest.param(
            MIXED + b"--X\nContent-Type: multipart/x; boundary=Y\n\n--Y\n" + SECTION,
            id="nested, not terminated",
        ),
    ],
)
def test_an_attachment_is_found(message: bytes, line_end: bytes) -> None:
    message = message.replace(b"\n", line_end)
    assert mail.recognises(message, Reader.of(message))
    assert DATA in opened(message)


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_what_is_not_encoded_is_a_slice_of_the_message(line_end: bytes) -> None:
    message = (MIXED + b"--X\n\n\0a\n\nb\n\n--X--\n").replace(b"\n", line_end)
    assert opened(message) == [b"\0a\n\nb\n".replace(b"\n", line_end)]


def test_names_come_with_the_parts() -> None:
    section = SECTION.replace(b"stream\n", b'stream; name="a b.exe"\n')
    assert (b"a b.exe", DATA) in named(mail.unpack(Reader.of(MIXED + section)))


@pytest.mark.parametrize(
    "between",
    [
        pytest.param(b"--Xtra", id="a longer boundary"),
        pytest.param(b"--Y", id="another boundary"),
        pytest.param(b"--Z\nContent-Type: a/b", id="a boundary of nobody"),
        pytest.param(b"Content-Transfer-Encoding: base64", id="a field"),
    ],
)
def test_a_section_is_read_past_lines_that_only_some_take_for_boundaries(
    between: bytes,
) -> None:
    # To a program that knows only X, the line is junk between letters of base64.
    half = TEXT.index(b"\n", 300) + 1
    front = MIXED.replace(b"=X", b"=X; boundary=Y") + SECTION[: -len(TEXT)]
    text = TEXT[:half] + between + b"\n" + TEXT[half:]
    letters = text.translate(None, bytes(set(text) - set(ALPHABET)))
    letters += b"A" * (-len(letters) % 4)
    assert base64.b64decode(letters)[: len(DATA)] in [
        part[: len(DATA)] for part in opened(front + text + b"--X\n\ntext\n--X--\n")
    ]


def test_a_section_that_never_ends_is_read_to_the_end_of_the_message() -> None:
    message = MIXED + b"--X\n\nfirst\n--Xtra\n\nsecond\n--Xtra\n\nthird"
    found = opened(message)
    assert found[:3] == [b"first", b"second", b"third"]
    assert b"first\n--Xtra\n\nsecond\n--Xtra\n\nthird" in found


def test_every_encoding_of_a_section_is_read_again() -> None:
    message = HEADER + ENCODED + b"\n" + TEXT + b"--Z\nContent-Type: x/y\n\ntext"
    assert DATA in opened(message)


def test_a_multipart_that_is_encoded_as_a_whole_is_a_message_again() -> None:
    inner = base64.encodebytes(b"--X\n" + ENCODED + b"\n" + TEXT)
    for message in (
        HEADER + b"Content-Transfer-Encoding: base64\n" + MIXED[len(HEADER) :] + inner,
        MIXED
        + b"--X\nContent-Type: multipart/x; boundary=X\n"
        + b"Content-Transfer-Encoding: base64\n\n"
        + inner
        + b"--X--\n",
    ):
        assert DATA in opened_deep(message)


@pytest.mark.parametrize("encoding", ["7bit", "base64"])
@pytest.mark.parametrize("front", [b"", b"junk\n", b"Foo: b\n"])
def test_an_attached_message_is_a_part_that_is_mail(
    encoding: str, front: bytes
) -> None:
    inner = front + MIXED.replace(b"=X", b"=Y") + SECTION.replace(b"--X", b"--Y")
    text = inner if encoding == "7bit" else base64.encodebytes(inner)
    message = b"%s--X\nContent-Type: message/rfc822\n" % MIXED
    message += b"Content-Transfer-Encoding: %s\n\n" % encoding.encode()
    message += text + b"\n--X--\n"
    assert inner.rstrip() in [part.rstrip() for part in opened(message)]
    assert DATA in opened_deep(message)


def test_nested_attached_messages_are_opened_one_by_one() -> None:
    message = MIXED + SECTION
    for _ in range(40):
        message = HEADER + b"Content-Type: message/rfc822\n\n" + message
    assert DATA in opened_deep(message)
    assert len(opened(message)) == 1


def test_nested_multiparts_are_read_at_once_however_deep_they_are() -> None:
    front = b"".join(
        b"--B%d.\nContent-Type: multipart/mixed; boundary=B%d.\n\n" % (at, at + 1)
        for at in range(500)
    )
    message = (
        MIXED.replace(b"=X", b"=B0.") + front + SECTION.replace(b"--X", b"--B500.")
    )
    assert DATA in opened(message)


@pytest.mark.parametrize("end", [b"`\nend\n", b"", b"--\nname of the sender"])
@pytest.mark.parametrize(
    "front",
    [
        pytest.param(HEADER + b"\n", id="a body"),
        pytest.param(HEADER + b"\ntext\n\n", id="behind text"),
        pytest.param(MIXED + b"--X\n\ntext\n", id="in a section"),
        pytest.param(MIXED + b"--X\n", id="without a header"),
        pytest.param(
            MIXED + b"--X\nContent-Transfer-Encoding: x-uuencode\n\n", id="declared"
        ),
    ],
)
def test_uuencoded_files_are_found_in_text(front: bytes, end: bytes) -> None:
    message = front + uuencode(DATA) + end
    assert any(part.startswith(DATA) for part in opened(message))
    twice = front + uuencode(b"first") + b"`\nend\n" + uuencode(DATA) + b"`\nend\n"
    assert DATA in opened(twice)
    assert b"first" in opened(twice)


def test_uuencode_does_not_need_its_first_line_if_it_is_declared() -> None:
    lines = uuencode(DATA).split(b"\n", 1)[1]
    message = HEADER + b"Content-Transfer-Encoding: uuencode\n\n" + lines
    assert DATA in opened(message)


def test_a_uuencoded_file_is_read_past_lines_that_only_some_take_for_boundaries() -> (
    None
):
    text = uuencode(DATA)
    half = text.index(b"\nM", 200) + 1
    message = MIXED + b"--X\n\n" + text[:half] + b"--X!\n" + text[half:] + b"--X--\n"
    assert any(part.endswith(b"payload") for part in opened(message))


def test_yenc_is_found_in_text() -> None:
    message = HEADER + b"\ntext\n=ybegin line=128 size=2 name=a\nkl\n=yend\n"
    assert b"AB" in opened(message)


def test_binhex_in_text_is_a_part() -> None:
    text = b"(This file must be converted with BinHex 4.0)\n:abc:"
    assert text in opened(HEADER + b"\nhello\n" + text)


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-7"])
def test_text_in_another_charset_is_shown_as_utf_8(charset: str) -> None:
    message = EmailMessage()
    message["From"] = message["To"] = "a@example.org"
    text = "<script>alert('ä')</script>"
    message.set_content(text.encode(charset), "text", "html", cte="base64")
    message.set_param("charset", charset)
    assert any(text.encode() in part for part in opened(message.as_bytes()))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"Content-Type: multipart/encrypted; boundary=X\n\ntext", Reason.ENCRYPTED),
        (b"\ntext\n-----BEGIN PGP MESSAGE-----\nabc\n" * 2, Reason.ENCRYPTED),
        (b"Content-Type: message/partial\n\ntext", Reason.TRUNCATED),
        (b"Content-Type: message/external-body\n\ntext", Reason.UNSUPPORTED),
        (b"Content-Transfer-Encoding: x-own\n\ntext", Reason.UNSUPPORTED),
    ],
)
def test_what_cannot_be_read_is_a_gap(body: bytes, reason: Reason) -> None:
    items = list(mail.unpack(Reader.of(HEADER + body)))
    assert [item.reason for item in items if isinstance(item, Gap)] == [reason]
    assert len(items) > 1


def test_encrypted_attachments_of_s_mime_are_a_gap() -> None:
    sealed = bytes.fromhex("3080 0609 2a864886f70d010703 a080 3080 020100")
    section = SECTION.replace(TEXT, base64.encodebytes(sealed))
    section = section.replace(b"application/octet-stream", b"application/pkcs7-mime")
    assert said(MIXED + section) == [Reason.ENCRYPTED]


def test_more_second_readings_than_any_message_needs_are_a_gap() -> None:
    message = MIXED + b"--Xtra\n\ntext\n" * (mail.MOST_AGAIN + 1)
    assert said(message) == []
    assert said(message + b"--Xtra\n\ntext\n") == [Reason.PARTS_LIMIT]


def test_more_boundaries_than_any_message_has_are_a_gap() -> None:
    flood = b"".join(b"; boundary=%d." % number for number in range(MOST + 1))
    assert said(MIXED.replace(b"; boundary=X", flood) + PLAIN) == [Reason.PARTS_LIMIT]


def test_an_attachment_larger_than_any_window_is_read_in_chunks() -> None:
    data = DATA * 2000
    message = MIXED + SECTION.replace(TEXT, base64.encodebytes(data)) + PLAIN
    assert len(message) > 5 * CHUNK
    assert opened(message) == [data, b"text\n"]
