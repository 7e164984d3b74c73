"""Behaviour of a word that names a repository."""

import tarfile
from pathlib import Path

import pytest

from clearward.core.errors import Refused, Unavailable
from clearward.installing.archive import ArchiveCarrier
from clearward.installing.folder import FolderCarrier
from clearward.installing.opening import opened
from clearward.installing.web import WebCarrier


def test_an_address_a_folder_or_an_archive_is_opened(tmp_path: Path) -> None:
    (folder := tmp_path / "folder").mkdir()
    with tarfile.open(tmp_path / "archive", "w"):
        pass
    kinds = {
        "http://127.0.0.1:9/a": WebCarrier,
        str(folder): FolderCarrier,
        str(tmp_path / "archive"): ArchiveCarrier,
    }
    for source, kind in kinds.items():
        with opened(source, str(tmp_path), 1) as carrier:
            assert isinstance(carrier, kind)
    assert not (tmp_path / "ledger").exists()  # nothing was asked


@pytest.mark.parametrize("source", ["ftp://a/", "file:///etc/", "http://u:p@a/"])
def test_another_address_is_refused(tmp_path: Path, source: str) -> None:
    with pytest.raises(Refused), opened(source, str(tmp_path), 1):
        pass


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable), opened(str(tmp_path / "a"), str(tmp_path), 1):
        pass
