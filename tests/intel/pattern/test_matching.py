"""Patterns are matched as the specification says, within limits."""

import itertools
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearward.core.errors import LimitReached, Refused
from clearward.intel.pattern.matching import matches

Objects = list[dict[str, Any]]


def at(second: float) -> str:
    return f"2020-01-01T00:00:{second:06.3f}Z"


def observed(number: int, count: int, first: float, last: float, **has: Any) -> Objects:  # noqa: ANN401 - any JSON
    """An observation of one object of type ``x``."""
    return [
        {
            "type": "observed-data",
            "id": f"observed-data--{number}",
            "number_observed": count,
            "first_observed": at(first),
            "last_observed": at(last),
            "object_refs": [f"x--{number}"],
        },
        {"type": "x", "id": f"x--{number}", **has},
    ]


def said(pattern: str, **has: Any) -> bool:  # noqa: ANN401 - any JSON
    """What a pattern says of one object."""
    return matches(pattern, observed(1, 1, 0, 0, **has))


@pytest.mark.parametrize(
    ("test", "value", "expected"),
    [
        pytest.param("x:v = 1", 1.0, True, id="numbers of two kinds"),
        pytest.param("x:v = 1", True, False, id="true is no number"),
        pytest.param("x:v != 1", "1", True, id="text is no number"),
        pytest.param("x:v > 'a'", 5, False, id="no order between kinds"),
        pytest.param("x:v NOT > 'a'", 5, False, id="nor none, negated"),
        pytest.param("x:v = h'6162'", "ab", True, id="bytes and letters"),
        pytest.param("x:v = h'6162'", "aɓ", False, id="bytes and no bytes"),
        pytest.param("x:v IN ('a', 'b')", "b", True, id="in a set"),
        pytest.param("x:v IN ()", "b", False, id="in no set"),
        pytest.param("x:v LIKE 'a%_'", "a.c\n", True, id="like"),
        pytest.param("x:v LIKE 'a'", "ab", False, id="like the whole"),
        pytest.param("x:v LIKE 'a.'", "ab", False, id="a point is a point"),
        pytest.param("x:v MATCHES 'b+$'", "abb", True, id="matches a part"),
        pytest.param("x:v NOT MATCHES 'b'", "a", True, id="does not match"),
        pytest.param("x:v ISSUBSET '10.0.0.0/8'", "10.1.0.0/16", True, id="subset"),
        pytest.param("x:v ISSUBSET '10.0.0.0/8'", "11.0.0.1", False, id="outside"),
        pytest.param("x:v ISSUBSET '2001:db8::/32'", "2001:db8::1", True, id="IPv6"),
        pytest.param("x:v ISSUPERSET '10.1.1.1'", "10.0.0.0/8", True, id="superset"),
        pytest.param("x:v ISSUBSET '0.0.0.0/0'", "evil", False, id="no address"),
        pytest.param("x:v[1] = 'b'", ["a", "b"], True, id="position"),
        pytest.param(
            "x:v[2] = 'b'", ["a", "b"], False, id="position that is not there"
        ),
        pytest.param("x:v[*] = 'b'", ["a", "b"], True, id="any member"),
        pytest.param("x:v.'a b' = 1", {"a b": 1}, True, id="key in quotes"),
        pytest.param("EXISTS x:v", None, True, id="there"),
        pytest.param("EXISTS x:w", 1, False, id="not there"),
        pytest.param("NOT EXISTS x:w", 1, True, id="not there, negated"),
        pytest.param("y:v = 1", 1, False, id="another type"),
        pytest.param("x:v = t'2020-01-01T00:00:00Z'", at(0), True, id="time"),
        pytest.param("x:v > t'2019-02-30T00:00:00Z'", at(0), False, id="no such day"),
        pytest.param("x:v = t'2020-01-01T00:00:00Z'", "x", False, id="no time"),
    ],
)
def test_a_comparison_is_about_kind_and_value(
    test: str, value: object, *, expected: bool
) -> None:
    assert said(f"[{test}]", v=value) is expected


def test_bytes_in_json_are_bytes() -> None:
    assert said("[x:v_hex = 'ab']", v_hex="6162")
    assert said("[x:v_bin MATCHES '^\\\\x61']", v_bin="YWI=")


def test_and_is_about_one_object() -> None:
    data = observed(1, 1, 0, 0, a=1)
    data[0]["object_refs"].append("x--2")
    data.append({"type": "x", "id": "x--2", "b": 2})
    assert not matches("[x:a = 1 AND x:b = 2]", data)
    assert matches("[x:a = 1 OR x:b = 3]", data)


def test_references_lead_to_objects_of_the_same_observation() -> None:
    data = observed(1, 1, 0, 0, r_ref="x--2", m_refs=["x--1", "x--2"], v=1)
    other = {"type": "x", "id": "x--2", "v": 2}
    assert not matches("[x:r_ref.v = 2]", [*data, other])
    data[0]["object_refs"].append("x--2")
    assert matches("[x:r_ref.v = 2 AND x:m_refs[*].m_refs[1].v = 2]", [*data, other])
    assert matches("[x:r_ref = 'x--2']", [*data, other])


def test_observed_data_of_stix_2_0_holds_its_objects() -> None:
    data = {
        "type": "observed-data",
        "objects": {"0": {"type": "x", "r_ref": "1"}, "1": {"type": "y", "v": 1}},
    }
    assert matches("[x:r_ref.v = 1]", [data])


def test_observables_alone_are_one_observation() -> None:
    data = [{"type": "x", "id": "x--1", "v": 1}, {"type": "x", "id": "x--2", "v": 2}]
    assert matches("[x:v = 1]", data)
    assert not matches("[x:v = 1] AND [x:v = 2]", data)
    assert not matches("[x:v = 1] WITHIN 5 SECONDS", data)


DAYS = observed(1, 1, 1, 1, v=1) + observed(2, 1, 5, 6, v=2) + observed(3, 3, 9, 9, v=3)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("[x:v = 1] AND [x:v = 1]", False, id="one is not two"),
        pytest.param("[x:v = 3] AND [x:v = 3]", True, id="seen three times is two"),
        pytest.param("[x:v = 1] FOLLOWEDBY [x:v = 2]", True, id="in order"),
        pytest.param("[x:v = 2] FOLLOWEDBY [x:v = 1]", False, id="not in order"),
        pytest.param("([x:v = 1] AND [x:v = 2]) WITHIN 4 SECONDS", True, id="within"),
        pytest.param("([x:v = 1] AND [x:v = 2]) WITHIN 3.9 SECONDS", False, id="late"),
        pytest.param("[x:v = 3] REPEATS 3 TIMES", True, id="repeats"),
        pytest.param(
            "[x:v > 0] AND [x:v = 1] AND [x:v < 3]", True, id="one makes room"
        ),
        pytest.param("[x:v < 3] AND [x:v = 1] AND [x:v < 3]", False, id="no room"),
        pytest.param("[x:v = 3] REPEATS 4 TIMES", False, id="not so often"),
        pytest.param("[x:v = 3] REPEATS 1000000000 TIMES", False, id="never so often"),
        pytest.param(
            f"[x:v = 2] START t'{at(6)}' STOP t'{at(7)}'", True, id="from the start on"
        ),
        pytest.param(
            f"[x:v = 2] START t'{at(0)}' STOP t'{at(5)}'", False, id="before the stop"
        ),
        pytest.param(
            "([x:v < 3] FOLLOWEDBY [x:v = 3]) REPEATS 2 TIMES", True, id="pairs"
        ),
        pytest.param(
            "([x:v = 2] FOLLOWEDBY [x:v = 3]) REPEATS 2 TIMES", False, id="one pair"
        ),
    ],
)
def test_conditions_between_observations(pattern: str, *, expected: bool) -> None:
    assert matches(pattern, DAYS) is expected


def test_what_ends_before_it_starts_was_seen_at_no_time() -> None:
    data = observed(1, 1, 5, 1, v=1)
    assert matches("[x:v = 1]", data)
    assert not matches("[x:v = 1] WITHIN 10 SECONDS", data)


def test_what_was_seen_a_milliard_times_is_not_counted_one_by_one() -> None:
    data = observed(1, 10**9, 0, 0, v=1)
    assert matches("[x:v = 1] REPEATS 1000000000 TIMES", data)
    assert not matches("[x:v = 1] REPEATS 1000000001 TIMES", data)


SPANS = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(0, 2), st.integers(1, 2), st.integers(1, 2)
    ),
    min_size=1,
    max_size=4,
)


@given(SPANS, st.integers(0, 4))
@settings(max_examples=80, deadline=None)
def test_all_ways_to_choose_observations_are_considered(
    spans: list[tuple[int, int, int, int]], seconds: int
) -> None:
    """Against a search that tries every instance for every part."""
    data: Objects = []
    chosen: list[tuple[int, int, int]] = []
    for number, (first, length, count, value) in enumerate(spans):
        data += observed(number, count, first, first + length, v=value)
        chosen += [(first, first + length, value)] * count
    ways = list(itertools.permutations(chosen, 3))
    fitting = [way for way in ways if (way[0][2], way[1][2]) == (1, 2)]
    ordered = [way for way in fitting if max(way[0][0], way[1][0]) <= way[2][1]]
    near = [
        way
        for way in ordered
        if max(one[0] for one in way) - min(one[1] for one in way) <= seconds + 1
    ]
    pattern = "(([x:v = 1] AND [x:v = 2]) FOLLOWEDBY [x:v > 0])"
    assert matches(pattern, data) is bool(ordered)
    assert matches(f"{pattern} WITHIN {seconds + 1} SECONDS", data) is bool(near)


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param("(a)\\\\1", id="what was found before"),
        pytest.param("(?=a)", id="looking ahead"),
        pytest.param("(((a{100}){100}){100}){100}", id="too large"),
        pytest.param("\\\\pL{900}" * 3, id="too much memory"),
        pytest.param("(", id="none"),
    ],
)
def test_an_expression_that_is_not_linear_is_refused(expression: str) -> None:
    with pytest.raises(Refused):
        said(f"[x:v MATCHES '{expression}']", v="a")


@pytest.mark.parametrize("expression", ["(a+)+$", "(a|a)*b", "(.*)*(.*)*x"])
def test_expressions_that_explode_elsewhere_are_quick(expression: str) -> None:
    start = time.process_time()
    assert not said(f"[x:v MATCHES '^{expression}']", v="a" * 5_000 + "!")
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("[x:m_refs" + "[*].m_refs" * 60 + "[*].v = 1]", id="references"),
        pytest.param("([x:v = 0] FOLLOWEDBY [x:v = 0]) REPEATS 90 TIMES", id="repeats"),
        pytest.param(" FOLLOWEDBY ".join(["[x:v != 9]"] * 99), id="a long row"),
    ],
)
def test_work_without_end_is_a_limit_and_no_answer(pattern: str) -> None:
    names = [f"x--{number}" for number in range(60)]
    data: Objects = []
    for number in range(60):
        data += observed(number, 2, number % 50, number % 50, v=9, m_refs=names)
    data[0]["object_refs"] = names
    data[1]["v"] = 0
    start = time.process_time()
    with suppress(LimitReached):
        assert not matches(pattern, data, steps=50_000)
    assert time.process_time() - start < 1.5


def test_expressions_are_dear() -> None:
    test = " OR ".join(["x:v MATCHES '\\\\w{500}a'"] * 1_000)
    start = time.process_time()
    with pytest.raises(LimitReached):
        said(f"[{test}]", v="a")
    assert time.process_time() - start < 4


def test_a_budget_that_runs_out_is_said() -> None:
    with pytest.raises(LimitReached):
        matches("[x:v = 1]", DAYS, steps=3)
