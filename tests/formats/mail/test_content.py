"""Behaviour of the meaning of Content fields."""

import pytest

from clearward.core.part import Gap
from clearward.core.reasons import Reason
from clearward.formats.mail.content import Content, Encoding, content_of
from clearward.formats.mail.values import LONGEST


def of_type(*types: bytes) -> Content:
    return content_of({b"content-type": types})


@pytest.mark.parametrize(
    ("value", "encodings"),
    [
        (b" base64", (Encoding.BASE64,)),
        (b" BASE64;", (Encoding.BASE64,)),
        (b' "base64" (comment)', (Encoding.BASE64,)),
        (b" base(comment)64", (Encoding.BASE64,)),
        (b" base-64", (Encoding.BASE64,)),
        (b"=?us-ascii?b?YmFzZTY0?=", (Encoding.BASE64, Encoding.PLAIN)),
        (b" base64\r\n 7bit", (Encoding.BASE64, Encoding.PLAIN)),
        (b" Quoted-Printable", (Encoding.QUOTED,)),
        (b"quoted_printable", (Encoding.QUOTED,)),
        (b" x-uuencode", (Encoding.UU,)),
        (b" x-yenc", (Encoding.YENC,)),
        (b" 7bit", (Encoding.PLAIN,)),
        (b" 8-bit", (Encoding.PLAIN,)),
        (b" binary", (Encoding.PLAIN,)),
        (b" ", (Encoding.PLAIN,)),
        (b" x-secret", (Encoding.UNKNOWN,)),
    ],
)
def test_an_encoding_is_known_in_any_spelling(
    value: bytes, encodings: tuple[Encoding, ...]
) -> None:
    assert content_of({b"content-transfer-encoding": [value]}).encodings == encodings


def test_all_encodings_count() -> None:
    content = content_of({b"content-transfer-encoding": [b"7bit", b"base64", b"7bit"]})
    assert content.encodings == (Encoding.PLAIN, Encoding.BASE64)
    assert content.differs


def test_all_types_count() -> None:
    content = of_type(b"multipart/mixed; boundary=X", b"multipart/mixed; boundary=Y")
    assert content.boundaries == (b"X", b"Y")


def test_a_boundary_may_stand_in_the_disposition() -> None:
    content = content_of(
        {
            b"content-disposition": [b"attachment; boundary*=utf-8''X; filename=a"],
            b"content-type": [b"multipart/mixed; boundary=Y; name=b"],
        }
    )
    assert set(content.boundaries) == {b"X", b"Y"}
    assert content.name == b"a"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (b'application/x; name="a b.exe"', b"a b.exe"),
        (b"application/x; filename*0=ab; filename*1=cd", b"abcd"),
        (b"application/x", b""),
    ],
)
def test_a_name_is_kept(value: bytes, name: bytes) -> None:
    assert of_type(value).name == name


@pytest.mark.parametrize(
    "value", [b"message/rfc822", b"Message / RFC822", b"message/x"]
)
def test_an_attached_message_is_known(value: bytes) -> None:
    assert of_type(value).message


@pytest.mark.parametrize("value", [b"message/delivery-status", b"text/plain"])
def test_a_report_is_no_message(value: bytes) -> None:
    assert not of_type(value).message


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"multipart/encrypted; boundary=X", Reason.ENCRYPTED),
        (b"(x)MULTIPART/encrypted", Reason.ENCRYPTED),
        (b"message/partial; number=1", Reason.TRUNCATED),
        (b"message/external-body; access-type=URL", Reason.UNSUPPORTED),
    ],
)
def test_what_is_elsewhere_or_locked_is_a_gap(value: bytes, reason: Reason) -> None:
    assert of_type(value).gaps == (Gap(reason),)


def test_a_value_too_long_to_read_is_a_gap() -> None:
    assert of_type(b"(" * (LONGEST + 1)).gaps == (Gap(Reason.SIZE_LIMIT),)


def test_a_charset_that_hides_ascii_makes_a_difference() -> None:
    assert of_type(b"text/plain; charset=utf-16").differs
    assert not of_type(b"text/plain; charset=utf-8").differs


@pytest.mark.parametrize(
    "value", [b"application/pkcs7-mime", b"application/x-pkcs7-mime; smime-type=x"]
)
def test_cms_is_known(value: bytes) -> None:
    assert of_type(value).cms
