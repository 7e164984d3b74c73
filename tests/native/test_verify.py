"""Verifying one signature: sub-signatures that refer to each other, and what waits."""

from collections.abc import Sequence

import pytest
from support.clamscan import BINARY, Ask
from support.image import (
    Sig,
    both,
    compare,
    count,
    either,
    image,
    macro,
    picture,
    place,
    regex,
    term,
)
from support.notation import body

from clearward.core.facts import Facts
from clearward.native.image import Image
from clearward.native.layout import Flag, State, Where
from clearward.native.programs import Picture, Regex
from clearward.native.reference import Matcher
from clearward.native.verify import Result

BOTH = both(term(0), term(1))


def said(signature: Sig, data: bytes) -> State | None:
    return Matcher(Image(image(signature))).verify(0, data, Facts(len(data)))


def matches(signature: Sig, data: bytes) -> bool:
    found = said(signature, data)
    assert found in {State.MATCHES, None}
    return found is State.MATCHES


@pytest.mark.parametrize(
    ("text", "data", "expected"),
    [
        ("edee", b"\xed\xeeA\xed\xeeB", False),  # the last match
        ("edee", b"\xed\xeeB\xed\xeeA", True),
        ("edee*eff0", b"\xed\xeeA\xed\xeeB\xef\xf0", True),  # its first start
        ("edee*eff0", b"\xed\xeeB\xed\xeeA\xef\xf0", False),
        ("edee{0-2}eff0", b"\xed\xeeB\xed\xeeA\xef\xf0", True),
        ("edee*eff0", b"\xed\xeeA\xef\xf0\xed\xeeB\xef\xf0", True),
    ],
)
def test_a_compare_counts_from_the_start_of_the_last_match(
    text: str, data: bytes, *, expected: bool
) -> None:
    signature = Sig([body(text), compare(0, 2, "ib", 1, ("=", 65))], BOTH)
    assert matches(signature, BINARY + data) is expected


def test_clamscan_compares_from_there_too(ask: Ask) -> None:
    data = [
        b"\xed\xeeA\xed\xeeB\xef\xf0",
        b"\xed\xeeB\xed\xeeA\xef\xf0",
        b"\xed\xeeA\xef\xf0\xed\xeeB\xef\xf0",
        b"\xed\xeeB\xef\xf0\xed\xeeA\xef\xf0",
    ]
    inputs = [BINARY + one for one in data]
    texts = ["edee", "edee*eff0", "edee{0-2}eff0"]
    lines = [
        f"T{at};Engine:51-255,Target:0;0&1;{text};0(>>2#ib1#=65)"
        for at, text in enumerate(texts)
    ]
    for names, one in zip(ask(lines, inputs, "ldb"), inputs, strict=True):
        assert names == {
            f"T{at}"
            for at, text in enumerate(texts)
            if matches(Sig([body(text), compare(0, 2, "ib", 1, ("=", 65))], BOTH), one)
        }


def test_a_compare_counts_once_and_may_come_before_what_it_refers_to() -> None:
    subs = [compare(1, 2, "ib", 1, ("=", 65)), body("edee")]
    data = b".\xed\xeeA\xed\xeeA"
    assert matches(Sig(subs, count(0, "=", 1)), data)
    assert matches(Sig(subs, count(0, "=", 0)), b".\xed\xeeB")
    assert matches(Sig(subs, count(0, "=", 0)), b"nothing")


GROUP = body("d1d2", place(Where.GROUP, group=12))
OTHER = body("d3d4", place(Where.GROUP, group=12))
ELSE = body("d5d6", place(Where.GROUP, group=13))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xe1\xe2...\xd1\xd2", False),
        (b"\xe1\xe2....\xd1\xd2", True),
        (b"\xe1\xe2.....\xd3\xd4", True),
        (b"\xe1\xe2......\xd1\xd2", False),
        (b"\xe1\xe2....\xd5\xd6", False),
        (b"\xd1\xd2....\xe1\xe2", False),
        (b"\xe1\xe2....\xd1\xd2\xe1\xe2", True),
        (b"\xd1\xd2.....", False),
    ],
)
def test_a_macro_finds_its_group_behind_what_is_before_it(
    data: bytes, *, expected: bool
) -> None:
    subs = [body("e1e2"), macro(12, 6, 7), GROUP, OTHER, ELSE]
    assert matches(Sig(subs, both(term(0), term(1))), data) is expected
    assert not matches(Sig(subs, term(2)), data)  # a group counts for nothing itself


def test_a_macro_counts_places_and_may_follow_a_macro() -> None:
    subs = [body("e1e2"), macro(12, 1, 9), macro(13, 1, 3), GROUP, OTHER, ELSE]
    data = b"\xe1\xe2\xd1\xd2\xe1\xe2\xd1\xd2\xd5\xd6"
    assert matches(Sig(subs, count(1, "=", 2)), data)
    assert matches(Sig(subs, count(2, "=", 1)), data)
    assert not matches(Sig(subs, term(2)), data[:-3])


def test_clamscan_finds_no_macro_that_is_not_found(ask: Ask) -> None:
    # It finds one only if the sub-signature before it matches once more behind it.
    lines = ["M;Engine:51-255,Target:0;0&1;e1e2e3;${6-7}12$"]
    assert ask(lines, [BINARY + b"\xe1\xe2\xe3...\xd1\xd2\xd3"], "ldb") == [set()]


REGEX = regex(term(0))
WAITS = Flag.DEFERRED


@pytest.mark.parametrize(
    ("expression", "data", "expected"),
    [
        (both(term(0), term(1)), b"ab", State.DEFERRED),
        (both(term(0), term(1)), b"xx", None),
        (either(term(0), term(1)), b"ab", State.DEFERRED),
        (either(term(0), term(1)), b"xx", None),  # its trigger is false
        (count(1, "=", 0), b"xx", State.DEFERRED),
        (count(1, "=", 0), b"ab", State.DEFERRED),
        (count(1, ">", 5), b"ab", State.DEFERRED),
        (count(1, ">", 5), b"xx", None),
    ],
)
def test_what_may_be_true_is_deferred(
    expression: bytes, data: bytes, expected: State | None
) -> None:
    assert said(Sig([body("6162"), REGEX], expression, flags=WAITS), data) is expected


def test_a_picture_counts_once_at_most() -> None:
    def deferred(expression: bytes) -> bool:
        signature = Sig([body("6162"), picture()], expression, flags=WAITS)
        return said(signature, b"ab") is State.DEFERRED

    assert deferred(both(term(0), term(1)))
    assert deferred(count(1, "=", 0))
    assert not deferred(count(1, ">", 1))


def test_a_compare_waits_for_the_regular_expression_it_refers_to() -> None:
    subs = [body("6162"), REGEX, compare(1, 0, "ib", 1, ("=", 97))]
    assert said(Sig(subs, term(2), flags=WAITS), b".ab") is State.DEFERRED
    assert said(Sig(subs, count(2, ">", 1), flags=WAITS), b".ab") is None
    assert said(Sig(subs, term(2), flags=WAITS), b".xx") is None


def test_who_decides_is_asked_in_order_and_believed() -> None:
    asked: list[tuple[int, type, int]] = []

    def decide(
        number: int, sub: Regex | Picture, results: Sequence[Result]
    ) -> Sequence[int]:
        asked.append((number, type(sub), results[0].count.least))
        return [1, 3] if isinstance(sub, Regex) else []

    subs = [body("6162"), REGEX, picture(), compare(1, 0, "ib", 1, ("=", 0x64))]
    data = b".abd"
    for expression, expected in (
        (count(1, "=", 2), State.MATCHES),
        (term(2), None),
        (term(3), State.MATCHES),
    ):
        matcher = Matcher(Image(image(Sig(subs, expression, flags=WAITS))))
        assert matcher.verify(0, data, Facts(4), decide) is expected
    assert asked == [(1, Regex, 1), (2, Picture, 1)] * 3


def test_who_decides_is_not_asked_if_the_trigger_is_false() -> None:
    def decide(
        number: int, sub: Regex | Picture, results: Sequence[Result]
    ) -> Sequence[int]:
        raise AssertionError((number, sub, results))

    signature = Sig([body("6162"), REGEX], count(1, "=", 0), flags=WAITS)
    matcher = Matcher(Image(image(signature)))
    assert matcher.verify(0, b"xx", Facts(2), decide) is State.MATCHES
