"""Walk what a person named: files, folders and links.

Folders are walked by descriptor and never by name, so that a path may be longer than
the kernel takes and no link can be slipped in on the way. Only two folders are walked
at a time, however deep the tree: one, and another in it that has no folders itself. The
way back up is ``..``, checked by device and inode. A few more may be open before their
turn, see `ahead`.

Where verdicts are remembered, what was clean and has not changed is passed by: it is
not opened, and told of folder by folder.
"""

import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from errno import ENOENT
from itertools import repeat

from clearward.core.reasons import Reason
from clearward.jail.ahead import FOLDER, Ahead, Level, Opened, enter
from clearward.jail.broker import Entry, OpenFile, Unopened, open_file
from clearward.jail.exclude import compile_patterns
from clearward.jail.known import Known, Passed
from clearward.jail.listing import Listing, block_of, stamp

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
        known: what is remembered; None if nothing is, and then nothing will be.

    Attributes:
        excludes: some pattern leaves files out.
        known: as above.
    """

    def __init__(
        self, choice: Choice, complain: Complain, known: Known | None = None
    ) -> None:
        self._choice = choice
        self._complain = complain
        self.known = known
        self._excludes = compile_patterns(choice.exclude) if choice.exclude else None
        self.excludes = self._excludes is not None

    def entries(self, path: bytes) -> Iterator[Entry]:
        """Yield what a path leads to, each regular file open; a link is followed."""
        if self.is_excluded(path):
            yield Unopened(path, Reason.EXCLUDED)
            return
        before = time.time_ns()
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
            if not self._passes(path, status):
                yield self.opened(target, path, None, before)
        else:
            yield Unopened(path, Reason.NOT_REGULAR)

    def opened(
        self, name: bytes, path: bytes, folder: int | None, before: int
    ) -> Entry:
        """Open a file, and judge whether it may be remembered; see `open_file`."""
        entry = open_file(name, path, folder, self._choice.most_size)
        if self.known is not None and isinstance(entry, OpenFile):
            self.known.judge(entry, before)
        return entry

    def _passes(self, path: bytes, status: os.stat_result) -> bool:
        """Pass by one file that was named, if it was clean and has not changed."""
        known = self.known
        if known is None or not known.trusts(status.st_dev):
            return False
        now = stamp(status)
        parts = known.parts(status.st_dev, (block_of(now),))
        if now not in parts:
            return False
        front, slash, name = path.rpartition(b"/")
        known.tell(Passed(front + slash, [name], [now], parts))
        return True

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
        device: of the folder.
        inode: of the folder.
        listing: what lies in it; what has been walked is taken out of it.
        before: a clock as it was before it was listed, nanoseconds.
        level: the folders in it, once they are walked.
    """

    path: bytes
    device: int
    inode: int
    listing: Listing
    before: int
    level: Level | None = None


class _Tree:
    """One tree; at any time one folder of it is open, or two."""

    def __init__(self, walk: Walk, target: bytes, path: bytes) -> None:
        self._walk = walk
        self._target = target
        self._path = path
        self._here = -1
        self._below = -1  # a folder in it, while that is walked
        self._device = -1
        reads = walk.known is not None and not walk.excludes
        self._ahead = Ahead(reads=reads)

    def entries(self) -> Iterator[Entry]:
        """Yield every file below the starting point."""
        first = self._open(self._path.rstrip(b"/"), lambda: enter(self._target, None))
        if first is None:
            return
        self._device = first.device
        way = [first]
        try:
            self._here, self._below = self._below, -1
            yield from self._files(first, self._here)
            while way:
                if way[-1].listing.folders:
                    yield from self._descend(way)
                else:
                    way.pop()
                    if way and not self._climb(way[-1]):
                        return
        finally:
            self._ahead.close()
            os.close(self._here)
            if self._below >= 0:
                os.close(self._below)

    def _files(self, folder: _Folder, opened: int) -> Iterator[Entry]:
        """Yield what lies in an open folder itself, but folders."""
        front, listing = folder.path + b"/", folder.listing
        if listing.files:
            yield from self._unknown(folder, front, opened)
        for name in listing.others:
            yield Unopened(front + name, Reason.NOT_REGULAR)
        folder.listing = Listing(folders=listing.folders)

    def _unknown(self, folder: _Folder, front: bytes, opened: int) -> Iterator[Entry]:
        """Yield files that have to be looked at; pass by the others."""
        walk, listing, known = self._walk, folder.listing, self._walk.known
        parts: Mapping[bytes, int] = {}
        if known is not None and listing.stamps:
            parts = known.parts(folder.device, listing.blocks)
            if not walk.excludes and parts.keys() >= set(listing.stamps):
                known.tell(Passed(front, listing.files, listing.stamps, parts))
                return
        passed = Passed(front, [], [], parts)
        stamps = listing.stamps or repeat(b"", len(listing.files))
        for name, now in zip(listing.files, stamps, strict=True):
            path = front + name
            if walk.excludes and walk.is_excluded(path):
                yield Unopened(path, Reason.EXCLUDED)
            elif now in parts:
                passed.names.append(name)
                passed.stamps.append(now)
            else:
                yield walk.opened(name, path, opened, folder.before)
        if known is not None and passed.names:
            known.tell(passed)

    def _descend(self, way: list[_Folder]) -> Iterator[Entry]:
        """Walk the next folder below the open one, or make it the open one."""
        above = way[-1]
        name = above.listing.folders.pop()
        path = above.path + b"/" + name
        if self._walk.is_excluded(path):
            yield Unopened(path, Reason.EXCLUDED)
            return
        if above.level is None:
            above.level = Level(above.listing.folders, above.device)
        level = above.level
        below = self._open(path, lambda: self._ahead.next(name, level, self._here))
        if below is None:
            return
        if below.listing.folders:
            os.close(self._here)
            self._here, self._below = self._below, -1
            way.append(below)
            yield from self._files(below, self._here)
        else:
            yield from self._files(below, self._below)
            os.close(self._below)
            self._below = -1

    def _climb(self, above: _Folder) -> bool:
        """Make the folder above the open one; False if it is no longer there."""
        outer = -1
        try:
            outer = os.open("..", FOLDER, dir_fd=self._here)
            status = os.fstat(outer)
        except OSError as error:
            self._walk.refuse(above.path, f"cannot be entered again: {error.strerror}")
            return False
        os.close(self._here)
        self._here = outer
        if (status.st_dev, status.st_ino) != (above.device, above.inode):
            self._walk.refuse(above.path, "was moved meanwhile; the rest is left out")
            return False
        return True

    def _open(self, path: bytes, opening: Callable[[], Opened]) -> _Folder | None:
        """Open and list a folder; it is the one below then."""
        try:
            opened = opening()
        except OSError as error:
            self._walk.refuse(path, f"cannot be entered: {error.strerror}")
            return None
        try:
            status = opened.status
            device = status.st_dev
            if self._device >= 0 and not self._walk.stays_on(self._device, device):
                self._ahead.shut(opened)
                return None
            known = self._walk.known
            stamped = known is not None and known.trusts(device, opened.descriptor)
            listing = self._ahead.listing(opened, stamped=stamped)
        except OSError as error:
            self._ahead.shut(opened)
            self._walk.refuse(path, f"cannot be listed: {error.strerror}")
            return None
        self._below = opened.descriptor
        return _Folder(path, device, status.st_ino, listing, opened.before)
