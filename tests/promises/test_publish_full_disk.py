"""With no room left, clients go on to see the release that they saw."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.repositories import Repositories
from support.signing import Signer
from support.sweeping import steps
from support.tuf_client import Client

from clearward.core.errors import ClearwardError
from clearward.updates.keys import Kind

CALLS = ("write", "fsync", "mkdir", "rename", "fchmod")
MOST = 1000


class Full:
    """A disk that has room for some calls, and then for none."""

    def __init__(self, patch: pytest.MonkeyPatch, room: int) -> None:
        self.room = room
        for name in CALLS:
            patch.setattr(os, name, self._call(getattr(os, name)))

    def _call(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: object, **named: object) -> object:
            if self.room <= 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self.room -= 1
            return real(*arguments, **named)

        return call


@pytest.fixture
def made(tmp_path: Path) -> Repositories:
    witness = Signer("w.example/1", Kind.COSIGNATURE_ED25519)
    made = Repositories(tmp_path / "first", witnesses=[witness], quorum=1)
    made.cloned(tmp_path / "other").add("Two")  # so that it is compiled
    made.add("One")
    return made


def test_wherever_room_ends_it_is_the_old_or_the_new_release(
    made: Repositories, tmp_path: Path
) -> None:
    sizes = set()
    for room in steps(MOST):
        folder = tmp_path / "clone"
        shutil.rmtree(folder, ignore_errors=True)
        clone = made.cloned(folder)
        client = Client(clone.folder)
        old = client.see()
        with pytest.MonkeyPatch.context() as patch:
            full = Full(patch, room)
            try:
                clone.add("Two")
            except (ClearwardError, OSError):
                failed = True
            else:
                failed = False
        seen = client.see()
        sizes.add(seen != old)
        assert clone.add("Two").release.seq == 2 or not failed
        assert client.see() != old
        if not failed and full.room:
            break
    assert sizes == {False, True}
