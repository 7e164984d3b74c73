"""Open a file that a client names, but only inside folders that the operator named.

The way from such a folder to the file is gone by descriptor, a name at a time, and no
link is followed on it, not in the last step either: what lies behind a link is outside,
whoever made it and whenever. The folder itself is opened as the operator wrote it.

Source: openat(2); the same promise as RESOLVE_BENEATH with RESOLVE_NO_SYMLINKS of
openat2(2), which Python cannot call.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from clearward.core.errors import Refused
from clearward.core.reasons import Reason
from clearward.faces.http.answers import Rejected
from clearward.faces.text import escaped
from clearward.jail.broker import Entry, Unopened, open_file

_FOLDER = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC
_STEP = _FOLDER | os.O_NOFOLLOW
_LONGEST = 4096  # bytes of a path

_OUTSIDE = "files are read only in the folders that were named, and behind no link"


class Folders:
    """The folders that were named.

    Raises:
        Refused: one of them is no folder.
    """

    def __init__(self, folders: tuple[str, ...]) -> None:
        self._folders: list[tuple[bytes, list[bytes]]] = []
        for folder in folders:
            if not os.path.isdir(folder):
                raise Refused(f"{escaped(folder)}: --http-files takes a folder")
            opened = os.fsencode(os.path.abspath(folder))
            for name in {opened, os.path.realpath(opened)}:
                self._folders.append((opened, _names(name)))

    def open(self, path: bytes, most_size: int) -> Entry:
        """Open a regular file.

        Args:
            path: absolute.
            most_size: bytes; a larger one is `size-limit`.

        Raises:
            Rejected: it lies outside, is not there, or cannot be read.
        """
        if not self._folders:
            raise Rejected(403, "forbidden", "no folder was named with --http-files")
        if len(path) > _LONGEST or b"\0" in path or not path.startswith(b"/"):
            raise Rejected(403, "forbidden", "the path of a file is absolute")
        names = _names(path)
        if b".." in names:
            raise Rejected(403, "forbidden", _OUTSIDE)
        for folder, prefix in self._folders:
            if len(names) > len(prefix) and names[: len(prefix)] == prefix:
                entry = _open(folder, names[len(prefix) :], path, most_size)
                return _judged(entry)
        raise Rejected(403, "forbidden", _OUTSIDE)


def _names(path: bytes) -> list[bytes]:
    return [name for name in path.split(b"/") if name not in (b"", b".")]


def _open(folder: bytes, names: list[bytes], path: bytes, most_size: int) -> Entry:
    try:
        with _stepped(folder, names[:-1]) as inner:
            return open_file(names[-1], path, inner, most_size)
    except FileNotFoundError:
        return Unopened(path, Reason.VANISHED)
    except OSError:  # a link or a file on the way, or no right to pass
        return Unopened(path, Reason.PERMISSION)


@contextmanager
def _stepped(folder: bytes, names: list[bytes]) -> Iterator[int]:
    """Give a descriptor of a folder below another one."""
    here = os.open(folder, _FOLDER)
    try:
        for name in names:
            inner = os.open(name, _STEP, dir_fd=here)
            os.close(here)
            here = inner
        yield here
    finally:
        os.close(here)


def _judged(entry: Entry) -> Entry:
    """Refuse what is no file that can be read."""
    if not isinstance(entry, Unopened):
        return entry
    if entry.reason is Reason.VANISHED:
        raise Rejected(404, "not-found", "there is no such file")
    if entry.reason is Reason.SIZE_LIMIT:
        raise Rejected(413, "too-large", "the file is larger than an object may be")
    raise Rejected(403, "forbidden", f"{_OUTSIDE}, and only where they can be read")
