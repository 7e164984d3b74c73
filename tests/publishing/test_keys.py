"""Private keys are found where they are, and count if the root names them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.repositories import WEEK, Repositories
from tuf.api.metadata import Root

from clearward.core.errors import Refused
from clearward.publishing.key_files import KeysFolder, KeysInEnvironment
from clearward.publishing.keys import make_keys, signers
from clearward.publishing.metadata import Publisher
from clearward.publishing.published import current, newest_root
from clearward.publishing.repository import Repository


@pytest.fixture
def made(tmp_path: Path) -> Repositories:
    return Repositories(tmp_path, thresholds={"targets": 2})


def root(made: Repositories) -> Root:
    return newest_root(Repository(str(made.folder))).signed


def variables(made: Repositories) -> dict[str, str]:
    """The keys as a build server has them."""
    return {
        f"KEY_{path.stem.upper().replace('-', '_')}": path.read_text()
        for path in made.keys.iterdir()
    }


def test_variables_are_as_good_as_files(made: Repositories) -> None:
    keys = KeysInEnvironment("KEY", variables(made))
    assert keys.state() is None
    for role, count in (("targets", 2), ("snapshot", 1), ("timestamp", 1)):
        assert len(signers(keys, role, root(made))) == count
    repository = Repository(str(made.folder))
    publisher = Publisher(repository, keys, datetime.now(UTC), WEEK)
    version = current(repository).timestamp.signed.version
    publisher.refresh(current(repository))
    assert current(repository).timestamp.signed.version == version + 1


def test_a_key_that_the_root_does_not_name_does_not_count(
    made: Repositories, tmp_path: Path
) -> None:
    other = KeysFolder(str(tmp_path / "other"))
    make_keys(other, "targets", 2)
    assert signers(other, "targets", root(made)) == []


@pytest.mark.parametrize("text", ["", "no key", "-----BEGIN PRIVATE KEY-----\n"])
def test_what_is_no_key_is_refused(made: Repositories, text: str) -> None:
    (made.keys / "targets.pem").write_text(text)
    with pytest.raises(Refused, match="a key that cannot be used"):
        signers(KeysFolder(str(made.keys)), "targets", root(made))


def test_a_folder_that_is_not_there_is_named(made: Repositories) -> None:
    with pytest.raises(Refused, match="none"):
        signers(KeysFolder(str(made.keys / "none")), "targets", root(made))
