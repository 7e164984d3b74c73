"""What comes along with a request, and offsets that lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.faces.icap.encapsulated import (
    MOST_HEADS,
    Section,
    Sections,
    read_sections,
    split_heads,
)
from clearward.faces.icap.status import Fault

REQUEST = b"GET / HTTP/1.1\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n"


@pytest.mark.parametrize(
    ("method", "value", "sections"),
    [
        ("OPTIONS", b"null-body=0", Sections()),
        ("OPTIONS", b"opt-body=0", Sections((), "opt-body")),
        ("REQMOD", b"req-hdr=0, null-body=9", Sections((Section("req-hdr", 9),))),
        (
            "REQMOD",
            b"req-hdr=0,req-body=9",
            Sections((Section("req-hdr", 9),), "req-body"),
        ),
        (
            "RESPMOD",
            b" req-hdr = 0 , res-hdr=9,  res-body=12 ",
            Sections((Section("req-hdr", 9), Section("res-hdr", 3)), "res-body"),
        ),
        (
            "RESPMOD",
            b"res-hdr=0, res-body=9",
            Sections((Section("res-hdr", 9),), "res-body"),
        ),
        ("RESPMOD", b"res-body=0", Sections((), "res-body")),
    ],
)
def test_sections_are_read(method: str, value: bytes, sections: Sections) -> None:
    assert read_sections(method, value) == sections


@pytest.mark.parametrize(
    ("method", "value"),
    [
        ("RESPMOD", b""),
        ("RESPMOD", b"res-body"),
        ("RESPMOD", b"res-body=-1"),
        ("RESPMOD", b"res-body=0x10"),
        ("RESPMOD", b"res-body=99999999999999999999"),
        ("RESPMOD", b"res-body=1"),
        ("RESPMOD", b"res-hdr=0"),
        ("RESPMOD", b"res-hdr=5, res-body=10"),
        ("RESPMOD", b"res-hdr=0, res-body=0"),
        ("RESPMOD", b"req-hdr=0, res-hdr=20, res-body=10"),
        ("RESPMOD", b"res-hdr=0, req-hdr=5, res-body=10"),
        ("RESPMOD", b"res-hdr=0, res-hdr=5, res-body=10"),
        ("RESPMOD", b"req-hdr=0, req-body=10"),
        ("RESPMOD", b"res-body=0, res-hdr=10"),
        ("RESPMOD", b"res-hdr=0, res-body=10, null-body=20"),
        ("RESPMOD", b"res-hdr=0; res-body=10"),
        ("RESPMOD", b"res-hdr=0, res-body=10,"),
        ("RESPMOD", b"res-hdr=0, res-body=%d" % (MOST_HEADS + 1)),
        ("RESPMOD", b"\xff\0"),
        ("REQMOD", b"req-hdr=0, res-hdr=5, req-body=10"),
        ("REQMOD", b"req-hdr=0, res-body=10"),
        ("OPTIONS", b"req-hdr=0, null-body=10"),
    ],
)
def test_what_does_not_belong_to_the_method_is_refused(
    method: str, value: bytes
) -> None:
    with pytest.raises(Fault):
        read_sections(method, value)


def test_heads_are_parted() -> None:
    sections = Sections(
        (Section("req-hdr", len(REQUEST)), Section("res-hdr", len(ANSWER))), "res-body"
    )
    heads = split_heads(sections, REQUEST + ANSWER)
    assert heads == {"req-hdr": REQUEST, "res-hdr": ANSWER}


@pytest.mark.parametrize("wrong", [-len(REQUEST), -3, -1, 1, 4])
def test_an_offset_that_lies_is_refused(wrong: int) -> None:
    first = len(REQUEST) + wrong
    rest = len(ANSWER) - wrong
    sections = Sections((Section("req-hdr", first), Section("res-hdr", rest)))
    with pytest.raises(Fault):
        split_heads(sections, REQUEST + ANSWER)


@given(st.sampled_from(["OPTIONS", "REQMOD", "RESPMOD"]), st.binary(max_size=80))
def test_any_value_is_sections_or_a_fault(method: str, value: bytes) -> None:
    try:
        sections = read_sections(method, value)
    except Fault:
        return
    assert 0 <= sections.size <= MOST_HEADS
    assert all(head.size > 0 for head in sections.heads)
