"""What text a part has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.extraction.reading import MAIL, PDF, PLAIN, kind_of, text_of


@pytest.mark.parametrize(
    ("data", "kind", "around", "text"),
    [
        (b"evil.com", PLAIN, PLAIN, "evil.com"),
        (b"\xef\xbb\xbfevil.com", PLAIN, PLAIN, "evil.com"),
        ("\ufeffevil.com".encode("utf-16-le"), PLAIN, PLAIN, "evil.com"),
        ("\ufeffevil.com".encode("utf-16-be"), PLAIN, PLAIN, "evil.com"),
        (b"<p>evil<b>.</b>com", PLAIN, PLAIN, "\nevil.com"),
        (b"From: a@b.example\r\n\r\nZXZpbA==", MAIL, PLAIN, "From: a@b.example"),
        (b"%PDF a.com", PDF, PLAIN, ""),
        (b"BT (a.com) Tj", PLAIN, PDF, "a.com"),
        (b"\x7fELF\0\0\0\1", PLAIN, PLAIN, None),
        (b"", PLAIN, PLAIN, None),
    ],
)
def test_a_part_has_its_text(
    data: bytes, kind: str, around: str, text: str | None
) -> None:
    assert text_of(data, kind, around) == text


def test_what_matters_of_a_kind_is_how_it_is_read() -> None:
    assert kind_of(["zip", "pdfbare"]) == PDF
    assert kind_of(["mbox"]) == MAIL
    assert kind_of(["zip"]) == PLAIN


@given(st.binary(), st.sampled_from([PLAIN, MAIL, PDF]), st.sampled_from([PLAIN, PDF]))
def test_any_bytes_have_text_or_none(data: bytes, kind: str, around: str) -> None:
    text_of(data, kind, around)
