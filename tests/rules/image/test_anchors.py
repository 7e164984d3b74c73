"""Tests of the choice of anchors."""

import pytest
from support.signatures import body

from clearward.rules.clamav.model import Body, Bytes, Chain, Choice, Masked, Skip
from clearward.rules.image.anchors import (
    BEST,
    LAST,
    USUAL,
    WIDE,
    Anchor,
    Anchors,
    AnchorSet,
    all_of,
    best_of,
    keys_of,
)
from clearward.rules.image.frequencies import Frequencies

COMMON = Frequencies({b"aaab": 3, b"kern": 9, b"erne": 9, b"rnel": 9, b"nel3": 9})
RARE = bytes(range(0x81, 0x8C))


def chosen(*bodies: Body, stride: int = 4) -> list[bytes]:
    chooser = Anchors(COMMON)
    found = []
    for each in bodies:
        anchors = chooser.of_body(each, stride, USUAL)
        assert anchors is not None
        chooser.take(anchors)
        found.append(anchors.anchors[0].values)
    return found


def test_rare_bytes_are_taken_before_common_ones() -> None:
    assert chosen(body(b"kernel32" + RARE)) == [b"el32" + RARE[:7]]
    assert chosen(body(b"kernel32", RARE)) == [RARE]


def test_bytes_that_nothing_speaks_against_are_seen_at_a_glance() -> None:
    chooser = Anchors(COMMON)
    first = chooser.at_once(body(b"kernel32", RARE), 4)
    assert first == chooser.of_body(body(b"kernel32", RARE), 4, USUAL)
    assert first is not None
    assert chooser.at_once(body(b"kernel32"), 4) is None
    assert chooser.at_once(body(RARE[:10]), 4) is None
    chooser.take(first)
    assert chooser.at_once(body(RARE), 4) is None


def test_what_others_have_taken_is_left_to_them() -> None:
    same = body(RARE + b"first"), body(RARE + b"second")
    first, second = chosen(*same)
    assert first != second


@pytest.mark.parametrize(
    "data", [bytes(40), b"\xff" * 40, b"abc", b"aaab", b"XXXXXXXX"], ids=repr
)
def test_repeated_common_or_few_bytes_are_no_anchors(data: bytes) -> None:
    for stride in (1, 2, 4):
        assert Anchors(COMMON).of_body(body(data), stride, USUAL) is None


def test_a_stride_asks_for_so_many_bytes_more() -> None:
    for length, strides in ((4, {1}), (5, {1, 2}), (6, {1, 2}), (7, {1, 2, 4})):
        some = body(RARE[:length])
        fit = {n for n in (1, 2, 4) if Anchors(COMMON).of_body(some, n, USUAL)}
        assert fit == strides


def test_with_more_keys_a_byte_of_the_four_may_be_any() -> None:
    some = body(RARE[:6])
    assert Anchors(COMMON).of_body(some, 4, WIDE) is None
    some = body((Bytes(RARE[:6]), Skip(1)))
    assert Anchors(COMMON).of_body(some, 4, USUAL) is None
    assert Anchors(COMMON).of_body(some, 4, WIDE) is not None


def test_what_is_common_is_an_anchor_only_at_last() -> None:
    table = Frequencies({b"kern": 10})
    assert Anchors(table).of_body(body(b"kern"), 1, USUAL) is None
    assert Anchors(table).of_body(body(b"kern"), 1, LAST) is not None


def test_each_chain_and_each_alternative_has_its_own() -> None:
    two = Body((Chain(((Bytes(b"first one"),),)), Chain(((Bytes(b"the other"),),))))
    choice = body((Choice(((Bytes(b"first one"),), (Bytes(b"the others"),))),))
    for some in (two, choice):
        found = Anchors(COMMON).of_body(some, 1, USUAL)
        assert found is not None
        assert len(found.anchors) == 2


def test_keys_are_all_values_of_four_cells() -> None:
    assert keys_of(b"A1", b"\xdf\xff") == [b"A1", b"a1"]
    assert len(keys_of(b"abc\0", b"\xff\xff\xff\0", WIDE.keys)) == 256
    assert keys_of(b"abc\0", b"\xff\xff\xff\0", USUAL.keys) == []


def test_letters_in_any_case_can_be_an_anchor() -> None:
    run = Masked(b"ANCHORED", b"\xdf" * 8)
    found = Anchors(COMMON).of_body(body((run,)), 4, USUAL)
    assert found is not None
    assert found.anchors[0].masks == b"\xdf" * 8


def test_of_two_the_better_is_taken_and_alternatives_need_all() -> None:
    low = AnchorSet(5, (Anchor(b"a", b"\xff"),))
    high = AnchorSet(BEST, (Anchor(b"b", b"\xff"),))
    assert best_of(low, high) is best_of(high, low) is high
    assert best_of(None, low) is best_of(low, None) is low
    both = all_of([low, high])
    assert both is not None
    assert (both.score, len(both.anchors), both.rank) == (5, 2, 3)
    assert all_of([low, None]) is None
    many = AnchorSet(5, tuple(Anchor(bytes([n]), b"\xff") for n in range(129)))
    assert all_of([low, many]) is None
