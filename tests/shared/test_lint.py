"""The lint on published rules: no alarm that blocks, few for review."""

from pathlib import Path

import pytest

from clearward.linting.findings import Linted
from clearward.linting.lint import lint

from .conftest import unpacked

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def linted(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Linted:
    folder = unpacked(
        shared / "corpora/rules.tar.zst", tmp_path_factory.mktemp("rules")
    )
    return lint((str(folder / "yara/signature-base"),), lambda *_: None)


def test_nothing_in_signature_base_blocks(linted: Linted) -> None:
    assert linted.rules > 5800
    assert linted.blocking == ()
    assert linted.unread == ()


def test_at_most_one_rule_of_a_hundred_is_for_review(linted: Linted) -> None:
    assert 0 < linted.flagged <= linted.rules // 100
