"""Whenever changing a key is killed, clients go on, and the next call ends it."""

import shutil
from pathlib import Path

import pytest
from support.repositories import Repositories
from support.stepping import killed_at, needs_stepping
from support.sweeping import steps
from support.tuf_client import Client
from typing_extensions import override

from clearward.publishing.key_files import KeysFolder
from clearward.publishing.keys import LOG, ROLES
from clearward.publishing.log_key import rotate_log
from clearward.publishing.repository import Repository
from clearward.publishing.rotating import rotate

MOST = 300  # calls of one action


class Others(frozenset[str]):
    """All calls but those that change names or bytes."""

    @override
    def __contains__(self, name: object) -> bool:
        return name not in ("rename", "unlink", "write", "mkdir", "fchmod")


def turn(made: Repositories, role: str) -> None:
    keys = KeysFolder(str(made.keys))
    with made.releasing() as releasing:
        if role == LOG:
            old = Repository(str(made.folder)).policy().logs[-1].key
            rotate_log(releasing, keys, old)
        else:
            rotate(releasing.publisher, keys, role)


@pytest.mark.parametrize("role", [*ROLES, LOG])
def test_killed_at_any_change_no_client_sees_a_gap(tmp_path: Path, role: str) -> None:
    needs_stepping()
    made = Repositories(tmp_path / "first")
    made.cloned(tmp_path / "other").add("Two")  # so that it is compiled
    made.add("One")
    folder = tmp_path / "clone"
    for number in steps(MOST):
        shutil.rmtree(folder, ignore_errors=True)
        clone = made.cloned(folder)
        client = Client(clone.folder)
        came_so_far = killed_at(lambda: turn(clone, role), number, Others())  # noqa: B023
        client.see()
        with client.watching():
            turn(clone, role)
            clone.add("Two")
        Client(clone.folder).see()
        assert not list(clone.keys.glob("*.new.pem"))
        if not came_so_far:
            break
    else:
        raise AssertionError("it does not end")
