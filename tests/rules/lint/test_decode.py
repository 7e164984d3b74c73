"""Strings are read however they are written."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.rules.lexer import String
from clearward.rules.lint import decode
from clearward.rules.lint.decode import ANY


def said(text: str) -> list[str]:
    return list(decode.texts(String("$a", text, "")))


def as_hex(data: bytes) -> str:
    return "{ " + data.hex(" ") + " }"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"hello there"', "hello there"),
        ('"ereht olleh"', "hello there"),
        (r'"h\x00e\x00y\x00"', "hey"),
        ('"68656c6c6f21"', "hello!"),
        (r'"\\x68\\x65\\x6c\\x6c\\x6f\\x21"', "hello!"),
        ('"%68%65%6c%6c%6f%21"', "hello!"),
        (as_hex(b"hello"), "hello"),
        (as_hex("hello".encode("utf-16-le")), "hello"),
        (as_hex("hello".encode("utf-16-be")), "hello"),
        ("/hello (there|you)/", "hello there\nyou"),
        ("{ 68 65 ?? 6c 6f }", f"he{ANY}lo"),
    ],
)
def test_a_string_is_read_in_every_way(text: str, expected: str) -> None:
    assert expected in said(text)


@given(st.integers(0, 2), st.sampled_from(["utf-8", "utf-16-le"]))
def test_base64_is_read_wherever_it_begins(before: int, code: str) -> None:
    coded = base64.b64encode(b"x" * before + "hello there".encode(code) + b"yy")
    cut = coded.decode().rstrip("=")[1:]
    assert any("lo the" in one for one in said(f'"{cut}"'))


@given(st.text(), st.sampled_from(['"{}"', "/{}/", "{{ {} }}"]))
def test_any_string_is_read(text: str, shape: str) -> None:
    assert all(isinstance(one, str) for one in said(shape.format(text)))


@given(st.lists(st.one_of(st.none(), st.integers(0, 255))))
def test_any_bytes_are_read(data: list[int | None]) -> None:
    assert all(isinstance(one, str) for one in decode.readings(data))
