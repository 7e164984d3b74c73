"""Behaviour of the wiring: what is refused before anything is scanned."""

from pathlib import Path

import pytest

from clearward.core.errors import Refused
from clearward.jail import bundle
from clearward.jail.level import Protection
from clearward.wiring import RuleChoice, ScanChoice, Scanner


def test_the_pinned_digest_is_that_of_the_bundle_in_the_package() -> None:
    with Scanner(RuleChoice(), ScanChoice(require="D")) as scanner:
        assert bundle.digest(scanner.files, scanner.table) == bundle.DIGEST


def test_a_changed_bundle_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "webshell.yar").write_text("rule a { condition: false }")
    monkeypatch.setattr(bundle, "FOLDER", str(tmp_path))
    with (
        pytest.raises(Refused, match="starter bundle"),
        Scanner(RuleChoice(), ScanChoice(require="D")),
    ):
        pass


def test_a_level_that_is_not_reached_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Protection, "reaches", lambda *_: False)
    with (
        pytest.raises(Refused, match="nothing was scanned"),
        Scanner(RuleChoice(), ScanChoice(require="A")),
    ):
        pass


def test_no_rules_at_all_are_refused() -> None:
    with pytest.raises(Refused, match="no rules"):
        Scanner(RuleChoice(defaults=False), ScanChoice())
