"""The shared material, where it is there; otherwise these tests say that they skip."""

import os
import tarfile
from pathlib import Path

import pytest
from backports import zstd

DEFAULT = Path(__file__).parents[3] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of the shared material."""
    folder = Path(os.environ.get("CLEARWARD_SHARED", DEFAULT))
    if not (folder / "corpora").is_dir():
        pytest.skip(f"the shared material is not there: {folder}")
    return folder


def unpacked(archive: Path, folder: Path) -> Path:
    """Unpack a .tar.zst of the shared material; return where."""
    with zstd.open(archive) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
        tar.extractall(folder, filter="data")
    return folder
