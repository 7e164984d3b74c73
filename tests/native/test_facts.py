"""Facts as bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.facts import Facts
from clearward.native.facts import OTHER, pack_facts, unpack_facts
from clearward.native.layout import FACTS, NOWHERE
from clearward.native.types import read_types

NAMES = ("CL_TYPE_ZIP", "CL_TYPE_MAIL")
TYPES = read_types(memoryview(b"CL_TYPE_ZIP\nCL_TYPE_MAIL\n"), 2)

places = st.integers(0, NOWHERE - 1)
facts = st.builds(
    Facts,
    size=places,
    entry=st.none() | places,
    sections=st.lists(st.tuples(places, places), max_size=3).map(tuple),
    versions=st.lists(places, max_size=3).map(tuple),
    container=st.sampled_from(["", *NAMES, OTHER]),
    intermediates=st.lists(st.sampled_from([*NAMES, OTHER]), max_size=3).map(tuple),
    placed=st.booleans(),
)


@given(facts)
def test_facts_come_back(told: Facts) -> None:
    assert unpack_facts(pack_facts(told, TYPES), TYPES) == told


def test_facts_are_laid_out_as_the_layout_says() -> None:
    told = Facts(7, 3, ((1, 2),), (9,), NAMES[1], ("CL_TYPE_7Z", NAMES[1]))
    assert pack_facts(told, TYPES) == (
        FACTS.pack(7, 3, 2, 2, 1, 1, 1)
        + (b"\xff\xff\x02\x00" + bytes([1, *[0] * 7, 2, *[0] * 7, 9, *[0] * 7]))
    )


def test_what_is_no_place_is_left_out() -> None:
    told = Facts(7, -1, ((-5, -1), (2**64, 2**65)), (2**70,))
    assert unpack_facts(pack_facts(told, TYPES), TYPES) == Facts(
        7, None, ((NOWHERE, 0), (NOWHERE, NOWHERE)), (NOWHERE,)
    )


@given(st.binary(max_size=80))
def test_any_bytes_are_facts_or_refused(data: bytes) -> None:
    try:
        told = unpack_facts(data, TYPES)
    except ValueError:
        return
    assert isinstance(told, Facts)


@pytest.mark.parametrize(
    "fields", [(1, 2, 3, 0, 0, 0, 0), (1, 2, 0, 1, 0, 0, 0), (1, 2, 0, 0, 0, 0, 2)]
)
def test_wrong_facts_are_refused(fields: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="facts"):
        unpack_facts(FACTS.pack(*fields), TYPES)
