"""Behaviour of the set of boundaries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.mail.boundaries import MOST, Boundaries, Boundary

TOKENS = st.lists(st.text("ab", max_size=4).map(str.encode), max_size=8)


def known(*tokens: bytes) -> Boundaries:
    boundaries = Boundaries()
    boundaries.declare(tokens)
    return boundaries


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"X", Boundary(b"X", exact=True)),
        (b"X  \t", Boundary(b"X", exact=True)),
        (b"X--", Boundary(b"X", exact=True, closes=True)),
        (b"X-- ", Boundary(b"X", exact=True, closes=True)),
        (b"XY", Boundary(b"X", exact=False)),
        (b"Y", None),
        (b"", None),
        (b"x", None),
    ],
)
def test_a_line_begins_with_a_boundary_or_is_one(
    line: bytes, expected: Boundary | None
) -> None:
    assert known(b"X").match(line) == expected


@given(TOKENS, st.text("ab", max_size=6).map(str.encode))
def test_a_line_matches_if_any_boundary_begins_it(
    tokens: list[bytes], line: bytes
) -> None:
    found = known(*tokens).match(line)
    begins = [token for token in tokens if token and line.startswith(token)]
    if line in tokens:
        assert found == Boundary(line, exact=True)
    elif begins:
        assert found is not None
        assert found.token in begins
    else:
        assert found is None


def test_an_empty_boundary_is_a_line_of_two_hyphens_and_nothing_else() -> None:
    boundaries = known(b"")
    assert boundaries.match(b" ") == Boundary(b"", exact=True)
    assert boundaries.match(b"a") is None


def test_a_boundary_that_was_met_does_not_match_as_a_beginning() -> None:
    boundaries = Boundaries()
    assert boundaries.add(b"X")
    assert not boundaries.add(b"X")
    assert boundaries.match(b"X") is not None
    assert boundaries.match(b"XY") is None


def test_more_boundaries_than_any_message_has_are_noticed() -> None:
    boundaries = known(*(b"%d." % number for number in range(MOST)), b"5.")
    assert not boundaries.full
    assert boundaries.match(b"one more") is None
    more = known(*(b"%d." % number for number in range(MOST)), b"one more")
    assert more.full
    assert more.match(b"one more") is None
