"""Open what a path leads to, in a thread, as clamd would find it."""

import os
import stat
from collections import deque
from collections.abc import Callable, Generator

from typing_extensions import override

from clearward.faces.clamd import texts
from clearward.faces.clamd.settings import ClamdSettings
from clearward.jail.broker import Entry, OpenFile
from clearward.jail.known import Known
from clearward.jail.tree import Choice, Walk


class Opening:
    """The entries of one path, opened as they are asked for.

    Args:
        settings: of the face.
        path: raw.
        known: what files are passed by with; None for none. It is closed here.

    Attributes:
        complaints: lines on what cannot be walked; the thread puts them there.
        tree: it is a folder; known once something was taken.
    """

    def __init__(
        self, settings: ClamdSettings, path: bytes, known: Known | None
    ) -> None:
        self._settings = settings
        self._path = path
        self._known = known
        self._entries = self._walked()
        self.complaints: deque[bytes] = deque()
        self.tree = False

    def take(self, count: int) -> list[Entry]:
        """Take the next entries; fewer than asked for only at the end.

        Raises:
            OSError: there are no more descriptors.
        """
        taken: list[Entry] = []
        try:
            for entry in self._entries:
                taken.append(entry)
                if len(taken) >= count:
                    return taken
        except OSError:
            drop(taken)
            self.close()
            raise
        self.close()
        return taken

    def close(self) -> None:
        """Open nothing more; once is enough."""
        self._entries.close()
        known, self._known = self._known, None
        if known is not None:
            known.close()

    def _walked(self) -> Generator[Entry]:
        try:
            status = os.stat(self._path)
        except OSError as error:
            if not self._settings.excludes(self._path):
                why = texts.path_failure(os.strerror(error.errno or 0))
                self.complaints.append(b"%b: %b" % (self._path, why))
                return
        else:
            self.tree = stat.S_ISDIR(status.st_mode)
        walk = _Walk(self._settings, self._complain, self._known)
        yield from walk.entries(self._path)

    def _complain(self, path: bytes, said: str) -> None:
        """Note a folder that cannot be walked."""
        reason = said.rpartition(": ")[2]
        denied = "denied" in reason
        text = texts.DENIED if denied else texts.path_failure(reason)
        self.complaints.append(b"%b: %b" % (path, text))


def drop(entries: list[Entry]) -> None:
    """Close what nobody will look at."""
    for entry in entries:
        if isinstance(entry, OpenFile):
            entry.close()


class _Walk(Walk):
    """A walk that leaves out what clamd's ExcludePath does.

    Args:
        settings: of the face.
        complain: is told of folders that cannot be walked.
        known: files that are passed by; None for none.
    """

    def __init__(
        self,
        settings: ClamdSettings,
        complain: Callable[[bytes, str], None],
        known: Known | None,
    ) -> None:
        super().__init__(Choice(most_size=settings.file_size), complain, known)
        self._settings = settings
        self.excludes = bool(settings.exclude)

    @override
    def is_excluded(self, path: bytes) -> bool:
        return self.excludes and self._settings.excludes(path)
