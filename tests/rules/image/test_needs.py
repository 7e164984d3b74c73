"""Tests of what must be there for an expression to be true."""

import pytest
from support.signatures import body

from clearward.native.layout import Where
from clearward.rules.clamav.model import (
    Body,
    Both,
    Compare,
    Count,
    Either,
    Expression,
    Group,
    Macro,
    Place,
    Regex,
    Signature,
    Sub,
    Term,
)
from clearward.rules.image.anchors import Anchor, AnchorSet, all_of
from clearward.rules.image.needs import Needs, placed

A, B = body(b"aaaa"), body(b"b")


def known(some: Body) -> AnchorSet | None:
    """Score a body by its length; those of one byte have none."""
    (element,) = some.chains[0].pieces[0]
    data = getattr(element, "data", b"")
    if len(data) < 2:
        return None
    return AnchorSet(len(data), (Anchor(data, b"\xff" * len(data)),))


def needed(expression: Expression, *subs: Sub) -> set[bytes] | None:
    found = Needs(Signature("A", 0, subs, expression)).anchors(known)
    return None if found is None else {anchor.values for anchor in found.anchors}


C, D = body(b"cccccc"), body(b"ddd")


@pytest.mark.parametrize(
    ("expression", "needs"),
    [
        (Term(0), {b"aaaa"}),
        (Term(1), None),
        (Both(Term(0), Term(2)), {b"cccccc"}),
        (Both(Term(1), Term(3)), {b"ddd"}),
        (Either(Term(0), Term(2)), {b"aaaa", b"cccccc"}),
        (Either(Term(0), Term(1)), None),
        (Both(Term(3), Either(Term(0), Term(1))), {b"ddd"}),
        (Count(0, ">", 0), {b"aaaa"}),
        (Count(0, "=", 1), {b"aaaa"}),
        (Count(0, "=", 0), None),
        (Count(0, "<", 5), None),
        (Either(Term(0), Count(2, "=", 0)), None),
        (Both(Term(0), Count(2, "=", 0)), {b"aaaa"}),
        (Group(Either(Term(0), Term(2)), ">", 3), {b"aaaa", b"cccccc"}),
        (Group(Either(Term(0), Term(2)), ">", 3, 2), {b"cccccc"}),
        (Group(Either(Term(0), Either(Term(1), Term(1))), ">", 2, 2), {b"aaaa"}),
        (Group(Either(Term(0), Either(Term(1), Term(2))), ">", 2), None),
        (Group(Either(Term(0), Either(Term(3), Term(2))), ">", 2, 3), {b"cccccc"}),
        (
            Group(Either(Either(Term(0), Term(3)), Term(2)), ">", 2, 2),
            {b"aaaa", b"cccccc"},
        ),
        (
            Group(Either(Term(0), Either(Term(2), Count(3, ">", 1))), ">", 2, 3),
            {b"aaaa", b"cccccc", b"ddd"},
        ),
        (Group(Both(Term(0), Term(2)), "=", 0), None),
        (Group(Both(Term(0), Term(2)), "<", 3), None),
        (Term(4), {b"cccccc"}),
        (Term(5), {b"aaaa"}),
        (Term(6), {b"ddd"}),
        (Term(8), {b"literal text"}),
    ],
)
def test_anchors_of_an_expression(
    expression: Expression, needs: set[bytes] | None
) -> None:
    compare = Compare(0, 0, "i", little=True, exact=True, length=1, tests=(("=", 1),))
    regex = Regex(Both(Term(1), Term(2)), "x")
    text = Regex(Term(1), "literal text[0-9]")
    subs: tuple[Sub, ...] = (A, B, C, D, regex, compare, Macro(1, 0, 5), B, text)
    if expression == Term(6):
        subs = (A, B, C, C, regex, D, Macro(1, 0, 5), B, text)
    assert needed(expression, *subs) == needs


def test_what_is_seen_at_a_glance_will_do_where_all_are_needed() -> None:
    glance = AnchorSet(1, (Anchor(b"dd", b"\xff\xff"),))

    def needs(expression: Expression) -> AnchorSet | None:
        signature = Signature("A", 0, (A, D, Macro(1, 0, 5)), expression)
        at_once = {D: glance}
        return Needs(signature).anchors(known, at_once.get)

    assert needs(Both(Term(0), Term(1))) == glance
    assert needs(Both(Term(2), Term(0))) == known(A)
    either = needs(Either(Term(0), Term(1)))
    assert either == all_of([known(A), known(D)])


def test_those_that_speak_of_each_other_need_nothing() -> None:
    one = Compare(1, 0, "i", little=True, exact=True, length=1, tests=(("=", 1),))
    other = Compare(0, 0, "i", little=True, exact=True, length=1, tests=(("=", 1),))
    assert needed(Term(0), one, other) is None


def test_a_place_near_a_fixed_one_is_a_place() -> None:
    assert placed(body(b"a", place=Place(Where.ENTRY, 5))) is not None
    assert placed(body(b"a", place=Place(Where.START, 5, 1000))) is None
    assert placed(body(b"a")) is None
