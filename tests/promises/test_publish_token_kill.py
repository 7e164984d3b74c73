"""Killed between changes of a token and of the repository, publishing goes on."""

import shutil
from pathlib import Path

import pytest
from support.repositories import Repositories
from support.sweeping import some, steps
from support.token_killing import FILES, TOKEN, killed
from support.tokens import SoftTokens
from support.tuf_client import Client

from clearward.publishing.keys import LOG, ROLES
from clearward.publishing.log_key import rotate_log
from clearward.publishing.repository import Repository
from clearward.publishing.rotating import rotate

MOST = 200  # changes of one action
CHANGES = TOKEN + FILES


class Publisher:
    """A repository whose keys are in a token."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.soft = SoftTokens(folder / "soft", patch)
        self.address = self.soft.made("one")

    def opened(self) -> Repositories:
        """As by a command that starts now; it is made if it is not there."""
        made = Repositories.__new__(Repositories)
        made.folder = self.folder / "repo"
        made.witnesses, made.now = [], None
        made.kept = self.soft.keys(self.address)
        return made

    def init(self) -> None:
        Repositories(self.folder, kept=self.soft.keys(self.address))

    def turn(self, role: str) -> None:
        made = self.opened()
        with made.releasing() as releasing:
            keys = releasing.publisher.keys
            if role == LOG:
                old = Repository(str(made.folder)).policy().logs[-1].key
                rotate_log(releasing, keys, old)
            else:
                rotate(releasing.publisher, keys, role)

    def keep(self, what: str) -> None:
        """Copy repository and tokens."""
        for name in ("repo", "soft/tokens"):
            shutil.copytree(self.folder / name, self.folder / what / name)

    def put_back(self, what: str) -> None:
        """Take the copy again."""
        self.soft.unload()
        for name in ("repo", "soft/tokens"):
            shutil.rmtree(self.folder / name)
            shutil.copytree(self.folder / what / name, self.folder / name)


@pytest.fixture
def publisher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publisher:
    return Publisher(tmp_path, monkeypatch)


def labels(publisher: Publisher) -> list[str]:
    keys = publisher.soft.keys(publisher.address)
    private = sorted(one.label for one in keys.token.objects(private=True))
    assert private == sorted(one.label for one in keys.token.objects(private=False))
    return private


@pytest.mark.parametrize("role", some([LOG, "timestamp", *ROLES[:3]], 2))
def test_a_new_key_in_a_token_leaves_no_gap(publisher: Publisher, role: str) -> None:
    publisher.init()
    publisher.opened().add("One")
    publisher.keep("first")
    after = {*ROLES, LOG} | ({"log-2"} if role == LOG else set())
    for number in steps(MOST):
        publisher.put_back("first")
        client = Client(publisher.folder / "repo")
        came_so_far = killed(
            lambda: publisher.turn(role), number, before=True, changes=CHANGES
        )
        client.see()
        if came_so_far or number == 0:
            publisher.turn(role)
        publisher.opened().refresh()
        client.see()
        Client(publisher.folder / "repo").see()
        assert after <= set(labels(publisher))
        assert not [one for one in labels(publisher) if "." in one]
        if not came_so_far:
            return
    raise AssertionError("it does not end")


def test_a_new_repository_with_keys_in_a_token_is_begun_again(
    publisher: Publisher,
) -> None:
    (publisher.folder / "repo").mkdir()
    publisher.keep("first")
    for number in steps(MOST):
        publisher.put_back("first")
        came_so_far = killed(publisher.init, number, before=True, changes=CHANGES)
        if came_so_far:
            publisher.init()
        assert labels(publisher) == sorted((*ROLES, LOG))
        publisher.opened().refresh()
        Client(publisher.folder / "repo")
        if not came_so_far:
            return
    raise AssertionError("it does not end")
