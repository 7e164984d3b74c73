"""Behaviour of the measurement of the protection level."""

import os
from collections.abc import Callable
from dataclasses import replace

import pytest

from clearward.jail import level, namespaces
from clearward.jail.control import Given
from clearward.jail.level import LEVELS, Protection, measure

WORKER = 4242
OURS = dict.fromkeys(namespaces.NAMES, 1)
THEIRS = dict.fromkeys(namespaces.NAMES, 2)
GIVEN = Given(7, seccomp=True, nobody=True, rootless=True, namespaces=THEIRS)
STATUS = {
    "Seccomp": "2",
    "Seccomp_filters": "2",
    "NoNewPrivs": "1",
    "CapEff": "0000000000000000",
    "Uid": "65534\t65534\t65534\t65534",
}

Measure = Callable[..., Protection]


@pytest.fixture(name="measured")
def fixture_measured(monkeypatch: pytest.MonkeyPatch) -> Measure:
    """What is measured, with some fields of the worker's status changed."""

    def measured(
        given: Given = GIVEN, own: dict[str, str] | None = None, **changed: str | None
    ) -> Protection:
        fields = {**STATUS, **changed}
        status = {name: text for name, text in fields.items() if text is not None}
        others = {"Seccomp": "0", "Seccomp_filters": "0", **(own or {})}
        monkeypatch.setattr(
            level, "_status", lambda process: status if process == WORKER else others
        )
        monkeypatch.setattr(namespaces, "numbers", lambda: OURS)
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        return measure(WORKER, given)

    return measured


def test_everything_in_force_is_level_a(measured: Measure) -> None:
    assert measured() == Protection("A", (), 7)


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        pytest.param({"given": replace(GIVEN, landlock=5)}, "Landlock ABI 6", id="5"),
        pytest.param({"given": replace(GIVEN, landlock=0)}, "Landlock ABI 6", id="0"),
        pytest.param(
            {"given": replace(GIVEN, namespaces={**THEIRS, "net": 1})},
            "namespaces",
            id="our network",
        ),
        pytest.param(
            {"given": replace(GIVEN, namespaces={})}, "namespaces", id="no namespaces"
        ),
        pytest.param(
            {"given": replace(GIVEN, rootless=False)},
            "namespaces",
            id="our root folder",
        ),
        pytest.param({"CapEff": "00000000000000ff"}, "namespaces", id="capabilities"),
        pytest.param({"CapEff": None}, "namespaces", id="capabilities unknown"),
        pytest.param({"Uid": "0\t0\t0\t0"}, "another user", id="our user"),
        pytest.param({"Uid": None}, "another user", id="user unknown"),
        pytest.param({"Uid": ""}, "another user", id="user empty"),
    ],
)
def test_one_thing_missing_is_level_b_and_is_named(
    changed: dict[str, str], missing: str, measured: Measure
) -> None:
    protection = measured(**changed)
    assert (protection.level, protection.missing) == ("B", (missing,))


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"Seccomp": "0"}, id="no filter"),
        pytest.param({"Seccomp": "1"}, id="strict mode"),
        pytest.param({"Seccomp": None}, id="filter unknown"),
        pytest.param({"Seccomp_filters": "1"}, id="only the first filter"),
        pytest.param({"NoNewPrivs": "0"}, id="new privileges"),
        pytest.param({"own": {"Seccomp_filters": "1"}}, id="one was there before"),
        pytest.param(
            {"given": replace(GIVEN, seccomp=False)}, id="the zygote has none"
        ),
    ],
)
def test_without_both_filters_it_is_level_c_at_best(
    changed: dict[str, str], measured: Measure
) -> None:
    protection = measured(**changed)
    assert protection.level == "C"
    assert "seccomp" in protection.missing


def test_an_older_kernel_does_not_count_the_filters(measured: Measure) -> None:
    assert measured(Seccomp_filters=None).level == "A"


def test_with_nothing_at_all_it_is_a_process_and_no_more(measured: Measure) -> None:
    nothing = Given(0, seccomp=False, nobody=False, rootless=False, namespaces={})
    protection = measured(given=nothing, Seccomp="0", Uid="0 0 0 0")
    assert protection.level == "D"
    assert len(protection.missing) == 4


def test_a_worker_that_cannot_be_looked_at_is_not_trusted() -> None:
    gone = 2**22 + 1  # above the largest process number there is
    protection = measure(gone, replace(GIVEN, landlock=0, rootless=False))
    assert protection.level == "D"


@pytest.mark.parametrize("reached", LEVELS)
@pytest.mark.parametrize("asked", LEVELS)
def test_a_level_reaches_itself_and_what_is_below(reached: str, asked: str) -> None:
    assert Protection(reached, (), 0).reaches(asked) == (reached <= asked)
