"""Behaviour of the TNEF reader."""

from struct import pack

from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, named

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.unpack import tnef

START = b"\x78\x9f\x3e\x22\1\0"
BEGINS = (2, tnef.ATTACHMENT_BEGINS, bytes(14))


def attribute(level: int, kind: int, data: bytes) -> bytes:
    return pack("<BII", level, kind, len(data)) + data + pack("<H", sum(data) & 65535)


def file(*attributes: tuple[int, int, bytes]) -> bytes:
    return START + b"".join(attribute(*each) for each in attributes)


def title(name: bytes) -> tuple[int, int, bytes]:
    return (2, tnef.ATTACHMENT_NAME, name + b"\0")


def content(data: bytes) -> tuple[int, int, bytes]:
    return (2, tnef.ATTACHMENT_CONTENT, data)


def test_a_name_may_stand_before_or_behind_its_content() -> None:
    before = [BEGINS, title(b"a"), content(b"1"), BEGINS, title(b"b"), content(b"2")]
    behind = [BEGINS, content(b"1"), title(b"a"), BEGINS, content(b"2"), title(b"b")]
    for each in (before, behind):
        found = named(tnef.unpack(Reader.of(file(*each))))
        assert found == [(b"a", b"1"), (b"b", b"2")]


def test_bodies_and_properties_are_parts() -> None:
    text = b"a text that is long enough to be a part "
    properties = pack("<IHHII", 1, 0x1E, 0x1000, 1, len(text)) + text
    data = file(
        (1, tnef.MESSAGE_BODY, b"body"), (1, tnef.MESSAGE_PROPERTIES, properties)
    )
    assert contents(tnef.unpack(Reader.of(data))) == [b"body", text]


def test_damaged_properties_do_not_hide_what_follows() -> None:
    data = file((1, tnef.MESSAGE_PROPERTIES, b"\xff" * 9), BEGINS, content(b"1"))
    assert collect(tnef.unpack(Reader.of(data))) == ([b"1"], [], "properties")


def test_an_attachment_that_is_cut_is_yielded() -> None:
    data = file(BEGINS, content(b"content"))[:-5]
    assert collect(tnef.unpack(Reader.of(data))) == ([b"cont"], [], "attribute")


def test_what_is_no_attribute_is_reported() -> None:
    data = file(BEGINS, content(b"1")) + b"\7 something else"
    assert collect(tnef.unpack(Reader.of(data))) == ([b"1"], [], "attribute")


def test_padding_is_none() -> None:
    data = file(BEGINS, content(b"1")) + bytes(9)
    assert collect(tnef.unpack(Reader.of(data))) == ([b"1"], [], "")


@given(st.sampled_from([1, 2, 3]), st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_or_an_error(level: int, data: bytes) -> None:
    for kind in (tnef.MESSAGE_PROPERTIES, tnef.ATTACHMENT_CONTENT):
        each = START + attribute(level, kind, data[:40]) + data
        try:
            contents(tnef.unpack(Reader.of(each)))
        except Malformed as error:
            assert 0 <= error.offset <= len(each)
