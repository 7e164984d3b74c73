"""Behaviour of the digest of rules and settings."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from clearward.core.limits import Limits
from clearward.core.names import Table
from clearward.jail.control import Given, Settings
from clearward.stores.verdicts import fingerprint as module
from clearward.stores.verdicts.fingerprint import fingerprint

TABLE = Table((), (), ("aa", "bb"))
KINDS = ("yara", "ndb")
SETTINGS = Settings()
GIVEN = Given(7, True, True, True, {}, matcher="compiled")  # noqa: FBT003 - fields
BEFORE = fingerprint(TABLE, KINDS, SETTINGS, GIVEN)


def test_it_is_the_same_for_the_same() -> None:
    assert fingerprint(TABLE, KINDS, SETTINGS, GIVEN) == BEFORE
    assert len(BEFORE) == 32


@pytest.mark.parametrize(
    "table",
    [
        replace(TABLE, digests=("aa", "cc")),
        replace(TABLE, digests=("bb", "aa")),
    ],
)
def test_other_rules_change_it(table: Table) -> None:
    assert fingerprint(table, KINDS, SETTINGS, GIVEN) != BEFORE


def test_more_rules_and_another_kind_change_it() -> None:
    more = replace(TABLE, digests=("aa", "bb", "cc"))
    assert fingerprint(more, (*KINDS, "ndb"), SETTINGS, GIVEN) != BEFORE
    assert fingerprint(TABLE, ("yara", "ldb"), SETTINGS, GIVEN) != BEFORE


@pytest.mark.parametrize(
    "settings",
    [
        replace(SETTINGS, test_file=False),
        replace(SETTINGS, unwanted=True),
        replace(SETTINGS, passwords=("word",)),
        replace(SETTINGS, lint=True),
        replace(SETTINGS, limits=Limits(file_size=5)),
        replace(SETTINGS, limits=Limits(scan_size=5)),
        replace(SETTINGS, limits=Limits(parts=5)),
        replace(SETTINGS, limits=Limits(depth=5)),
        replace(SETTINGS, limits=Limits(seconds=5)),
        replace(SETTINGS, limits=Limits(memory=5)),
    ],
)
def test_every_setting_changes_it(settings: Settings) -> None:
    assert fingerprint(TABLE, KINDS, settings, GIVEN) != BEFORE


def test_another_matcher_changes_it() -> None:
    other = replace(GIVEN, matcher="reference")
    assert fingerprint(TABLE, KINDS, SETTINGS, other) != BEFORE


def test_another_version_changes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "__version__", "0.0.0")
    assert fingerprint(TABLE, KINDS, SETTINGS, GIVEN) != BEFORE


def test_a_program_that_was_built_anew_changes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "clearward"
    (package / "inner/__pycache__").mkdir(parents=True)
    (package / "inner/code.py").write_text("1")
    monkeypatch.setattr(module, "_PACKAGE", str(package))
    before = fingerprint(TABLE, KINDS, SETTINGS, GIVEN)
    (package / "inner/__pycache__/code.pyc").write_text("compiled")
    assert fingerprint(TABLE, KINDS, SETTINGS, GIVEN) == before
    os.utime(package / "inner/code.py", (5, 5))
    assert fingerprint(TABLE, KINDS, SETTINGS, GIVEN) != before


def test_another_library_changes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    assert fingerprint(TABLE, KINDS, SETTINGS, GIVEN) == BEFORE
    (tmp_path / "yara_x-99.dist-info").mkdir()
    assert fingerprint(TABLE, KINDS, SETTINGS, GIVEN) != BEFORE
