"""Behaviour of the wide answer of --explain."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.explanation import (
    MAX_MATCHES,
    MAX_NAME,
    MAX_PLACES,
    Asked,
    Explanation,
    Match,
    Place,
    Typed,
)
from clearward.core.kinds import MOST_EVIDENCE, NAMES, How, Kind
from clearward.core.reasons import FROM_THE_JAIL, Reason
from clearward.jail.explanation import decode, encode
from clearward.jail.wire import Hostile

RULE_COUNT = 10
LONG = st.integers(0, 2**64 - 1)


@st.composite
def explanations(draw: st.DrawFn) -> Explanation:
    """What an honest worker may explain."""
    made = Explanation()
    for index in range(draw(st.integers(0, 5))):
        parent = draw(st.integers(0, max(index - 1, 0)))
        made.places.append(Place(parent, draw(st.binary(max_size=MAX_NAME))))
    if not made.places:
        return made
    place = st.integers(0, len(made.places) - 1)
    match = st.builds(
        Match,
        st.integers(0, RULE_COUNT - 1),
        place,
        LONG,
        LONG,
        st.integers(0, 0xFFFF),
    )
    made.matches.extend(draw(st.lists(match, max_size=4)))
    unread = st.tuples(place, st.sampled_from(list(FROM_THE_JAIL)))
    made.unread.extend(draw(st.lists(unread, max_size=4)))
    kind = st.builds(
        Kind,
        st.sampled_from(NAMES),
        st.sampled_from(How),
        LONG,
        st.binary(max_size=MOST_EVIDENCE),
    )
    made.types.extend(draw(st.lists(st.builds(Typed, place, kind), max_size=4)))
    asked = st.builds(Asked, place, st.binary(max_size=MAX_NAME))
    made.asked.extend(draw(st.lists(asked, max_size=4)))
    return made


@given(explanations())
def test_an_explanation_comes_back_as_it_was(explanation: Explanation) -> None:
    assert decode(encode(explanation), RULE_COUNT) == explanation


@given(explanations(), st.integers(0, 10**6))
def test_an_explanation_cut_short_is_hostile(
    explanation: Explanation, place: int
) -> None:
    data = encode(explanation)
    with pytest.raises(Hostile):
        decode(data[: place % len(data)], RULE_COUNT)


@given(explanations(), st.integers(0, 10**6), st.integers(0, 255))
def test_an_explanation_with_a_wrong_byte_stays_in_its_bounds_or_is_hostile(
    explanation: Explanation, place: int, value: int
) -> None:
    data = bytearray(encode(explanation))
    data[place % len(data)] = value
    check(bytes(data))


@given(st.binary(max_size=80))
def test_any_bytes_are_an_explanation_in_its_bounds_or_hostile(data: bytes) -> None:
    check(data)


def check(data: bytes) -> None:
    """An explanation that is taken points nowhere but into itself."""
    try:
        found = decode(data, RULE_COUNT)
    except Hostile:
        return
    assert len(found.places) <= MAX_PLACES
    assert max(len(found.matches), len(found.unread)) <= MAX_MATCHES
    for index, place in enumerate(found.places):
        assert place.parent < index or (place.parent, index) == (0, 0)
        assert len(place.name) <= MAX_NAME
    for match in found.matches:
        assert match.rule < RULE_COUNT
        assert match.place < len(found.places)
    for place_index, reason in found.unread:
        assert place_index < len(found.places)
        assert reason in list(FROM_THE_JAIL)


def test_the_largest_explanation_fits_into_an_answer() -> None:
    full = Explanation(
        [Place(0, bytes(MAX_NAME))] * MAX_PLACES,
        [Match(0, 0, 0, 0, 0)] * MAX_MATCHES,
        [(0, Reason.CORRUPT)] * MAX_MATCHES,
    )
    assert decode(encode(full), 1) == full
    assert len(encode(full)) < 100_000


ROOT = struct.pack("<HHB", 1, 0, 0)
NONE = struct.pack("<H", 0)


def one_match(rule: int, place: int) -> bytes:
    return struct.pack("<HIHHQQ", 1, rule, place, 0, 0, 0)


def one_gap(place: int, reason: int) -> bytes:
    return struct.pack("<HHH", 1, place, reason)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(NONE * 3 + b"\0", id="bytes behind it"),
        pytest.param(struct.pack("<H", MAX_PLACES + 1), id="too many places"),
        pytest.param(NONE + struct.pack("<H", MAX_MATCHES + 1), id="too many matches"),
        pytest.param(NONE * 2 + struct.pack("<H", MAX_MATCHES + 1), id="too many gaps"),
        pytest.param(
            struct.pack("<HHBHB", 2, 0, 0, 1, 0) + NONE * 2, id="its own parent"
        ),
        pytest.param(struct.pack("<HHB", 1, 1, 0) + NONE * 2, id="a root in a place"),
        pytest.param(
            struct.pack("<HHBHBHB", 3, 0, 0, 2, 0, 0, 0) + NONE * 2,
            id="a place before its parent",
        ),
        pytest.param(ROOT + one_match(RULE_COUNT, 0) + NONE, id="a rule there is not"),
        pytest.param(ROOT + one_match(0, 1) + NONE, id="a match in no place"),
        pytest.param(NONE + one_match(0, 0) + NONE, id="a match without places"),
        pytest.param(ROOT + NONE + one_gap(1, 1), id="a gap in no place"),
        pytest.param(ROOT + NONE + one_gap(0, 0), id="a gap without a reason"),
        pytest.param(ROOT + NONE + one_gap(0, 3), id="a gap with two reasons"),
        pytest.param(
            ROOT + NONE + one_gap(0, 1 << 13), id="a reason of the broker's own"
        ),
        pytest.param(ROOT + NONE + one_gap(0, 1 << 15), id="no reason at all"),
        pytest.param(struct.pack("<HHB", 1, 0, 9) + b"short", id="a name cut short"),
    ],
)
def test_an_explanation_that_points_outside_itself_is_hostile(data: bytes) -> None:
    with pytest.raises(Hostile):
        decode(data, RULE_COUNT)
