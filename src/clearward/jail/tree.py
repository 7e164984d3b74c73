"""Walk what a person named: files, folders, links, standard input.

Folders are walked by descriptor and never by name, so that a path may be longer than
the kernel takes and no link can be slipped in on the way. Only two descriptors are open
at a time, however deep the tree: the way back up is ``..``, checked by device and inode.
"""

import fnmatch
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from clearward.core.reasons import Reason
from clearward.jail.broker import Entry, Unopened, open_file

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


@dataclass(frozen=True, slots=True)
class Choice:
    """Which files are scanned.

    Attributes:
        exclude: patterns; one without ``/`` is matched against the last component,
            else against the whole path.
        one_file_system: do not cross mount points.
        most_size: larger files are `size-limit`; None for no limit.
    """

    exclude: tuple[str, ...] = ()
    one_file_system: bool = False
    most_size: int | None = None


@dataclass(slots=True)
class _Folder:
    """A folder on the way from the starting point to where we are."""

    name: str
    path: bytes
    identity: tuple[int, int]
    files: list[str]
    others: list[str]
    folders: list[str]


class Walk:
    """Walks the named paths one after the other.

    Args:
        choice: which files are scanned.
        complain: called with one line for a folder that cannot be entered.

    Attributes:
        complaints: how many folders could not be entered.
    """

    def __init__(self, choice: Choice, complain: Callable[[bytes, str], None]) -> None:
        self._choice = choice
        self._complain = complain
        self._excludes = [compile_pattern(pattern) for pattern in choice.exclude]
        self.complaints = 0

    def entries(self, paths: Iterator[bytes]) -> Iterator[Entry]:
        """Yield everything below the paths, each regular file open."""
        for path in paths:
            yield from self._named(path)

    def _named(self, path: bytes) -> Iterator[Entry]:
        """Yield what a path given by a person leads to; a link is followed."""
        if self._is_excluded(path):
            yield Unopened(path, Reason.EXCLUDED)
            return
        try:
            status = os.stat(path)
            target = os.path.realpath(path) if os.path.islink(path) else path
        except OSError as error:
            gone = isinstance(error, FileNotFoundError)
            yield Unopened(path, Reason.VANISHED if gone else Reason.PERMISSION)
            return
        if stat.S_ISDIR(status.st_mode):
            yield from self._tree(target, path, status.st_dev)
        elif stat.S_ISREG(status.st_mode):
            yield open_file(target, path, None, self._choice.most_size)
        else:
            yield Unopened(path, Reason.NOT_REGULAR)

    def _tree(self, target: bytes, path: bytes, device: int) -> Iterator[Entry]:
        try:
            here = os.open(target, _FOLDER)
        except OSError as error:
            self._refuse(path, error)
            return
        try:
            yield from self._below(here, path.rstrip(b"/") or b"", device)
        finally:
            with suppress(OSError):
                os.close(self._here)

    _here = -1

    def _below(self, here: int, path: bytes, device: int) -> Iterator[Entry]:
        """Go down and up again, one open folder at a time."""
        self._here = here
        way: list[_Folder] = []
        folder = self._enter(here, "", path)
        if folder is None:
            return
        way.append(folder)
        while way:
            folder = way[-1]
            prefix = folder.path + b"/"
            for name in folder.files:
                full = prefix + os.fsencode(name)
                if self._excludes and self._is_excluded(full):
                    yield Unopened(full, Reason.EXCLUDED)
                else:
                    yield open_file(name, full, self._here, self._choice.most_size)
            folder.files = []
            for name in folder.others:
                yield Unopened(prefix + os.fsencode(name), Reason.NOT_REGULAR)
            folder.others = []
            if not folder.folders:
                way.pop()
                if way and not self._climb(way[-1]):
                    return
                continue
            name = folder.folders.pop()
            full = prefix + os.fsencode(name)
            if self._excludes and self._is_excluded(full):
                yield Unopened(full, Reason.EXCLUDED)
                continue
            below = self._descend(name, full, device)
            if below is not None:
                way.append(below)

    def _descend(self, name: str, path: bytes, device: int) -> _Folder | None:
        """Make a folder of the open one the open one."""
        try:
            inner = os.open(name, _FOLDER, dir_fd=self._here)
        except OSError as error:
            self._refuse(path, error)
            return None
        if self._choice.one_file_system and os.fstat(inner).st_dev != device:
            os.close(inner)
            return None
        folder = self._enter(inner, name, path)
        if folder is None:
            os.close(inner)
            return None
        os.close(self._here)
        self._here = inner
        return folder

    def _climb(self, above: _Folder) -> bool:
        """Make the folder above the open one; False if it is no longer there."""
        try:
            outer = os.open("..", _FOLDER, dir_fd=self._here)
        except OSError as error:
            self._refuse(above.path, error)
            return False
        os.close(self._here)
        self._here = outer
        status = os.fstat(outer)
        if (status.st_dev, status.st_ino) != above.identity:
            self._complain(
                above.path, "moved while it was walked; the rest is left out"
            )
            self.complaints += 1
            return False
        return True

    def _enter(self, descriptor: int, name: str, path: bytes) -> _Folder | None:
        """List an open folder: regular files, other things, folders; links are left out."""
        status = os.fstat(descriptor)
        folder = _Folder(name, path, (status.st_dev, status.st_ino), [], [], [])
        try:
            with os.scandir(descriptor) as listing:
                for entry in listing:
                    if entry.is_file(follow_symlinks=False):
                        folder.files.append(entry.name)
                    elif entry.is_dir(follow_symlinks=False):
                        folder.folders.append(entry.name)
                    elif not entry.is_symlink():
                        folder.others.append(entry.name)
        except OSError as error:
            self._refuse(path, error)
            return None
        return folder

    def _refuse(self, path: bytes, error: OSError) -> None:
        self.complaints += 1
        self._complain(path, f"cannot be entered: {error.strerror}")

    def _is_excluded(self, path: bytes) -> bool:
        text = os.fsdecode(path)
        return any(excludes(text) for excludes in self._excludes)


def compile_pattern(pattern: str) -> Callable[[str], bool]:
    """Return what says whether a path fits an exclude pattern.

    In a pattern with ``/``, ``*`` and ``?`` stop at a slash and ``**`` does not.
    """
    if "/" not in pattern:
        last = re.compile(fnmatch.translate(pattern))
        return lambda path: bool(last.match(path.rstrip("/").rpartition("/")[2]))
    pieces = re.split(r"(\*\*/?|\*|\?|\[!?\]?[^\]]*\])", pattern)
    whole = re.compile("".join(map(_translate, pieces)) + r"\Z", re.DOTALL)
    return lambda path: bool(whole.match(path.rstrip("/")))


def _translate(piece: str) -> str:
    if piece == "**/":
        return "(?:.*/)?"
    if piece.startswith("[") and piece.endswith("]"):
        inner = piece[1:-1].replace("\\", "\\\\")
        return f"[{'^' + inner[1:] if inner.startswith('!') else inner}]"
    return {"**": ".*", "*": "[^/]*", "?": "[^/]"}.get(piece, re.escape(piece))
