"""Behaviour of watching files."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from clearward.service.following import Following


def told(paths: list[Path], change: Callable[[], object], times: int = 1) -> int:
    """How often something is told after a change."""
    count = 0

    async def scene() -> None:
        nonlocal count
        enough = asyncio.Event()

        def changed() -> None:
            nonlocal count
            count += 1
            if count == times:
                enough.set()

        watching = Following([str(one) for one in paths], changed, 0.001)
        change()  # before the block is entered
        async with watching:
            await asyncio.wait_for(enough.wait(), 10)

    asyncio.run(scene())
    return count


@pytest.mark.parametrize("what", ["made", "removed", "written", "replaced", "a link"])
def test_a_change_is_told_once(tmp_path: Path, what: str) -> None:
    path, other = tmp_path / "file", tmp_path / "other"
    other.write_bytes(b"other")
    if what in ("removed", "written", "replaced"):
        path.write_bytes(b"")
    if what == "a link":
        path.symlink_to("first")

    def link() -> None:
        os.symlink("second", tmp_path / "new")
        os.rename(tmp_path / "new", path)

    changes: dict[str, Callable[[], object]] = {
        "made": lambda: path.write_bytes(b""),
        "removed": path.unlink,
        "written": lambda: path.write_bytes(b"more"),
        "replaced": lambda: other.rename(path),
        "a link": link,
    }
    assert told([path, tmp_path / "nothing"], changes[what]) == 1


def test_nothing_is_told_after_the_end(tmp_path: Path) -> None:
    count = 0

    def changed() -> None:
        nonlocal count
        count += 1

    async def scene() -> None:
        async with Following([str(tmp_path / "a")], changed, 0.001):
            pass
        (tmp_path / "a").write_bytes(b"")
        await asyncio.sleep(0)

    asyncio.run(scene())
    assert count == 0
