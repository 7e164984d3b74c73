"""Tests of expressions in the image."""

import pytest

from clearward.rules.clamav.model import Both, Count, Either, Expression, Group, Term
from clearward.rules.image.expressions import encode_expression
from clearward.rules.image.unusable import Unusable


def test_operands_stand_before_their_operators() -> None:
    expression = Either(Both(Term(0), Count(1, ">", 258)), Group(Term(2), "<", 3, 4))
    assert encode_expression(expression, 3) == bytes.fromhex(
        "1700 0100 02013e02010000 03 0102 053c0300000004000000 04"
    )


def test_no_depth_is_too_deep() -> None:
    expression: Expression = Term(0)
    for _ in range(5000):
        expression = Both(expression, Term(0))
    assert len(encode_expression(expression, 1)) == 2 + 5000 * 3 + 2


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(Term(1), id="no such sub-signature"),
        pytest.param(Count(0, "=", 1 << 32), id="count"),
        pytest.param(Group(Term(0), ">", -1), id="negative"),
    ],
)
def test_what_has_no_room_is_refused(wrong: Expression) -> None:
    with pytest.raises(Unusable):
        encode_expression(wrong, 1)


def test_an_expression_that_keeps_too_many_waiting_is_refused() -> None:
    expression: Expression = Term(0)
    for _ in range(255):
        expression = Both(Group(Term(0), ">", 1), expression)
    encode_expression(expression, 1)
    with pytest.raises(Unusable, match="deep"):
        encode_expression(Both(Term(0), expression), 1)


def test_an_expression_of_more_than_65535_bytes_is_refused() -> None:
    expression: Expression = Term(0)
    for _ in range(30_000):
        expression = Both(Term(0), expression)
    with pytest.raises(Unusable):
        encode_expression(expression, 1)
