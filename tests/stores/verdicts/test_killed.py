"""Many processes at once, and processes that are killed wherever they are."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.alarm import no_longer_than
from support.verdicts import made, memory, remember, remembered, store_file

KILLS = 30
WRITER = """
import os, sys
from support.verdicts import memory
home, folder, name = sys.argv[1:]
from pathlib import Path
paths = [Path(folder) / name for name in os.listdir(folder)]
round = 0
while True:
    kept = memory(Path(home))
    for path in paths:
        kept.remember(path.stat(), 1)
        if int(path.name) % 16 == 0:
            kept.flush()
    kept.close()
    round += 1
    Path(name).write_text(str(round))
    if round % 5 == 0:
        from clearward.stores.verdicts.place import Place
        Place(home).make(instead=True)
"""


@contextmanager
def writing(home: Path, folder: Path, name: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process that remembers a folder again and again."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", WRITER, home, folder, name]
    with subprocess.Popen(list(map(str, command)), env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(place: Path) -> None:
    with no_longer_than(30):
        while not place.exists():
            time.sleep(0.001)


def test_whatever_was_killed_the_store_can_be_used(tmp_path: Path) -> None:
    home, folder, name = tmp_path / "home", tmp_path / "files", tmp_path / "begun"
    paths = made(folder, 64)
    unknown = made(tmp_path / "others", 64)
    for number in range(KILLS):
        name.unlink(missing_ok=True)
        with writing(home, folder, name) as process:
            wait_for(name)
            time.sleep(number * 0.0003)  # it is somewhere else each time
            process.send_signal(signal.SIGKILL)
        with no_longer_than(10):
            assert remembered(home, unknown) == 0
            remember(home, paths)
            assert remembered(home, paths) == len(paths)
    assert len(os.listdir(home / "verdicts")) < 2 * KILLS


def test_many_at_once_are_in_nobodys_way(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "files"
    paths = made(folder, 64)
    unknown = made(tmp_path / "others", 8)
    names = [tmp_path / f"begun{number}" for number in range(3)]
    with (
        writing(home, folder, names[0]),
        writing(home, folder, names[1]),
        writing(home, folder, names[2]),
        no_longer_than(60),
    ):
        for name in names:
            wait_for(name)
        for _ in range(20):
            remember(home, paths)
            assert remembered(home, unknown) == 0
    remember(home, paths)
    assert remembered(home, paths) == len(paths)


@pytest.mark.parametrize("step", ["mkdir", "open", "write", "link", "unlink"])
def test_a_first_key_that_was_not_finished_is_no_hindrance(
    step: str, tmp_path: Path
) -> None:
    """Kill the process that makes the key just before each step of it."""
    home = tmp_path / "home"
    paths = made(tmp_path / "files")
    ended = os.fork()
    if ended == 0:
        _die_at(step, home)
        remember(home, paths)
        os._exit(0)
    _, status = os.waitpid(ended, 0)
    assert os.WIFSIGNALED(status)
    assert remembered(home, paths) == 0
    remember(home, paths)
    assert remembered(home, paths) == len(paths)


def _die_at(step: str, home: Path) -> None:
    """Let the next use of a function of `os` on the store kill this process."""
    names = {"open": "os.mkdir", "write": "open", "mkdir": "os.mkdir"}
    event = {"link": "os.link", "unlink": "os.remove"}.get(step, names.get(step, step))
    seen = []

    def watch(name: str, arguments: tuple[object, ...]) -> None:
        if name == event and any("partial" in str(one) for one in arguments):
            os.kill(os.getpid(), signal.SIGKILL)
        if name == event == "os.mkdir" and str(arguments[0]).startswith(str(home)):
            seen.append(arguments)
            if len(seen) == (1 if step == "mkdir" else 2):
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def test_a_journal_that_was_left_is_undone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    one, other, third = made(tmp_path / "files")
    remember(home, [one])
    ended = os.fork()
    if ended == 0:
        kept = memory(home)
        kept.remember(other.stat(), 1)
        _die_before_the_commit()
        kept.flush()
        os._exit(0)
    _, status = os.waitpid(ended, 0)
    assert os.WIFSIGNALED(status)
    assert store_file(home, "-journal").stat().st_size > 0
    assert remembered(home, [one, other, third]) == 1


def _die_before_the_commit() -> None:
    from clearward.stores.verdicts.table import Row, Table  # noqa: PLC0415

    put = Table.put

    def and_die(self: Table, number: int, row: Row, *, joined: bool = False) -> None:
        self._database.execute("PRAGMA cache_size = 1")
        put(self, number, row, joined=joined)
        for other in range(50):
            put(self, other, Row(1, 1, bytes(3000), 1))
        os.kill(os.getpid(), signal.SIGKILL)

    Table.put = and_die  # type: ignore[method-assign]
