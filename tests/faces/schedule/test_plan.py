"""A plan is right, and comes back from what is written of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Refused
from clearward.faces.schedule.plan import Plan

PLAN = Plan("nightly", "daily", "paths", ("/srv",), ("/r.yar",), quarantine=True)


@given(st.lists(st.text().map(lambda t: "/" + t.replace("\0", ""))))
def test_a_plan_comes_back(paths: list[str]) -> None:
    plan = replace(PLAN, paths=("/srv", *paths))
    text = plan.to_json()
    assert text.isascii()
    assert "\n" not in text
    assert Plan.from_json(text) == plan


@pytest.mark.parametrize(
    "name", ["", "../x", "a b", "a.b", "-a", "a/b", "a" * 65, "a\n"]
)
def test_a_name_cannot_be_a_path(name: str) -> None:
    with pytest.raises(Refused, match="is no name"):
        replace(PLAN, name=name)


@pytest.mark.parametrize(
    "wrong",
    [
        {"calendar": "never"},
        {"kind": "slow"},
        {"paths": ()},
        {"paths": ("srv",)},
        {"paths": ("/a\0b",)},
        {"rules": ("r.yar",)},
        {"paths": ("/a",) * 1001},
    ],
)
def test_what_cannot_be_used_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        replace(PLAN, **wrong)  # type: ignore[arg-type] # that is the test


@given(st.text())
def test_any_text_is_a_plan_or_refused(text: str) -> None:
    for tried in (text, PLAN.to_json().replace("daily", text)):
        try:
            Plan.from_json(tried)
        except Refused:
            continue
