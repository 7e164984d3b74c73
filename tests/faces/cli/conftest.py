"""A folder to scan, and rules to scan it with."""

from pathlib import Path

import pytest
from support.marks import mark_rule


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    return mark_rule(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    return made
