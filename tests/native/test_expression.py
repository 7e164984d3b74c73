"""Expressions: what is true, what is handed up, and what may be."""

import itertools
import re
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.clamscan import BINARY, Ask
from support.image import both, count, either, group, term

from clearward.native.errors import BadImage
from clearward.native.expression import (
    ENDLESS,
    Count,
    Outcome,
    Step,
    evaluate,
    read_expression,
)
from clearward.native.layout import MOST_STACK
from clearward.native.span import Span


def read(code: bytes, subs: int = 4) -> tuple[Step, ...]:
    whole = struct.pack("<H", len(code)) + code
    return read_expression(Span(memoryview(whole), "an expression"), subs)


def said(code: bytes, *counts: int) -> Outcome:
    return evaluate(read(code), [Count(one, one) for one in counts])


def true(code: bytes, *counts: int) -> bool:
    found = said(code, *counts)
    assert found.true is not found.false
    return found.true


A, B, C, D = map(term, range(4))
# (as signatures write it, the same as operations)
CASES = [
    ("0&1&2&3", both(A, both(B, both(C, D)))),
    ("0|1|2|3", either(A, either(B, either(C, D)))),
    ("0&1|2&3", both(A, either(B, both(C, D)))),
    ("(0|1&2)|3", either(both(either(A, B), C), D)),
    ("(0=2|1)|2&3", either(either(count(0, "=", 2), B), both(C, D))),
    ("(0|1)>2|2&3", either(group(either(A, B), ">", 2), both(C, D))),
    ("(0|1)>1,2|2&3", either(group(either(A, B), ">", 1, 2), both(C, D))),
    ("(0&1)=0&2|3", both(group(both(A, B), "=", 0), either(C, D))),
    ("(0|1)<3,2&2|3", both(group(either(A, B), "<", 3, 2), either(C, D))),
    (
        "((0|1)>1|2)>0,1|3",
        either(group(either(group(either(A, B), ">", 1), C), ">", 0, 1), D),
    ),
    (
        "((0|1)>1|2)>3|3",
        either(group(either(group(either(A, B), ">", 1), C), ">", 3), D),
    ),
    (
        "(0=0|1=0)<1,2&2|3",
        both(
            group(either(count(0, "=", 0), count(1, "=", 0)), "<", 1, 2), either(C, D)
        ),
    ),
    (
        "(0=0|1)>0,2|2&3",
        either(group(either(count(0, "=", 0), B), ">", 0, 2), both(C, D)),
    ),
    (
        "(0|0|0)>4|1&2&3",
        either(group(either(A, either(A, A)), ">", 4), both(B, both(C, D))),
    ),
    (
        "(0<3|1=0)>1,2|2&3",
        either(
            group(either(count(0, "<", 3), count(1, "=", 0)), ">", 1, 2), both(C, D)
        ),
    ),
    (
        "(0|2)>0,1&(1|3)>2,0",
        both(group(either(A, C), ">", 0, 1), group(either(B, D), ">", 2)),
    ),
    (
        "0=0&1<2&2>1&3",
        both(count(0, "=", 0), both(count(1, "<", 2), both(count(2, ">", 1), D))),
    ),
    ("0>0,2|1&2&3", either(count(0, ">", 0), both(B, both(C, D)))),
]
COUNTS = [
    (2, 3, 0, 1),
    (2, 0, 0, 1),
    (0, 3, 0, 0),
    (0, 0, 1, 0),
    (1, 1, 0, 0),
    (0, 0, 2, 1),
]
COUNTS += [(0, 0, 0, 0), (3, 0, 1, 1), (0, 1, 2, 2), (0, 2, 0, 1), (1, 0, 0, 0)]

# What each of the cases above is, for each of the counts above.
TRUE = {
    "0&1&2&3": [],
    "0|1|2|3": [0, 1, 2, 3, 4, 5, 7, 8, 9, 10],
    "(0|1)>1,2|2&3": [0, 4, 5, 7, 8],
    "((0|1)>1|2)>0,1|3": [0, 1, 3, 5, 7, 8, 9],
    "(0=0|1)>0,2|2&3": [2, 5, 7, 8, 9],
}


@pytest.mark.parametrize("text", TRUE)
def test_an_expression_is_true_for_some_counts(text: str) -> None:
    code = dict(CASES)[text]
    found = [at for at, counts in enumerate(COUNTS) if true(code, *counts)]
    assert found == TRUE[text]


def test_clamscan_finds_the_same_expressions_true(ask: Ask) -> None:
    signs = [b"\xe1\xf0", b"\xe2\xf0", b"\xe3\xf0", b"\xe4\xf0"]
    subs = ";".join(sign.hex() for sign in signs)
    lines = [
        f"T{at};Engine:51-255,Target:0;{text};{subs}"
        for at, (text, _) in enumerate(CASES)
    ]
    inputs = [
        BINARY
        + b"".join(
            (sign + b"\1") * many for sign, many in zip(signs, counts, strict=True)
        )
        for counts in COUNTS
    ]
    found = ask(lines, inputs, "ldb")
    for names, counts in zip(found, COUNTS, strict=True):
        expected = {
            f"T{at}" for at, (_, code) in enumerate(CASES) if true(code, *counts)
        }
        assert names == expected, counts


def test_sums_and_sets_are_handed_up() -> None:
    assert said(either(term(0), term(1)), 2, 3) == Outcome(
        true=True, false=False, least=5, most=5, surely=3, perhaps=3
    )
    assert said(either(term(0), term(1)), 0, 3).perhaps == 2
    assert said(count(0, "=", 0), 0).perhaps == 1
    assert said(group(either(term(0), term(1)), ">", 1), 2, 3) == Outcome(
        true=True, false=False, least=5, most=5
    )
    assert said(both(term(0), term(1)), 2, 0) == Outcome(true=False, false=True)


operands = st.one_of(
    st.integers(0, 3).map(term),
    st.builds(count, st.integers(0, 3), st.sampled_from("=<>"), st.integers(0, 3)),
)
expressions = st.recursive(
    operands,
    lambda inner: st.one_of(
        st.builds(both, inner, inner),
        st.builds(either, inner, inner),
        st.builds(
            group, inner, st.sampled_from("=<>"), st.integers(0, 5), st.integers(0, 3)
        ),
    ),
    max_leaves=6,
)


@given(
    expressions, st.lists(st.integers(0, 3), min_size=4, max_size=4), st.integers(0, 15)
)
def test_what_may_be_holds_whatever_is_true(
    code: bytes, counts: list[int], unknown: int
) -> None:
    ranges = [
        Count(0, ENDLESS) if unknown >> at & 1 else Count(one, one)
        for at, one in enumerate(counts)
    ]
    perhaps = evaluate(read(code), ranges)
    for tried in itertools.product((0, 1, 4), repeat=4):
        real = [
            one if unknown >> at & 1 else counts[at] for at, one in enumerate(tried)
        ]
        if true(code, *real):
            assert perhaps.true
        else:
            assert perhaps.false


@pytest.mark.parametrize(
    ("code", "field"),
    [
        (b"", "end"),
        (term(4), "sub-signature"),
        (term(0) + term(1), "end"),
        (both(term(0), b""), "operand"),
        (group(b"", ">", 1), "operand"),
        (count(0, "!", 1), "operator"),
        (b"\x06", "operation"),
        (b"\x00", "operation"),
        (term(0)[:1], "ends too early"),
        (term(0) * (MOST_STACK + 1), "depth"),
    ],
)
def test_a_broken_expression_is_refused(code: bytes, field: str) -> None:
    with pytest.raises(BadImage, match=re.escape(field)):
        read(code)
