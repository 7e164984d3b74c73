"""Behaviour of the elements of one piece."""

import pytest

from clearward.native.layout import MOST_NESTING, Border
from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.form import PLAIN, Form
from clearward.rules.clamav.model import Bytes, Choice, Edge, Masked, Near, Skip
from clearward.rules.clamav.row import Distance, Row

AB, C = Bytes(b"ab"), Bytes(b"c")
EDGE = Edge(Border.LINE)


def test_a_row_is_used_again_after_a_piece() -> None:
    row = Row(PLAIN)
    row.add(AB)
    assert row.finish() == (AB,)
    row.add(AB, Skip(2))
    assert row.finish() == (AB, Skip(2))


def test_borders_take_a_byte_only_within() -> None:
    row = Row(PLAIN)
    row.add(EDGE, EDGE, AB, EDGE)
    assert row.finish() == (EDGE, Choice(((Bytes(b"\n"),),)), AB, EDGE)


def test_a_negated_border_takes_a_byte_at_the_start_too() -> None:
    row = Row(PLAIN)
    row.add(Edge(Border.LINE, negated=True), AB, Edge(Border.LINE, negated=True))
    assert row.finish() == (
        Choice(((Bytes(b"\n"),),), negated=True),
        AB,
        Edge(Border.LINE, negated=True),
    )


@pytest.mark.parametrize(
    ("element", "near"),
    [
        (C, Near(0x63, 0xFF, 1, 3, before=True)),
        (Masked(b"\x60", b"\xf0"), Near(0x60, 0xF0, 1, 3, before=True)),
        (Skip(1), Near(0, 0, 1, 3, before=True)),
    ],
)
def test_a_byte_stands_near_either_end(element: Bytes, near: Near) -> None:
    row = Row(PLAIN)
    row.add(element, Distance(1, 3), AB, Distance(0, 32), C)
    assert row.finish() == (near, AB, Near(0x63, 0xFF, 0, 32, before=False))


@pytest.mark.parametrize(
    "elements",
    [
        (AB, Distance(1, 2)),
        (Distance(1, 2), AB),
        (AB, Distance(1, 2), AB),
        (AB, Distance(3, 2), C),
        (AB, Distance(0, 33), C),
        (C, Distance(1, 2), C),
        (AB, Distance(1, 2), C, Distance(1, 2), C),
        (AB, Distance(1, 2), Skip(2)),
        (AB, Distance(1, 2), EDGE),
        (AB, EDGE, Distance(1, 2), C),
        (C, Distance(1, 2), EDGE, AB),
        (C, Distance(1, 2)),
        (C,),
        (C, Skip(1), C),
        (Masked(b"\x60b", b"\xf0\xff"),),
        (),
    ],
)
def test_what_is_no_piece_is_refused(elements: tuple[Bytes, ...]) -> None:
    row = Row(PLAIN)
    row.add(*elements)
    with pytest.raises(Wrong):
        row.finish()


def test_folded_letters_are_bytes_that_are_written_down() -> None:
    row = Row(Form(folded=True))
    row.add(Masked(b"A1", b"\xdf\xff"))
    assert row.finish()


def test_alternatives_may_hold_alternatives() -> None:
    row = Row(PLAIN)
    row.add(AB)
    row.open(negated=False)
    row.add(C)
    row.bar()
    row.open(negated=False)
    nested = [row.nested]
    row.add(AB)
    row.bar()
    row.close()
    row.close()
    assert [*nested, row.nested] == [True, False]
    inner = Choice(((AB,), ()))
    assert row.finish() == (AB, Choice(((C,), (inner,))))


def test_a_negation_is_of_plain_bytes_of_one_length() -> None:
    row = Row(PLAIN)
    row.open(negated=True)
    row.add(AB)
    row.bar()
    row.add(C)
    with pytest.raises(Wrong, match="several lengths"):
        row.close()
    row = Row(PLAIN)
    row.open(negated=True)
    row.add(Skip(1))
    with pytest.raises(Wrong, match="more than plain bytes"):
        row.close()
    with pytest.raises(Wrong, match="with modifiers"):
        Row(Form(whole=True)).open(negated=True)


def test_alternatives_are_opened_and_closed() -> None:
    with pytest.raises(Wrong, match=r"without \("):
        Row(PLAIN).close()
    with pytest.raises(Wrong, match="outside"):
        Row(PLAIN).bar()
    row = Row(PLAIN)
    row.open(negated=False)
    with pytest.raises(Wrong, match="first alternative"):
        row.bar()
    with pytest.raises(Wrong, match="among alternatives"):
        row.add(EDGE)
    with pytest.raises(Wrong, match=r"without \)"):
        row.finish()
    with pytest.raises(Wrong, match="empty"):
        row.close()


def test_alternatives_are_not_nested_too_deep() -> None:
    row = Row(PLAIN)
    for _ in range(MOST_NESTING):
        row.open(negated=False)
    with pytest.raises(Wrong, match="nested"):
        row.open(negated=False)
