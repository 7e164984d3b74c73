"""Behaviour of logical expressions."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.clamav import ANY_TEXT

from clearward.rules.clamav.expression import MOST_TERMS, read_expression
from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.model import Both, Count, Either, Expression, Group, Term

A, B, C = Term(0), Term(1), Term(2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", A),
        ("00", A),
        ("((0))", A),
        ("0&1", Both(A, B)),
        ("0 & 01", Both(A, B)),
        ("0|1", Either(A, B)),
        ("0&1|2", Both(A, Either(B, C))),
        ("(0&1)|2", Either(Both(A, B), C)),
        ("0|1&2|0", Either(A, Both(B, Either(C, A)))),
        ("0=1", Count(0, "=", 1)),
        ("0<2", Count(0, "<", 2)),
        ("(0>2)", Count(0, ">", 2)),
        ("0==1", Count(0, "=", 1)),
        ("0>=1", Count(0, "=", 1)),
        ("0=>1", Count(0, ">", 1)),
        ("0=1=2", Count(0, "=", 2)),
        ("0>1,2", Count(0, ">", 1)),
        ("0,1", A),
        ("0=1&1", Both(Count(0, "=", 1), B)),
        ("(0|1)>1", Group(Either(A, B), ">", 1)),
        ("(0|1)>1,2", Group(Either(A, B), ">", 1, 2)),
        ("(0&1)=0,", Group(Both(A, B), "=", 0)),
        ("(0|1)<3&2", Both(Group(Either(A, B), "<", 3), C)),
        ("((0|1)>1|2)>2", Group(Either(Group(Either(A, B), ">", 1), C), ">", 2)),
        ("(8==9)", Count(8, "=", 9)),
    ],
)
def test_terms_are_grouped_from_the_right(text: str, expected: Expression) -> None:
    assert read_expression(text)[0] == expected


def test_the_greatest_number_tells_how_many_there_are() -> None:
    assert [read_expression(text)[1] for text in ("0", "3&1", "63", "0>1")] == [
        0,
        3,
        63,
        0,
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "!0", "()", "(0", "0)", "0&", "&0", "0&&1", "0(1)", "(0)1", "0 1"),
        *("0=", "(0|1)>", "(0|1)>x", "(0|1)>=2", "(0=0)>0", "((0|1))>1"),
        *("(0|1)(2)", "(0|1)>1,x", "64"),
    ],
)
def test_what_clamscan_refuses_is_refused(text: str) -> None:
    with pytest.raises(Wrong):
        read_expression(text)


@pytest.mark.parametrize(
    "text", ["0=-1", "0=4294967296", "(0|1)>99999999999", "0x", "0=1x"]
)
def test_numbers_that_only_clamscan_can_read_are_refused(text: str) -> None:
    with pytest.raises(Wrong):
        read_expression(text)


def test_an_expression_is_bounded_and_takes_no_stack() -> None:
    deep = "(" * 200 + "0" + ")" * 200
    assert read_expression(deep)[0] == A
    for text in ("(" * 100_000, "0&" * 100_000 + "0", "0" + " " * 500_000 + "x"):
        with pytest.raises(Wrong):
            read_expression(text)
    assert read_expression("&".join(["0"] * (MOST_TERMS // 2 - 1)))


@given(st.text("0123456789&|()=<>, x") | ANY_TEXT)
def test_any_text_is_an_expression_or_wrong(text: str) -> None:
    with contextlib.suppress(Wrong):
        read_expression(text)
