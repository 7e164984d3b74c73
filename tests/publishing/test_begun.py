"""A release that was begun is found by its log, and by no other."""

import shutil
from pathlib import Path

import pytest
from support.repositories import Repositories
from support.signing import Signer

from clearward.core.errors import Refused
from clearward.publishing.begun import Bench
from clearward.stores.log_folder import LogFolder
from clearward.updates.keys import Kind
from clearward.updates.policy import Unwitnessed


@pytest.fixture
def made(tmp_path: Path) -> Repositories:
    """One whose second release was begun."""
    witness = Signer("w.example/1", Kind.COSIGNATURE_ED25519)
    made = Repositories(tmp_path, witnesses=[witness], quorum=1)
    made.add("One")
    made.witnesses.clear()
    with pytest.raises(Unwitnessed):
        made.add("Two")
    made.witnesses.append(witness)
    return made


def log(made: Repositories) -> LogFolder:
    return LogFolder(str(made.folder / "log"), made.log_key.name)


def test_it_is_kept_with_all_that_belongs_to_it(made: Repositories) -> None:
    begun = Bench(str(made.keys)).find(log(made))
    assert begun is not None
    assert begun.release.seq == 2
    assert sorted(path.name for path in Path(begun.folder).iterdir()) == [
        *("entry", "rules.cwr", "rules.src.tar")
    ]


def test_that_of_another_log_is_left_alone(made: Repositories, tmp_path: Path) -> None:
    other = Repositories(tmp_path / "other", witnesses=made.witnesses, quorum=1)
    (begun,) = made.keys.glob(".begun-*")
    shutil.copytree(begun, other.keys / begun.name)
    assert other.add("One").release.seq == 1
    assert (other.keys / begun.name / "entry").exists()


def test_what_was_changed_is_not_published(made: Repositories) -> None:
    (begun,) = made.keys.glob(".begun-*")
    (begun / "rules.cwr").write_bytes(b"another")
    with pytest.raises(Refused, match="not what the log says"):
        made.add("Two")


def test_what_cannot_be_read_is_named(made: Repositories) -> None:
    (begun,) = made.keys.glob(".begun-*")
    (begun / "entry").write_bytes(b"{}")
    with pytest.raises(Refused, match="no release that was begun"):
        made.add("Two")
