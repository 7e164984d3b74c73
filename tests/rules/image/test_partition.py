"""Tests of what finds the signatures of a partition."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.signatures import Image as Raw
from support.signatures import body, signature
from support.signatures_random import parts, signatures

from clearward.core.facts import Facts
from clearward.native.image import Image
from clearward.native.layout import Where
from clearward.native.reference import Matcher
from clearward.rules.clamav.model import Count, Place, Signature, Term
from clearward.rules.image import partition
from clearward.rules.image.anchors import STRIDES
from clearward.rules.image.build import build
from clearward.rules.image.frequencies import Frequencies

COMMON = Frequencies({b"abab": 3, b"aaaa": 3, b"baba": 12})


def built(some: list[Signature], stride: int | None = None) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        if stride is not None:
            cost = lambda _, other: int(other != stride)  # noqa: E731 - a stand-in
            patch.setattr(partition.Partition, "_cost", cost)
            patch.setattr(partition, "SHORT_PASS", 0)
        return bytes(build(some, frequencies=COMMON))


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(STRIDES))
def test_every_signature_that_matches_is_looked_at(
    data: st.DataObject, stride: int
) -> None:
    some = data.draw(signatures())
    part = data.draw(parts(some))
    image = Image(built([some], stride))
    matcher = Matcher(image)
    facts = Facts(len(part))
    state = matcher.verify(0, part, facts)
    found = matcher.match(part, 0, facts)
    assert found == ([] if state is None else [(0, state)])


@given(st.binary(min_size=7, max_size=30), st.integers(0, 9))
def test_an_anchor_is_found_at_every_distance(run: bytes, shift: int) -> None:
    for stride in STRIDES:
        image = Image(built([signature(run, target=0)], stride))
        always = 0 in image.always.get(0, ())
        assert always or Matcher(image).candidates(bytes(shift) + run, 0) == [0]


def test_signatures_with_rare_bytes_are_found_by_them() -> None:
    image = Raw(built([signature(b"rare bytes %d" % n) for n in range(50)]))
    assert image.always(1) == []
    assert image.counts[5, 1] >= 50


def test_a_signature_that_nothing_finds_always_runs() -> None:
    absent = Signature("A", 1, (body(b"rare bytes"),), Count(0, "=", 0))
    zeros = signature(bytes(40))
    image = Raw(built([absent, signature(b"other bytes"), zeros]))
    assert image.always(1) == [0, 2]


def test_what_has_no_anchor_but_a_place_runs_always() -> None:
    start = body(b"ab", place=Place(Where.START, 3))
    image = Raw(built([Signature("A", 1, (start,), Term(0))] * 20))
    assert image.always(1) == list(range(20))
    assert (5, 1) not in image.sections


def test_many_with_short_keys_are_found_by_them_and_few_always_run() -> None:
    many = [signature(bytes([n, 99, n + 1])) for n in range(40)]
    image = Raw(built(many))
    assert image.always(1) == []
    assert Matcher(Image(built(many))).candidates(b"--\x05\x63\x06--", 1) == [5]
    assert Raw(built(many[:2])).always(1) == [0, 1]


def test_few_short_anchors_do_not_make_a_stride_small() -> None:
    long = [signature(b"%d long and rare bytes" % n) for n in range(40)]
    made = build([*long, signature(b"abcd")], frequencies=COMMON)
    partitions = made.statistics["partitions"]
    assert isinstance(partitions, dict)
    assert partitions["1"]["stride"] > 1
