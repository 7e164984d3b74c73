"""Behaviour of the metadata of a repository; attacks are in tests/promises."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.repositories import Repositories

from clearward.core.errors import Unavailable
from clearward.installing.carrier import Cut, Files
from clearward.installing.folder import FolderCarrier
from clearward.installing.metadata import Metadata, fetched, place, sha256
from clearward.installing.refusal import Code, Untrusted


@pytest.fixture(scope="module")
def publisher(tmp_path_factory: pytest.TempPathFactory) -> Repositories:
    made = Repositories(tmp_path_factory.mktemp("published") / "one")
    made.add("One")
    return made


@pytest.fixture
def carrier(publisher: Repositories) -> Iterator[FolderCarrier]:
    with closing(FolderCarrier(str(publisher.folder))) as made:
        yield made


def metadata(folder: Path, publisher: Repositories, carrier: Files) -> Metadata:
    root = (publisher.trust / "root.json").read_bytes()
    return Metadata(str(folder), root, carrier)


def test_targets_are_known_after_a_refresh(
    tmp_path: Path, publisher: Repositories, carrier: FolderCarrier
) -> None:
    found = metadata(tmp_path, publisher, carrier)
    proof = found.target("rules.tlog-proof")
    assert place(proof) == f"targets/{sha256(proof)}.rules.tlog-proof"
    assert fetched(proof, carrier).startswith(b"c2sp.org/tlog-proof@v1\n")
    with pytest.raises(Untrusted) as caught:
        found.target("nothing")
    assert caught.value.code is Code.TAMPERED


def test_what_a_killed_one_was_writing_is_removed(
    tmp_path: Path, publisher: Repositories, carrier: FolderCarrier
) -> None:
    (tmp_path / "tmp1234").write_bytes(b"half")
    metadata(tmp_path, publisher, carrier)
    assert "tmp1234" not in os.listdir(tmp_path)


def test_a_folder_that_cannot_be_written_is_said(
    tmp_path: Path, publisher: Repositories, carrier: FolderCarrier
) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unavailable):
        metadata(tmp_path / "file", publisher, carrier)


class Broken:
    """Ends before its end."""

    def read(self, name: str, most: int) -> bytes:
        raise Cut(f"{name} {most}")

    def stream(self, name: str, most: int) -> Iterator[bytes]:
        yield self.read(name, most)


def test_a_carrier_that_is_cut_is_tampered_with(
    tmp_path: Path, publisher: Repositories
) -> None:
    with pytest.raises(Untrusted) as caught:
        metadata(tmp_path, publisher, Broken())
    assert caught.value.code is Code.TAMPERED
