"""The matcher as a whole: candidates, states, budgets, look-ups and names."""

import struct

import pytest
from support.image import (
    Laid,
    Sig,
    count,
    demand,
    hash_set,
    image,
    names,
    picture,
    prefilter,
    term,
)
from support.notation import body

from clearward.core.facts import Facts
from clearward.native.errors import BadImage
from clearward.native.image import Image
from clearward.native.layout import ANY_SIZE, Condition, Flag, Section, State
from clearward.native.reference import Matcher

DIGESTS = sorted(bytes([at]) * 16 for at in (0, 3, 3, 3, 200, 255))
SIZES = [5, 1, ANY_SIZE, 2, 7, 7]


def matcher(
    *signatures: Sig, more: dict[tuple[int, int], Laid] | None = None, **how: bool
) -> Matcher:
    return Matcher(Image(image(*signatures, more=more, **how)))


def test_candidates_and_those_that_always_run_are_verified() -> None:
    longs = prefilter([(b"abcd", 0), (b"abcd", 1), (b"wxyz", 3)])
    signatures = [
        Sig([body("61626364")]),
        Sig([body("6162636465")]),
        Sig([body("7878")]),
        Sig([body("7778797a")]),
    ]
    always: Laid = (struct.pack("<I", 2), 1)
    made = matcher(
        *signatures,
        more={(Section.PREFILTER, 0): longs, (Section.ALWAYS, 0): always},
        always=False,
    )
    data = b"..abcd..xx"
    assert made.candidates(data, 0) == [0, 1]
    assert made.match(data, 0, Facts(10)) == [(0, State.MATCHES), (2, State.MATCHES)]
    assert made.match(data, 1, Facts(10)) == []
    assert made.candidates(data, 1) == []


def test_partitions_are_apart() -> None:
    made = matcher(Sig([body("6162")]), Sig([body("6162")], target=7))
    assert made.match(b"ab", 0, Facts(2)) == [(0, State.MATCHES)]
    assert made.match(b"ab", 7, Facts(2)) == [(1, State.MATCHES)]


def test_conditions_come_before_all_else() -> None:
    made = Matcher(
        Image(
            image(
                Sig([body("6162")], demands=[demand(Condition.FILE_SIZE, 3, 9)]),
                Sig([body("61*62")], demands=[demand(Condition.FILE_SIZE, 0, 1)]),
            )
        ),
        steps=100,
    )
    assert made.match(b"ab" * 4, 0, Facts(8)) == [(0, State.MATCHES)]
    assert made.match(b"ab" * 99, 0, Facts(198)) == []


def test_who_runs_out_of_steps_says_so() -> None:
    made = Matcher(Image(image(Sig([body("61*62*63")]))), steps=50)
    assert made.match(b"ab" * 99, 0, Facts(198)) == [(0, State.OUT_OF_STEPS)]
    assert made.verify(0, b"abc", Facts(3)) is State.MATCHES


def test_deferred_signatures_match_at_most_perhaps() -> None:
    waits = Sig([body("6162"), picture()], term(0), flags=Flag.DEFERRED)
    made = matcher(waits)
    assert made.match(b"ab", 0, Facts(2)) == [(0, State.DEFERRED)]
    assert made.match(b"xx", 0, Facts(2)) == []


def test_a_signature_without_an_anchor_may_match_anything() -> None:
    made = matcher(Sig([body("6162")], count(0, "=", 0)))
    assert made.match(b"", 0, Facts(0)) == [(0, State.MATCHES)]


def test_digests_are_looked_up_by_size() -> None:
    made = matcher(more={(Section.HASHES, 4): hash_set(DIGESTS, SIZES, first=10)})
    assert made.lookup(4, bytes(16), 5) == [10]
    assert made.lookup(4, bytes(16), 6) == []
    assert made.lookup(4, b"\3" * 16, 1) == [11, 12]
    assert made.lookup(4, b"\3" * 16, 2) == [12, 13]
    assert made.lookup(4, b"\3" * 16, 9) == [12]
    assert made.lookup(4, b"\xff" * 16, 7) == [15]
    assert made.lookup(4, b"\3" * 20, 1) == []
    assert made.lookup(5, b"\3" * 16, 1) == []


def test_many_digests_are_looked_up_at_once() -> None:
    made = matcher(more={(Section.HASHES, 0): hash_set(DIGESTS, SIZES)})
    asked = b"\3" * 16 + b"\4" * 16 + b"\xc8" * 16
    sizes = struct.pack("<3Q", 1, 1, 7)
    assert made.lookup_many(0, asked, sizes) == [(0, 1), (0, 2), (2, 4)]
    assert made.lookup_many(9, asked, sizes) == []
    for wrong in (asked[:-1], asked[:-16], b""):
        with pytest.raises(ValueError, match="fit"):
            made.lookup_many(0, wrong, sizes)


def test_a_rule_has_its_name_or_is_called_as_its_digest() -> None:
    given = [b"Eicar", b"", b"caf\xc3\xa9", b"\xff", *[b""] * 60]
    made = matcher(
        more={
            (Section.NAMES, 0): names(*given),
            (Section.HASHES, 0): hash_set(DIGESTS[:1], first=1),
        }
    )
    assert made.name(0) == "Eicar"
    assert made.name(1) == "00" * 16
    assert made.name(2) == "café"
    assert made.name(4) == ""
    with pytest.raises(BadImage):
        made.name(3)
    for rule in (-1, 64):
        with pytest.raises(IndexError):
            made.name(rule)
