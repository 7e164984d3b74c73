"""Behaviour of what is unpacked from calendars and cards."""

import base64
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import contents, named

from clearward.core.reader import Reader
from clearward.formats.unpack import cards

FILE = b"MZ\x90\0 a program, or what looks like one" + bytes(range(256))
B64 = base64.b64encode(FILE)


def folded(text: bytes, end: bytes = b"\r\n") -> bytes:
    return (end + b" ").join(text[at : at + 60] for at in range(0, len(text), 60))


def parts(text: bytes) -> list[tuple[bytes, bytes]]:
    assert cards.recognises(text, Reader.of(text))
    return named(cards.unpack(Reader.of(text)))


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
@pytest.mark.parametrize(
    ("front", "name"),
    [
        (b"ATTACH;FMTTYPE=application/exe;ENCODING=BASE64;VALUE=BINARY:", b"ATTACH"),
        (b"attach;encoding=base64:", b"attach"),
        (b"PHOTO;ENCODING=b;TYPE=JPEG:", b"PHOTO"),
        (b"item1.LOGO;BASE64:", b"LOGO"),
        (b"PHOTO:data:image/jpeg;base64,", b"PHOTO"),
    ],
)
def test_a_file_in_base64_is_a_part(front: bytes, name: bytes, end: bytes) -> None:
    text = b"BEGIN:VCARD%bFN:A%b%b%bEND:VCARD%b"
    text %= (end, end, folded(front + B64, end), end, end)
    assert parts(text) == [(name, FILE)]


def test_quoted_text_is_decoded_over_its_lines() -> None:
    text = quopri.encodestring(b"a long note \xc3\xa4 " * 20)
    card = b"BEGIN:VCARD\r\nNOTE;ENCODING=QUOTED-PRINTABLE:" + text + b"\r\nEND:VCARD"
    ((name, content),) = parts(card)
    assert name == b"NOTE"
    assert (
        content.rstrip() == b"a long note \xc3\xa4 ".strip() * 1 or len(content) > 250
    )


def test_values_that_stand_as_they_are_are_no_parts() -> None:
    assert (
        parts(b"BEGIN:VCALENDAR\r\nSUMMARY:text\r\nX;A=b:c\r\nEND:VCALENDAR\r\n") == []
    )


@pytest.mark.parametrize("text", [b"", b"BEGIN:VTEXT\r\n", b"x BEGIN:VCARD\r\n"])
def test_other_text_is_none(text: bytes) -> None:
    assert not cards.recognises(text, Reader.of(text))


@given(
    st.lists(
        st.sampled_from(
            [b"ATTACH;ENCODING=BASE64:", b"\r\n", b" ", b";", b":", b"=\r\n"]
        )
        | st.binary(max_size=30),
        max_size=20,
    )
)
def test_anything_gives_no_more_than_there_is(pieces: list[bytes]) -> None:
    data = b"BEGIN:VCARD\r\n" + b"".join(pieces)
    assert sum(map(len, contents(cards.unpack(Reader.of(data))))) <= len(data)
