"""Behaviour of words of a mail: a password in it is found however it is written."""

from base64 import encodebytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.part import Part
from clearward.core.reader import Reader
from clearward.formats import passwords
from clearward.formats.mail.spoken import MOST_NAMES
from clearward.formats.passwords import MOST_WORDS
from clearward.formats.unpack import mail

TEXT = b"Hello,\n\nthe password is: k7-Blue!x\n\nRegards\n"
PAGE = b"<html><p>Password:&nbsp;<b>k7&#45;Blue!x</b></p><p>password</p>"
PAGE += b"<td>K&uuml;hl&amp;9</td></html>"


def told(message: bytes) -> tuple[bytes, ...]:
    """What would be tried on the last part of a message."""
    said: tuple[bytes, ...] = ()
    for item in mail.unpack(Reader.of(message)):
        if isinstance(item, Part):
            said = passwords.candidates()
    return said


def multipart(*sections: bytes, subject: bytes = b"Invoice") -> bytes:
    head = b"From: a@example.org\nTo: b@example.org\nSubject: " + subject
    head += b'\nContent-Type: multipart/mixed; boundary="X"\n\n'
    return head + b"".join(b"--X\n" + each + b"\n" for each in sections) + b"--X--\n"


def text(body: bytes, encoding: bytes, kind: bytes = b"text/plain") -> bytes:
    return b"Content-Type: %s\nContent-Transfer-Encoding: %s\n\n%s" % (
        kind,
        encoding,
        body,
    )


FILE = (
    b"Content-Type: application/zip; name=%s\nContent-Transfer-Encoding: base64\n\nAAAA"
)
SECTIONS = {
    "plain": text(TEXT, b"7bit"),
    "base64": text(encodebytes(TEXT), b"base64"),
    "quoted-printable": text(
        TEXT.replace(b"-Blue", b"=2DBl=\nue"), b"quoted-printable"
    ),
    "page": text(PAGE, b"7bit", b"text/html"),
    "page in base64": text(encodebytes(PAGE), b"base64", b"text/html"),
    "utf-16": text(
        encodebytes(TEXT.decode().encode("utf-16")),
        b"base64",
        b"text/plain; charset=utf-16",
    ),
}


@pytest.mark.parametrize("kind", SECTIONS)
def test_a_password_in_the_text_is_tried(kind: str) -> None:
    message = multipart(SECTIONS[kind], FILE % b"a.zip")
    assert b"k7-Blue!x" in told(message)


@pytest.mark.parametrize("kind", SECTIONS)
def test_also_in_text_behind_the_archive(kind: str) -> None:
    message = multipart(FILE % b"a.zip", SECTIONS[kind])
    first = next(
        passwords.candidates()
        for item in mail.unpack(Reader.of(message))
        if isinstance(item, Part)
    )
    assert b"k7-Blue!x" in first


@pytest.mark.parametrize(
    "subject", [b"sample, pass Xy-99", b"=?utf-8?B?c2FtcGxlLCBwYXNzIFh5LTk5?="]
)
def test_words_of_the_subject_are_tried(subject: bytes) -> None:
    said = told(multipart(FILE % b"a.zip", subject=subject))
    assert {b"Xy-99", b"sample"} <= set(said)


def test_pieces_of_names_are_tried() -> None:
    said = told(multipart(FILE % b"invoice_Qx77.zip"))
    assert {b"invoice", b"Qx77"} <= set(said)


def test_entities_of_a_page_are_undone() -> None:
    assert "Kühl&9".encode() in told(multipart(SECTIONS["page"], FILE % b"a.zip"))


def test_there_are_few_words_whatever_a_mail_says() -> None:
    many = b" ".join(b"password w%dx" % n for n in range(5000))
    names = [FILE % (b"n%d_m%d.zip" % (n, n)) for n in range(100)]
    said = told(multipart(text(many, b"7bit"), *names, subject=many))
    known = len(passwords.COMMON)
    assert len(said) <= MOST_WORDS + 2 * MOST_NAMES + known


def test_nothing_is_read_for_words_unless_they_are_asked_for() -> None:
    asked = []

    def words() -> tuple[bytes, ...]:
        asked.append(1)
        return (b"word",)

    with passwords.around(words):
        assert asked == []
        assert b"word" in passwords.candidates()
    assert asked == [1]
    assert b"word" not in passwords.candidates()


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_no_trouble(data: bytes) -> None:
    told(b"From: a@example.org\nSubject: " + data)
