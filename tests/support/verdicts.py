"""A store of verdicts, and files to remember."""

import os
import time
from collections.abc import Iterable
from pathlib import Path

from clearward.stores.verdicts.memory import VerdictMemory
from clearward.stores.verdicts.place import Place

SPACE = bytes(range(32))


def memory(home: Path, space: bytes = SPACE, later: float = 0.0) -> VerdictMemory:
    """Open a memory, some seconds later."""
    return VerdictMemory(Place(str(home)), space, now=lambda: time.time() + later)


def made(folder: Path, count: int = 3) -> list[Path]:
    """Make files and return their paths."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{number:04}" for number in range(count)]
    for path in paths:
        path.write_text(path.name)
    return paths


def remember(
    home: Path, paths: Iterable[Path], space: bytes = SPACE, later: float = 0.0
) -> None:
    """Remember files as another process would have done before."""
    kept = memory(home, space, later)
    for path in paths:
        kept.remember(path.stat(), 1)
    kept.close()


def remembered(
    home: Path, paths: Iterable[Path], space: bytes = SPACE, later: float = 0.0
) -> int:
    """How many of some files are known to a memory that is opened anew."""
    kept = memory(home, space, later)
    count = sum(kept.knows(path.stat()) is not None for path in paths)
    kept.close()
    return count


def store_file(home: Path, ending: str = ".sqlite") -> Path:
    """The database."""
    folder = home / "verdicts"
    (name,) = (name for name in os.listdir(folder) if name.endswith(ending))
    return folder / name
