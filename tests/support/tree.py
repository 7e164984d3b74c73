"""Walk a tree, and say what came out of it."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from clearward.jail.broker import Entry, OpenFile
from clearward.jail.tree import Choice, Walk


class Complaints:
    """Collects what a walk complains about."""

    def __init__(self) -> None:
        self.paths: list[bytes] = []
        self.said: list[str] = []

    def __call__(self, path: bytes, said: str) -> None:
        """Keep one complaint."""
        self.paths.append(path)
        self.said.append(said)


def entries(
    path: Path | bytes, choice: Choice | None = None, complain: Complaints | None = None
) -> Iterator[Entry]:
    walk = Walk(choice or Choice(), complain or Complaints())
    return walk.entries(os.fsencode(path))


def told(found: Iterable[Entry]) -> dict[bytes, str]:
    """By path: the content of what was opened, or the reason in brackets."""
    seen = {}
    for entry in found:
        if isinstance(entry, OpenFile):
            said = os.pread(entry.descriptor, 100, 0).decode()
            entry.close()
        else:
            said = f"({entry.reason.word})"
        assert entry.path not in seen
        seen[entry.path] = said
    return seen


def below(path: Path, choice: Choice | None = None) -> dict[str, str]:
    """What lies below a folder, by name inside it; there is nothing to complain of."""
    complaints = Complaints()
    found = told(entries(path, choice, complaints))
    assert complaints.said == []
    start = len(os.fsencode(path)) + 1
    return {os.fsdecode(full)[start:]: said for full, said in found.items()}


def plant(folder: Path, *names: str) -> None:
    """Make files that hold their own name."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
