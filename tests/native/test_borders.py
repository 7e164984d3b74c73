"""Borders: which bytes make one, before a piece, behind it and within."""

import pytest
from support import image
from support.clamscan import BINARY, Ask
from support.notation import body

from clearward.core.facts import Facts
from clearward.native.bodies import find, read_body
from clearward.native.layout import SUB, Border
from clearward.native.span import Span
from clearward.native.steps import Steps

TEXT = b"\xed\xeezq"


def matched(made: bytes, data: bytes) -> bool:
    span = Span(memoryview(made)[SUB.size :], "a body")
    return bool(find(read_body(span), data, Facts(len(data)), Steps(10**6)))


@pytest.mark.parametrize(
    ("text", "data", "expected"),
    [
        ("(B)6162", b"ab", True),
        ("(B)6162", b" ab", True),
        ("(B)6162", b"\nab", False),  # only behind a piece
        ("6162(B)", b"ab\n", True),
        ("6162(B)", b"ab.", False),  # only before a piece
        ("(B)6162", b".ab", True),
        ("!(B)6162", b"\nab", False),
        ("!(B)6162", b"xab", True),
        ("!(B)6162", b"ab", False),
        ("6162!(B)", b"ab.", True),
        ("6162!(B)", b"ab", False),
        ("(L)6162", b"\r\nab", True),
        ("(L)6162", b"\rab", False),
        ("6162(L)", b"ab\r\n", True),
        ("6162(L)", b"ab\r", False),
        ("6162(L)", b"ab", True),
        ("6162!(L)", b"ab\r", True),
        ("(W)6162(W)", b"_ab_", True),
        ("(W)6162(W)", b"xab_", False),
        ("(W)6162(W)", b"_ab0", False),
        ("6162(W)6162", b"abab", False),
        ("6162(W)6162", b"ab.ab", True),
        ("6162!(B)6162", b"ab.ab", False),
        ("6162!(B)6162", b"abxab", True),
        ("6162(L)6162", b"ab\nab", True),
        ("6162(L)6162", b"ab\r\nab", False),
        ("6162*(B)6162", b"ab.ab", True),
        ("6162*(B)6162", b"ab,ab", False),
        ("6162(B)*6162", b"ab ..ab", True),
        ("6162(B)*6162", b"ab.. ab", False),
    ],
)
def test_a_border_is_told_by_its_kind_and_side(
    text: str, data: bytes, *, expected: bool
) -> None:
    assert matched(body(text), data) is expected


# Where the byte stands in TEXT, and the body around the border.
SHAPES = [
    (0, "{}edee7a71"),
    (4, "edee7a71{}"),
    (2, "edee{}7a71"),
]
ASKED = [*range(128), 128, 255]


def test_clamscan_takes_the_same_bytes_for_borders(ask: Ask) -> None:
    bodies = [
        shape.format(f"{negation}({kind})")
        for _, shape in SHAPES
        for negation in ("", "!")
        for kind in "BLW"
    ]
    inputs = [
        BINARY + TEXT[:at] + bytes([byte]) + TEXT[at:] + BINARY
        for at, _ in SHAPES
        for byte in ASKED
    ]
    found = ask([f"T{at}:0:*:{text}" for at, text in enumerate(bodies)], inputs, "ndb")
    for names, data in zip(found, inputs, strict=True):
        expected = {
            f"T{at}" for at, text in enumerate(bodies) if matched(body(text), data)
        }
        assert names == expected, data[len(BINARY) :][:6]


WIDE = b"\xed\0z\0"
AROUND = [b"", b"a", b".", b"\0", b"a\0", b".\0", b"ab", b".b", b"\0a", b"\0\0"]


def whole_word(*, wide: bool) -> bytes:
    edge = image.border(Border.WIDE if wide else Border.NOT_ALPHANUMERIC)
    return image.body([image.piece(edge, image.plain(WIDE), edge)])


def test_a_wide_word_is_denied_by_wide_letters_only() -> None:
    word = whole_word(wide=True)
    assert matched(word, WIDE)
    assert matched(word, b"a" + WIDE)
    assert not matched(word, b"a\0" + WIDE)
    assert matched(word, b".\0" + WIDE + b"ab")
    assert not matched(word, WIDE + b"a\0")
    assert not matched(word, WIDE + b"a")


def test_clamscan_takes_the_same_words_for_whole_ones(ask: Ask) -> None:
    inputs = [BINARY + one + WIDE + two for one in AROUND for two in AROUND]
    found = ask(["T;Engine:51-255,Target:0;0;ed7a::wf"], inputs, "ldb")
    word = whole_word(wide=True)
    assert [bool(names) for names in found] == [matched(word, one) for one in inputs]
