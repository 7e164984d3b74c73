"""Behaviour of the window of output."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.core.reader import CHUNK
from clearward.formats.lz.output import Output, expanded


@given(st.lists(st.tuples(st.integers(-1, 20), st.integers(0, 40))))
def test_matches_copy_as_byte_by_byte(matches: list[tuple[int, int]]) -> None:
    output = Output(16, b"start")
    known = b"start"
    for distance, length in matches:
        output.data += b"x"
        known += b"x"
        if not output.copy(distance, length):
            assert distance <= 0 or distance > len(known)
            continue
        for _ in range(length):
            known += known[-distance : len(known) - distance + 1]
    assert bytes(output.data) == known
    assert output.fresh() == known[5:]
    assert len(output.data) <= 16


def test_what_stands_before_damage_is_given_first() -> None:
    output = Output(4)

    def steps() -> Iterator[None]:
        output.data += b"a" * (CHUNK + 5)
        yield
        output.data += b"b"
        raise Malformed("x", 0, "y")

    given_out: list[bytes] = []
    with pytest.raises(Malformed):
        given_out.extend(expanded(steps(), output))
    assert b"".join(given_out) == b"a" * (CHUNK + 5) + b"b"
