"""Behaviour of what all carriers share: names, and limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Refused
from clearward.installing.carrier import TooLong, limited, parts


def test_a_name_has_folders_and_a_file() -> None:
    assert parts("tile/0/000.p/3") == ["tile", "0", "000.p", "3"]


@pytest.mark.parametrize(
    "name",
    ["", "/", "/etc/passwd", "a//b", "../a", "a/..", "./a", "a/", "a\nb", "a\0b", "ä"],
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        parts(name)


@given(st.text(max_size=20))
def test_what_is_taken_stays_below(name: str) -> None:
    try:
        found = parts(name)
    except Refused:
        return
    assert "/".join(found) == name
    assert not {"", ".", ".."} & set(found)


@given(st.lists(st.binary(max_size=9), max_size=9), st.integers(0, 40))
def test_as_many_bytes_come_as_may(pieces: list[bytes], most: int) -> None:
    found = b""
    try:
        for piece in limited(iter(pieces), "a", most):
            found += piece
    except TooLong:
        assert sum(map(len, pieces)) > most >= len(found)
    else:
        assert found == b"".join(pieces)
