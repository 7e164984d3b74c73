"""A home, and a file to move away."""

import tempfile
from collections.abc import Iterator
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


@pytest.fixture
def everybodys() -> Iterator[Path]:
    """A folder that every user can reach and write to."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)
