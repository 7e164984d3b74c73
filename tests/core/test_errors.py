"""Behaviour of the errors."""

import pytest

from clearward.core.errors import (
    ClearwardError,
    LimitReached,
    Malformed,
    Refused,
    Truncated,
    Unavailable,
)
from clearward.core.reasons import Reason


@pytest.mark.parametrize(
    ("kind", "reason"), [(Malformed, Reason.CORRUPT), (Truncated, Reason.TRUNCATED)]
)
def test_damage_says_where_and_what_and_which_reason(
    kind: type[Malformed], reason: Reason
) -> None:
    error = kind("ar", 66, "end mark")
    assert (error.format, error.offset, error.field) == ("ar", 66, "end mark")
    assert error.reason is reason
    assert str(error) == "ar: bad end mark at byte 66"


@pytest.mark.parametrize("reason", [Reason.SIZE_LIMIT, Reason.TIME_LIMIT])
def test_a_limit_says_which_one(reason: Reason) -> None:
    error = LimitReached(reason)
    assert error.reason is reason
    assert str(error) == f"{reason.word} reached"


@pytest.mark.parametrize(
    "error",
    [
        Malformed("ar", 0, "magic"),
        Truncated("ar", 0, "magic"),
        LimitReached(Reason.SIZE_LIMIT),
        Refused("no"),
        Unavailable("gone"),
    ],
)
def test_every_error_is_one_of_this_project(error: ClearwardError) -> None:
    assert isinstance(error, ClearwardError)


def test_a_file_that_ends_early_is_also_damaged() -> None:
    assert issubclass(Truncated, Malformed)
