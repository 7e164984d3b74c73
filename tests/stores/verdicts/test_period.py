"""Behaviour of the period after which verdicts expire."""

from pathlib import Path

import pytest

from clearward.core.errors import Refused
from clearward.stores.verdicts.period import DAY, Period, period

NAMES = ("CLEARWARD_CACHE_SHORTEST_DAYS", "CLEARWARD_CACHE_LONGEST_DAYS")


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_it_is_one_to_two_weeks_if_nothing_else_is_said(tmp_path: Path) -> None:
    assert period(str(tmp_path)) == Period(7 * DAY, 14 * DAY)


def test_each_verdict_has_its_own_time_in_it() -> None:
    chosen = {Period(10, 14).choose() for _ in range(500)}
    assert chosen == {10, 11, 12, 13, 14}
    assert Period(5, 5).choose() == 5


def test_the_environment_comes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "clearward.toml").write_text(
        "[cache]\nshortest_days = 1\nlongest_days = 2.5\n"
    )
    assert period(str(tmp_path)) == Period(DAY, int(2.5 * DAY))
    monkeypatch.setenv(NAMES[0], "2")
    assert period(str(tmp_path)) == Period(2 * DAY, int(2.5 * DAY))


@pytest.mark.parametrize(
    "text",
    [
        "[cache]\nshortest_days = 9\nlongest_days = 8\n",
        "[cache]\nshortest_days = -1\n",
        "[cache]\nlongest_days = 99999\n",
        "[cache]\nlongest_days = inf\n",
        "[cache]\nlongest_days = nan\n",
        "[cache]\nlongest_days = 'long'\n",
        "[cache]\nlongest_days = []\n",
        "cache = 5\n",
        "not toml",
        "\udcff",
    ],
)
def test_a_setting_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    place = tmp_path / "clearward.toml"
    place.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(Refused, match=r"cache|clearward\.toml"):
        period(str(tmp_path))


@pytest.mark.parametrize("word", ["", "x", "-1", "1e400"])
def test_a_word_that_is_none_is_refused(
    word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NAMES[1], word)
    with pytest.raises(Refused, match="cache"):
        period(str(tmp_path))


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "clearward.toml").mkdir()
    with pytest.raises(Refused, match="cannot be used"):
        period(str(tmp_path))
