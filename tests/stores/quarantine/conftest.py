"""A home, and a file to move away."""

from pathlib import Path

import pytest
from support.quarantine import CONTENT


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    return made


@pytest.fixture
def file(folder: Path) -> Path:
    path = folder / "bad"
    path.write_bytes(CONTENT)
    return path
