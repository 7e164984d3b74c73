"""What is said of a digest, and who is asked."""

import hashlib
from collections.abc import Callable

import pytest
from support.digests import digest, made, written

from clearward.core.errors import Malformed, Refused
from clearward.reputation import labels, records
from clearward.reputation.filter_file import Filter
from clearward.reputation.labels import Label
from clearward.reputation.lookup import Answer, Known, State
from clearward.reputation.making import Made

SET = made(x=written(*range(3000), name="Trojan"))


def known(one: Made) -> Known:
    return Known(one.head, labels.decode(one.labels), Filter.parse(one.filter()))


def exact(one: Made) -> Callable[[bytes], tuple[int, ...]]:
    return lambda digest: records.labels_of(bytes(one.records), digest)


def false_positive(held: Known) -> bytes:
    """A digest that the filter takes for a member."""
    tried = [hashlib.sha256(b"other %d" % one).digest() for one in range(400_000)]
    return held.perhaps(tried)[0]


def test_members_are_known_and_others_are_not() -> None:
    asked = [digest(7), digest(70_000), digest(2_999)]
    label = (Label("x", "Trojan"),)
    assert known(SET).look_up(asked, exact(SET)) == [
        Answer(asked[0], State.KNOWN, label),
        Answer(asked[1], State.UNKNOWN),
        Answer(asked[2], State.KNOWN, label),
    ]


def test_what_the_filter_does_not_have_is_never_asked_for() -> None:
    asked: list[bytes] = []

    def noting(one: bytes) -> tuple[int, ...]:
        asked.append(one)
        return ()

    known(SET).look_up([digest(1), *map(digest, range(5_000, 5_500))], noting)
    assert asked == [digest(1)]


def test_what_the_filter_has_by_chance_is_unknown() -> None:
    held = known(SET)
    one = false_positive(held)
    assert held.look_up([one], exact(SET)) == [Answer(one, State.UNKNOWN)]


def test_without_the_list_what_the_filter_has_is_not_decided() -> None:
    found = known(SET).look_up([digest(1), digest(9_999)], None)
    assert [one.state for one in found] == [State.UNDECIDED, State.UNKNOWN]


def test_the_filter_of_another_set_is_refused() -> None:
    other = made(x=written(*range(1, 3001), name="Trojan"))
    with pytest.raises(Refused, match="another set"):
        Known(SET.head, (), Filter.parse(other.filter()))


def test_a_label_that_is_not_there_is_damage() -> None:
    with pytest.raises(Malformed):
        known(SET).look_up([digest(1)], lambda _: (1,))
