"""Whenever it is killed, a file is in one place afterwards, and whole."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.quarantine import CONTENT, add, kept, opened, sha256, take
from support.stepping import calls, killed_at, needs_stepping

MOST = 3000  # calls of one action


@pytest.fixture(autouse=True)
def stepping() -> None:
    needs_stepping()


def sweep(
    prepare: Callable[[], Callable[[], object]], check: Callable[[], bool]
) -> tuple[int, int]:
    """Kill an action at each of its calls; count both answers of the check."""
    counts = [0, 0]
    for number in range(MOST):
        action = prepare()
        came_so_far = killed_at(action, number)
        counts[check()] += 1
        if not came_so_far:
            break
    assert sum(counts) < MOST
    return counts[0], counts[1]


class Scene:
    """A home and a file, made anew for each kill."""

    def __init__(self, root: Path) -> None:
        self.home = root / "home"
        self.file = root / "files" / "bad"

    def clear(self) -> None:
        for folder in (self.home, self.file.parent):
            shutil.rmtree(folder, ignore_errors=True)
        self.file.parent.mkdir()
        self.file.write_bytes(CONTENT)

    def is_out(self) -> bool:
        """Say that the file is in its place and not in the quarantine, or the reverse."""
        records = kept(self.home)
        names = [path.name for path in self.file.parent.iterdir()]
        assert names in ([], ["bad"])  # and nothing else lies about
        assert len(records) + len(names) == 1
        if names:
            assert self.file.read_bytes() == CONTENT
            assert not any(
                path.suffix in (".new", ".taking", ".kept", ".restoring")
                for path in (self.home / "quarantine").iterdir()
            )
        else:
            self.check_entry()
        return bool(names)

    def check_entry(self) -> None:
        """The entry is whole: it can be given back."""
        (record,) = kept(self.home)
        assert record.digest == sha256(CONTENT)
        with opened(self.home) as quarantine:
            quarantine.restore(record.identifier)
        assert self.file.read_bytes() == CONTENT


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_killed_at_any_call_of_taking_a_file_is_in_one_place(scene: Scene) -> None:
    def prepare() -> Callable[[], object]:
        scene.clear()
        return lambda: take(scene.home, scene.file)

    moved, stayed = sweep(prepare, scene.is_out)
    assert moved
    assert stayed
