"""Elements: what is read, and how many bytes each takes."""

from support.image import border, choice, masked, near, plain, skip

from clearward.native.elements import (
    Anything,
    Choice,
    Edge,
    Masked,
    Near,
    Plain,
    fits,
    read_elements,
    takes,
)
from clearward.native.layout import Border
from clearward.native.span import Span


def test_every_element_is_read_as_it_was_laid_out() -> None:
    row = [
        plain(b"ab"),
        masked(b"a", b"\xff"),
        skip(3),
        choice([plain(b"a")], [plain(b"bc"), skip(1)]),
        border(Border.LINE, negated=True),
        near(b"z", b"\xff", (1, 4), before=True),
    ]
    code = b"".join(one.code for one in row)
    made = read_elements(Span(memoryview(code), "a piece"))
    assert made == (
        Plain(b"ab", 3),
        Masked(b"a", b"\xff"),
        Anything(3),
        Choice(((Plain(b"a", 3),), (Plain(b"bc", 3), Anything(1))), False, (1, 3)),  # noqa: FBT003 - a row
        Edge(Border.LINE, negated=True),
        Near(b"z", b"\xff", before=True, distance=(1, 4)),
    )
    assert takes(made) == (2 + 1 + 3 + 1 + 1, 2 + 1 + 3 + 3 + 1)


def test_bytes_fit_under_masks_if_all_are_there() -> None:
    assert fits(b"xaB", 1, b"aB", b"\xff\xff")
    assert fits(b"xab", 1, b"AB", b"\xdf\xdf")
    assert not fits(b"xa", 1, b"ab", b"\xff\x00")
