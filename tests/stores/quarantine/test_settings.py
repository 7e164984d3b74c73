"""Behaviour of the setting: a number of days, or one clear line."""

from datetime import timedelta
from pathlib import Path

import pytest

from clearward.core.errors import Refused
from clearward.stores.quarantine.settings import kept_for


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLEARWARD_QUARANTINE_DAYS", raising=False)


def said(home: Path, text: str) -> timedelta:
    (home / "clearward.toml").write_text(text, "utf-8")
    return kept_for(str(home))


def test_it_is_ninety_days_if_nothing_is_set(tmp_path: Path) -> None:
    assert kept_for(str(tmp_path)) == timedelta(days=90)
    assert said(tmp_path, "") == timedelta(days=90)
    assert said(tmp_path, "[quarantine]\n") == timedelta(days=90)


def test_the_file_is_read(tmp_path: Path) -> None:
    assert said(tmp_path, "[quarantine]\ndays = 7\n") == timedelta(days=7)


def test_the_environment_goes_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLEARWARD_QUARANTINE_DAYS", "5")
    assert said(tmp_path, "[quarantine]\ndays = 7\n") == timedelta(days=5)


@pytest.mark.parametrize(
    "text",
    [
        "[quarantine]\ndays = 0\n",
        "[quarantine]\ndays = -1\n",
        "[quarantine]\ndays = 36501\n",
        "[quarantine]\ndays = 1.5\n",
        "[quarantine]\ndays = true\n",
        "[quarantine]\ndays = '7'\n",
        "quarantine = 7\n",
        "not toml",
    ],
)
def test_what_is_no_number_of_days_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Refused):
        said(tmp_path, text)


@pytest.mark.parametrize(
    "text", ["", "x", "-1", "0", "1.5", "\N{FULLWIDTH DIGIT NINE}", "9" * 5000]
)
def test_so_it_is_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("CLEARWARD_QUARANTINE_DAYS", text)
    with pytest.raises(Refused):
        kept_for(str(tmp_path))
