"""Who opened a file."""

import os
from pathlib import Path

from support.guard_kernel import opened

from clearward.faces.guard.opener import Opener, access, opener, path_of
from clearward.faces.guard.seen import What
from clearward.jail import fanotify


def test_a_process_and_a_path_are_looked_up(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    file = opened(tmp_path / "file")
    by = opener(os.getpid())
    who = access(path_of(file), What.EXEC, by)
    os.close(file)
    assert who.path == bytes(tmp_path / "file")
    assert who.program == os.fsencode(os.readlink("/proc/self/exe"))
    assert who.user == os.geteuid()


def test_who_has_ended_is_not_known() -> None:
    assert opener(2**22 + 1) == Opener(2**22 + 1, b"", -1)
    assert opener(0) == Opener(0)
    assert path_of(2**20) == b""


def test_events_have_names() -> None:
    assert What.of(fanotify.OPEN_PERM) is What.OPEN
    assert What.of(fanotify.OPEN_EXEC) is What.EXEC
    assert What.of(fanotify.OPEN_EXEC_PERM) is What.EXEC
    assert What.of(fanotify.CLOSE_WRITE | fanotify.OPEN) is What.WRITE
