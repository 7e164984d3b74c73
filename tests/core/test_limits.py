"""Behaviour of limits and sizes."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.limits import Limits, parse_size


def test_the_defaults_are_those_of_the_contract() -> None:
    limits = Limits()
    assert limits.file_size is None
    assert limits.scan_size == 4 * 1024**3
    assert (limits.parts, limits.depth, limits.seconds) == (100_000, 32, 120.0)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: Limits(file_size=-1), id="file size below 0"),
        pytest.param(lambda: Limits(scan_size=-1), id="scan size below 0"),
        pytest.param(lambda: Limits(depth=-1), id="depth below 0"),
        pytest.param(lambda: Limits(parts=0), id="not even the file itself"),
        pytest.param(lambda: Limits(seconds=0), id="no time"),
        pytest.param(lambda: Limits(seconds=-1.0), id="time below 0"),
        pytest.param(lambda: Limits(seconds=float("nan")), id="time that is no number"),
    ],
)
def test_a_limit_that_makes_no_sense_does_not_exist(make: type[Limits]) -> None:
    with pytest.raises(ValueError):
        make()


def test_the_smallest_limits_exist() -> None:
    Limits(file_size=0, scan_size=0, parts=1, depth=0, seconds=0.001)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("4096", 4096),
        ("1k", 1024),
        ("64K", 64 * 1024),
        ("100m", 100 * 1024**2),
        ("4G", 4 * 1024**3),
        (" 7 ", 7),
    ],
)
def test_sizes_take_units(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text",
    ["", " ", "k", "-1", "+1", "1.5g", "1 k", "1kk", "1t", "0x10", "1_000", "٣", "²k"],
)
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_size(text)


@given(st.text(max_size=12))
def test_any_text_is_a_size_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert parse_size(text) >= 0
