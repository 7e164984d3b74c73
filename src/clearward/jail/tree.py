"""Walk what a person named: files, folders and links.

Folders are walked by descriptor and never by name, so that a path may be longer than
the kernel takes and no link can be slipped in on the way. Only two descriptors are open
at a time, however deep the tree: the way back up is ``..``, checked by device and
inode.
"""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from errno import ENOENT

from clearward.core.reasons import Reason
from clearward.jail.broker import Entry, Unopened, open_file
from clearward.jail.exclude import compile_patterns

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK

Complain = Callable[[bytes, str], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which files are scanned.

    Attributes:
        exclude: patterns, see `exclude.py`.
        one_file_system: do not cross mount points.
        most_size: larger files are `size-limit`; None for no limit.
    """

    exclude: tuple[str, ...] = ()
    one_file_system: bool = False
    most_size: int | None = None


class Walk:
    """Walks named paths.

    Args:
        choice: which files are scanned.
        complain: called with a path and a few words for a folder, or the rest of one,
            that cannot be walked.

    Attributes:
        excludes: some pattern leaves files out.
        most_size: larger files are `size-limit`; None for no limit.
    """

    def __init__(self, choice: Choice, complain: Complain) -> None:
        self._choice = choice
        self._complain = complain
        self._excludes = compile_patterns(choice.exclude) if choice.exclude else None
        self.excludes = self._excludes is not None
        self.most_size = choice.most_size

    def entries(self, path: bytes) -> Iterator[Entry]:
        """Yield what a path leads to, each regular file open; a link is followed."""
        if self.is_excluded(path):
            yield Unopened(path, Reason.EXCLUDED)
            return
        try:
            status = os.stat(path)
            target = os.path.realpath(path) if os.path.islink(path) else path
        except ValueError:  # a NUL in it: there can be no such file
            yield Unopened(path, Reason.VANISHED)
            return
        except OSError as error:
            gone = error.errno == ENOENT
            yield Unopened(path, Reason.VANISHED if gone else Reason.PERMISSION)
            return
        if stat.S_ISDIR(status.st_mode):
            yield from _Tree(self, target, path).entries()
        elif stat.S_ISREG(status.st_mode):
            yield open_file(target, path, None, self.most_size)
        else:
            yield Unopened(path, Reason.NOT_REGULAR)

    def is_excluded(self, path: bytes) -> bool:
        """Say whether a pattern leaves this path out."""
        return self._excludes is not None and self._excludes(os.fsdecode(path))

    def stays_on(self, device: int, other: int) -> bool:
        """Say whether a folder on another device is walked, too."""
        return device == other or not self._choice.one_file_system

    def refuse(self, path: bytes, said: str) -> None:
        """Complain about a folder."""
        self._complain(path, said)


@dataclass(slots=True)
class _Folder:
    """A folder on the way from the starting point to where we are.

    Attributes:
        path: as the person will see it, without a slash at the end.
        identity: device and inode.
        files: names of regular files.
        others: names of what is neither file, folder nor link.
        folders: names of folders still to be walked.
    """

    path: bytes
    identity: tuple[int, int]
    files: list[str]
    others: list[str]
    folders: list[str]


class _Tree:
    """One tree; at any time one folder of it is open."""

    def __init__(self, walk: Walk, target: bytes, path: bytes) -> None:
        self._walk = walk
        self._target = target
        self._path = path
        self._here = -1
        self._device = -1

    def entries(self) -> Iterator[Entry]:
        """Yield every file below the starting point."""
        first = self._open(self._target, self._path.rstrip(b"/"), None)
        if first is None:
            return
        self._device = first.identity[0]
        way = [first]
        try:
            while way:
                folder = way[-1]
                yield from self._files(folder)
                if folder.folders:
                    below = self._descend(folder)
                    if isinstance(below, Unopened):
                        yield below
                    elif below is not None:
                        way.append(below)
                else:
                    way.pop()
                    if way and not self._climb(way[-1]):
                        return
        finally:
            os.close(self._here)

    def _files(self, folder: _Folder) -> Iterator[Entry]:
        """Yield what lies in the open folder itself, once."""
        files, folder.files = folder.files, []
        others, folder.others = folder.others, []
        prefix = folder.path + b"/"
        encoding, errors = sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()
        here, look, most = self._here, self._walk.excludes, self._walk.most_size
        for name in files:
            path = prefix + name.encode(encoding, errors)  # os.fsencode takes longer
            if look and self._walk.is_excluded(path):
                yield Unopened(path, Reason.EXCLUDED)
            else:
                yield open_file(name, path, here, most)
        for name in others:
            yield Unopened(prefix + os.fsencode(name), Reason.NOT_REGULAR)

    def _descend(self, folder: _Folder) -> _Folder | Unopened | None:
        """Make the next folder below the open one; None if it cannot be."""
        name = folder.folders.pop()
        path = folder.path + b"/" + os.fsencode(name)
        if self._walk.is_excluded(path):
            return Unopened(path, Reason.EXCLUDED)
        return self._open(name, path, self._here)

    def _climb(self, above: _Folder) -> bool:
        """Make the folder above the open one; False if it is no longer there."""
        outer = -1
        try:
            outer = os.open("..", _FOLDER, dir_fd=self._here)
            status = os.fstat(outer)
        except OSError as error:
            self._walk.refuse(above.path, f"cannot be entered again: {error.strerror}")
            return False
        os.close(self._here)
        self._here = outer
        if (status.st_dev, status.st_ino) != above.identity:
            self._walk.refuse(above.path, "was moved meanwhile; the rest is left out")
            return False
        return True

    def _open(
        self, name: str | bytes, path: bytes, folder: int | None
    ) -> _Folder | None:
        """Open and list a folder; it is the open one then."""
        try:
            opened = os.open(name, _FOLDER, dir_fd=folder)
        except OSError as error:
            self._walk.refuse(path, f"cannot be entered: {error.strerror}")
            return None
        try:
            status = os.fstat(opened)
            if self._device >= 0 and not self._walk.stays_on(
                self._device, status.st_dev
            ):
                os.close(opened)
                return None
            listed = _list(opened, path, (status.st_dev, status.st_ino))
        except OSError as error:
            os.close(opened)
            self._walk.refuse(path, f"cannot be listed: {error.strerror}")
            return None
        if self._here >= 0:
            os.close(self._here)
        self._here = opened
        return listed


def _list(opened: int, path: bytes, identity: tuple[int, int]) -> _Folder:
    """List an open folder; links are left out."""
    folder = _Folder(path, identity, [], [], [])
    with os.scandir(opened) as listing:
        for entry in listing:
            if entry.is_file(follow_symlinks=False):
                folder.files.append(entry.name)
            elif entry.is_dir(follow_symlinks=False):
                folder.folders.append(entry.name)
            elif not entry.is_symlink():
                folder.others.append(entry.name)
    return folder
