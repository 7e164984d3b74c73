"""Behaviour of the readings of one body."""

import base64

import pytest
from support.parts import contents, gaps, named

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.mail.body import as_multipart, items
from clearward.formats.mail.charsets import decoders
from clearward.formats.mail.content import Content, Encoding
from clearward.formats.mail.header import Header, read_header
from clearward.formats.mail.recognise import recognises

ENCRYPTED = bytes.fromhex("30 80 06 09 2a864886f70d010703 a0 80 30 80 02 01")
SIGNED = bytes.fromhex("30 82 01 02 06 09 2a864886f70d010702 a0 82 01 02")
COMPRESSED = bytes.fromhex("30 80 06 0b 2a864886f70d0109100109 a0 80 30 80 02")
AUTHENTICATED = bytes.fromhex("30 80 06 0b 2a864886f70d0109100117 a0 80 30 80 02")


def readings(text: bytes, content: Content, *, begin: int = 0) -> list[bytes]:
    end = text.find(b"--X")
    header = Header(begin, 0, content)
    return contents(items(Reader.of(text), header, len(text) if end < 0 else end))


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        (Encoding.PLAIN, b"test"),
        (Encoding.UNKNOWN, b"test"),
        (Encoding.BASE64, b"dGVzdA=="),
        (Encoding.QUOTED, b"t=65st"),
        (Encoding.UU, b"$=&5S=   \n"),
        (Encoding.YENC, b"\x9e\x8f\x9d\x9e"),
    ],
)
def test_a_body_is_decoded(encoding: Encoding, text: bytes) -> None:
    assert readings(text, Content((encoding,))) == [b"test"]


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r", b""])
def test_the_line_end_in_front_of_a_boundary_belongs_to_it(line_end: bytes) -> None:
    assert readings(b"a\n" + line_end + b"--X", Content())[0] in {b"a\n", b"a"}
    assert readings(b"a" + line_end + b"--X", Content()) == [b"a"]


def test_the_last_line_end_of_a_message_belongs_to_the_body() -> None:
    assert readings(b"a\n", Content()) == [b"a\n"]


@pytest.mark.parametrize("text", [b"", b"\r\n \n", b"\n--X"])
def test_a_blank_body_is_no_part(text: bytes) -> None:
    assert readings(text, Content((Encoding.PLAIN, Encoding.BASE64))) == []


def test_every_encoding_is_a_reading() -> None:
    content = Content((Encoding.PLAIN, Encoding.BASE64, Encoding.QUOTED), name=b"n")
    found = named(items(Reader.of(b"dGVzdA=3D"), Header(0, 0, content), 9))
    assert {name for name, _ in found} == {b"n"}
    # The letters behind what looks like padding make three readings of base64.
    assert [text[:4] for _, text in found] == [b"dGVz", *[b"test"] * 3, b"dGVz"]


def test_text_begins_at_the_first_place_and_data_at_both() -> None:
    message = Reader.of(b"dGVz\ndGVz")
    header = Header(5, 0, Content((Encoding.PLAIN, Encoding.BASE64)))
    found = contents(items(message, header, 9))
    assert found == [b"dGVz\ndGVz", b"testes", b"tes"]


def test_letters_behind_padding_make_more_readings() -> None:
    found = readings(b"dGVzdA==\nZm9v", Content((Encoding.BASE64,)))
    assert found[:2] == [b"testfoo", b"test"]
    assert len(found) == 3


def test_data_behind_an_empty_line_makes_another_reading() -> None:
    text = b"#86)C\n`\n#86)C\n"
    assert readings(text, Content((Encoding.UU,))) == [b"abcabc", b"abc"]


@pytest.mark.parametrize("encoding", [Encoding.PLAIN, Encoding.BASE64])
def test_text_in_another_charset_is_shown_as_utf_8_too(encoding: Encoding) -> None:
    text = "<script>".encode("utf-16-le")
    sent = text if encoding.plain else base64.encodebytes(text)
    content = Content((encoding,), charsets=decoders(b"utf-16le"))
    assert readings(sent, content) == [text, b"<script>"]


def test_an_unknown_encoding_is_a_gap() -> None:
    found = items(Reader.of(b"text"), Header(0, 0, Content((Encoding.UNKNOWN,))), 4)
    assert gaps(found) == [Reason.UNSUPPORTED]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(ENCRYPTED, Reason.ENCRYPTED, id="enveloped"),
        pytest.param(AUTHENTICATED, Reason.ENCRYPTED, id="authenticated"),
        pytest.param(SIGNED, Reason.UNSUPPORTED, id="signed"),
        pytest.param(COMPRESSED, Reason.UNSUPPORTED, id="compressed"),
        pytest.param(b"text", Reason.UNSUPPORTED, id="something else"),
    ],
)
@pytest.mark.parametrize("encoding", [Encoding.PLAIN, Encoding.BASE64])
def test_a_sealed_body_is_a_gap(
    data: bytes, reason: Reason, encoding: Encoding
) -> None:
    text = data if encoding.plain else base64.encodebytes(data)
    header = Header(0, 0, Content((encoding,), cms=True))
    assert gaps(items(Reader.of(text), header, len(text))) == [reason]


@pytest.mark.parametrize("encoding", [Encoding.PLAIN, Encoding.BASE64])
def test_an_attached_message_is_made_to_look_like_one(encoding: Encoding) -> None:
    odd = b"junk\nContent-Type: text/plain\n\ntext"
    text = odd if encoding.plain else base64.encodebytes(odd)
    found = readings(text, Content((encoding,), message=True))
    assert len(found) == 2
    for message in found:
        assert message.endswith(odd)
    assert [recognises(one, Reader.of(one)) for one in found] == [False, True]


def test_an_attached_message_that_looks_like_one_is_left_alone() -> None:
    text = b"From: a\nTo: b\n\ntext"
    assert readings(text, Content(message=True)) == [text]


def test_an_encoded_multipart_is_made_a_message() -> None:
    inner = b'--a"b\n\ntext\n'
    text = base64.encodebytes(inner)
    content = Content((Encoding.BASE64, Encoding.PLAIN), boundaries=(b'a"b', b"c\\d"))
    header = Header(0, 0, content)
    (made,) = contents(as_multipart(Reader.of(text), header, len(text)))
    assert recognises(made, Reader.of(made))
    again = read_header(Reader.of(made), 0)
    assert set(again.content.boundaries) >= {b'a"b', b"c\\d"}
    assert made[again.end :] == inner
