"""Open the next folders of a walk before it is their turn, and list them in a thread.

A walk compares what it has listed with what is remembered; meanwhile another processor
can ask the kernel for the stamps of what comes next. The thread is `ahead.c`, which
needs nothing of Python, so the two do not wait for each other. Where that was not
built, nothing is opened early.

Folders are opened by name in their open parent, never through a link, exactly as they
are at their turn. What was listed more than a second ago is listed anew. An error is
left for the folder's turn, which meets it again.
"""

import os
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clearward.jail.listing import Listing, list_folder

if TYPE_CHECKING:
    from clearward.jail import _listing

_compiled: "type[_listing.Ahead] | None"
try:
    from clearward.jail._listing import Ahead as _Lister
except ImportError:  # there was no compiler
    _compiled = None
else:
    _compiled = _Lister

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
PLACES = 15  # folders open before their turn; ahead.c has one more, for whose it is
_ABREAST = 8  # of these in one folder
_STALE = 1_000_000_000  # nanoseconds


@dataclass(slots=True)
class Opened:
    """An open folder.

    Attributes:
        descriptor: of it.
        status: as it was when it was opened.
        before: a clock as it was before that, nanoseconds.
        place: where it is listed before its turn; -1 if it is not.
    """

    descriptor: int
    status: os.stat_result
    before: int
    place: int = -1


@dataclass(slots=True)
class Level:
    """The folders in one folder that are still to be walked.

    Attributes:
        names: of them; the last comes first.
        device: of the folder.
        coming: of these names the first few, opened.
    """

    names: list[bytes]
    device: int
    coming: deque[Opened] = field(default_factory=deque)


def enter(name: bytes, folder: int | None) -> Opened:
    """Open a folder.

    Raises:
        OSError: it cannot be entered, or is none.
    """
    before = time.time_ns()
    descriptor = os.open(name, FOLDER, dir_fd=folder)
    return Opened(descriptor, os.fstat(descriptor), before)


class Ahead:
    """Opens the folders of one walk. Use `close` at the end.

    Args:
        reads: folders may be opened before their turn.
    """

    def __init__(self, *, reads: bool) -> None:
        self._lister = _compiled() if reads and _compiled is not None else None
        self._levels: list[Level] = []  # with something coming, the upper ones first
        self._count = 0

    def next(self, name: bytes, level: Level, folder: int) -> Opened:
        """Open the next folder of a level, and some that come after it.

        Args:
            name: of the folder, just taken from the names of the level.
            level: where it is.
            folder: the descriptor of that.

        Raises:
            OSError: it cannot be entered.
        """
        if self._lister is None:
            return enter(name, folder)
        opened = None
        if level.coming:
            opened = self._first(level)
            if not 0 <= time.time_ns() - opened.before < _STALE:
                self.shut(opened)
                opened = None
        if opened is None:
            opened = enter(name, folder)
        if len(level.coming) <= _ABREAST // 2 and len(level.coming) < len(level.names):
            self._fill(level, folder)
        return opened

    def listing(self, opened: Opened, *, stamped: bool) -> Listing:
        """List a folder, or take what was listed; see `list_folder`.

        Raises:
            OSError: it cannot be listed.
        """
        if self._lister is None or opened.place < 0:
            device = opened.status.st_dev
            return list_folder(opened.descriptor, device, stamped=stamped)
        listed = Listing(*self._lister.take(opened.place))
        opened.place = -1
        if not stamped:
            listed.stamps, listed.blocks = [], set()
        return listed

    def shut(self, opened: Opened) -> None:
        """Close a folder, wherever it is listed."""
        if self._lister is not None and opened.place >= 0:
            self._lister.drop(opened.place)
        os.close(opened.descriptor)

    def close(self) -> None:
        """Close what is open before its turn, and end the thread."""
        if self._lister is None:
            return
        for level in self._levels:
            for opened in level.coming:
                self.shut(opened)
            level.coming.clear()
        self._levels.clear()
        self._lister.close()

    def _first(self, level: Level) -> Opened:
        opened = level.coming.popleft()
        self._count -= 1
        if not level.coming:
            self._levels.remove(level)
        return opened

    def _fill(self, level: Level, folder: int) -> None:
        """Open what comes next in a level, as far as there is room."""
        if self._lister is None:
            return
        coming, names = level.coming, level.names
        if not coming:
            self._levels.append(level)
        for name in names[-1 - len(coming) : -1 - min(_ABREAST, len(names)) : -1]:
            if self._count == PLACES:
                self._give_up()
            try:
                opened = enter(name, folder)
            except OSError:  # at its turn that is told
                break
            coming.append(opened)
            self._count += 1
            if opened.status.st_dev == level.device:
                opened.place = self._lister.put(opened.descriptor, level.device)
        if not coming:
            self._levels.remove(level)

    def _give_up(self) -> None:
        """Close what would come last."""
        level = self._levels[0]
        self.shut(level.coming.pop())
        self._count -= 1
        if not level.coming:
            del self._levels[0]
