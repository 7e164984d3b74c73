"""Walk what clamscan was told to scan, by its rules.

They differ from those of `clearward scan`: folders below the first only with ``-r``,
patterns are regular expressions looked for anywhere in the path, and there is a line
for a link that is not followed and for what is left out. Folders are opened by
descriptor, each in the one above it, so that no link can be slipped in on the way.

Source: clamscan(1), and recorded command lines of ClamAV 1.4.6.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from clearward.faces.clamscan.patterns import Patterns
from clearward.jail.broker import Entry, OpenFile, open_file

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
NEVER, NAMED, ALWAYS = 0, 1, 2  # when links are followed


class Weight(Enum):
    """What a line about something that is not scanned means for the exit status."""

    NOTHING = 0
    WARNING = 1
    MISSING = 2
    ERROR = 3


@dataclass(frozen=True, slots=True)
class Said:
    """A line about something that is not scanned.

    Attributes:
        path: raw, as it was named.
        text: what is said about it.
        weight: what it means.
    """

    path: bytes
    text: str
    weight: Weight = Weight.NOTHING


Item = Entry | Said


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a walk goes.

    Attributes:
        recursive: into folders below the first.
        depth: most folders below each other, the first included; 0 for no limit.
        cross: onto other file systems.
        folder_links: when links to folders are followed.
        file_links: when links to files are followed.
        most_size: larger files are `size-limit`; None for no limit.
    """

    recursive: bool = False
    depth: int = 15
    cross: bool = True
    folder_links: int = NAMED
    file_links: int = NAMED
    most_size: int | None = None


@dataclass(frozen=True, slots=True)
class _Here:
    """An open folder."""

    path: bytes
    descriptor: int
    depth: int
    device: int


class Walk:
    """Walks named paths.

    Args:
        reach: how far.
        patterns: what is left out.

    Attributes:
        folders: how many were walked.
    """

    def __init__(self, reach: Reach, patterns: Patterns) -> None:
        self._reach = reach
        self._patterns = patterns
        self.folders = 0

    def items(self, path: bytes) -> Iterator[Item]:
        """Yield what a path leads to."""
        try:
            named = os.lstat(path)
            meant = os.stat(path)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "No such file or directory"
            yield Said(path, why, Weight.MISSING)
            return
        linked = stat.S_ISLNK(named.st_mode)
        if stat.S_ISDIR(meant.st_mode):
            if linked and self._reach.folder_links == NEVER:
                yield Said(path, "Symbolic link")
            else:
                yield from self._tree(path, linked=linked)
        elif stat.S_ISREG(meant.st_mode):
            if linked and self._reach.file_links == NEVER:
                yield Said(path, "Symbolic link")
            else:
                target = os.path.realpath(path) if linked else path
                yield self._file(target, path, None)
        else:
            yield Said(path, "Not supported file type", Weight.WARNING)

    def _tree(self, path: bytes, *, linked: bool) -> Iterator[Item]:
        """Walk a folder that was named."""
        trimmed = path.rstrip(b"/") or b"/"
        if self._patterns.leaves_folder(os.fsdecode(trimmed)):
            yield Said(trimmed, "Excluded")
            return
        target = os.path.realpath(path) if linked else path
        device = -1
        with suppress(OSError):
            device = os.stat(target).st_dev
        yield from self._folder(target, None, _Here(trimmed, -1, 1, device))

    def _folder(self, name: bytes, above: int | None, here: _Here) -> Iterator[Item]:
        """Walk a folder in the open one; `here` has no descriptor yet."""
        try:
            descriptor = os.open(name, _FOLDER, dir_fd=above)
            self.folders += 1
        except OSError:
            yield Said(here.path, "Can't open directory.", Weight.ERROR)
            return
        try:
            opened = _Here(here.path, descriptor, here.depth, here.device)
            with os.scandir(descriptor) as listing:
                for entry in listing:
                    yield from self._inside(opened, entry)
        except OSError:
            yield Said(here.path, "Can't read directory.", Weight.ERROR)
        finally:
            os.close(descriptor)

    def _inside(self, here: _Here, entry: os.DirEntry[str]) -> Iterator[Item]:
        name = os.fsencode(entry.name)
        path = here.path.rstrip(b"/") + b"/" + name
        if entry.is_symlink():
            yield from self._link(here, name, path)
        elif entry.is_dir(follow_symlinks=False):
            yield from self._below(here, name, path, here.descriptor)
        elif entry.is_file(follow_symlinks=False):
            yield self._file(name, path, here.descriptor)

    def _link(self, here: _Here, name: bytes, path: bytes) -> Iterator[Item]:
        """Follow a link met in a folder, if links are."""
        mode = 0
        with suppress(OSError):
            mode = os.stat(name, dir_fd=here.descriptor).st_mode
        if stat.S_ISREG(mode) and self._reach.file_links == ALWAYS:
            yield self._file(os.path.realpath(path), path, None)
        elif stat.S_ISDIR(mode) and self._reach.folder_links == ALWAYS:
            yield from self._below(here, os.path.realpath(path), path, None)
        elif not stat.S_ISDIR(mode) or self._reach.recursive:
            yield Said(path, "Symbolic link")

    def _below(
        self, here: _Here, name: bytes, path: bytes, above: int | None
    ) -> Iterator[Item]:
        """Walk a folder met in a folder."""
        if not self._reach.recursive:
            return
        if self._patterns.leaves_folder(os.fsdecode(path)):
            yield Said(path, "Excluded")
        elif self._reach.depth and here.depth >= self._reach.depth:
            yield Said(path, "Too deep, not scanned ERROR", Weight.ERROR)
        elif not self._reach.cross and self._elsewhere(here, name, above):
            yield Said(path, "Excluded")
        else:
            below = _Here(path, -1, here.depth + 1, here.device)
            yield from self._folder(name, above, below)

    def _elsewhere(self, here: _Here, name: bytes, above: int | None) -> bool:
        try:
            return os.stat(name, dir_fd=above).st_dev != here.device
        except OSError:
            return False  # opening it will say what is wrong

    def _file(self, name: bytes, path: bytes, folder: int | None) -> Item:
        if self._patterns.leaves_file(os.fsdecode(path)):
            return Said(path, "Excluded")
        entry = open_file(name, path, folder, self._reach.most_size)
        if isinstance(entry, OpenFile) and not entry.size:
            entry.close()
            return Said(path, "Empty file")
        return entry
