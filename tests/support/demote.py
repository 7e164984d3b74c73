"""Run a command as an ordinary user, also where its interpreter is hidden from one.

    python demote.py COMMAND...

An interpreter below root's own folder cannot be entered by anybody else. So the folders
that the command needs are mounted again, in a mount namespace of its own, where they
can be reached. Ends with `CANNOT` where that is not possible.
"""

import os
import stat
import sys
from pathlib import Path

from support.forked import become_ordinary, bind, mount, own_mounts

CANNOT = 77


def main() -> None:
    """Uncover what is needed, become ordinary, become the command."""
    command = sys.argv[1:]
    needed = [sys.prefix, sys.base_prefix, *(path for path in sys.path if path)]
    hidden = {Path(path).resolve() for path in needed if _cover(Path(path).resolve())}
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    try:
        if hidden:
            own_mounts()
            _uncover(hidden)
        become_ordinary()
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(CANNOT)
    os.execv(command[0], command)  # noqa: S606 - that is what this script is for


def _cover(path: Path) -> Path | None:
    """The first folder on the way to a path that others cannot enter."""
    for folder in (*reversed(path.parents), path):
        if folder.is_dir() and not folder.stat().st_mode & stat.S_IXOTH:
            return folder
    return None


def _uncover(hidden: set[Path]) -> None:
    opened = {path: os.open(path, os.O_PATH) for path in hidden if path.is_dir()}
    for cover in {_cover(path) for path in opened} - {None}:
        mount(b"tmpfs", os.fsencode(str(cover)))
    for path, descriptor in sorted(opened.items()):
        path.mkdir(parents=True, exist_ok=True)
        bind(f"/proc/self/fd/{descriptor}", path)


if __name__ == "__main__":
    main()
