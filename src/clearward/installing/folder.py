"""A repository in a folder, such as on a stick; nothing in it leads out of it."""

import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext, suppress

from clearward.core.errors import Refused, Unavailable
from clearward.installing.carrier import PIECE, Files, Missing, limited, parts

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class FolderCarrier:
    """Reads regular files; links are not followed.

    Args:
        path: of the folder.

    Raises:
        Unavailable: it cannot be opened.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        try:
            self._root = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise Unavailable(f"{path}: cannot be read: {error.strerror}") from error

    def close(self) -> None:
        """Let go of the folder."""
        os.close(self._root)

    def read(self, name: str, most: int) -> bytes:
        """Return a whole file."""
        return b"".join(self.stream(name, most))

    def stream(self, name: str, most: int) -> Iterator[bytes]:
        """Yield a file in pieces."""
        yield from limited(self._pieces(name), name, most)

    def many(self, _most: int) -> AbstractContextManager[Files]:
        """Give itself."""
        return nullcontext(self)

    def _pieces(self, name: str) -> Iterator[bytes]:
        descriptor = self._open(name)
        try:
            while piece := os.read(descriptor, PIECE):
                yield piece
        except OSError as error:
            raise Unavailable(f"{name}: cannot be read: {error.strerror}") from error
        finally:
            os.close(descriptor)

    def _open(self, name: str) -> int:
        """Open a file step by step, so that no link on the way counts."""
        *folders, last = parts(name)
        here = os.dup(self._root)
        try:
            for folder in folders:
                inner = os.open(folder, _FOLDER, dir_fd=here)
                os.close(here)
                here = inner
            descriptor = os.open(last, _FILE, dir_fd=here)
        except FileNotFoundError as error:
            raise Missing(name) from error
        except OSError as error:
            raise Unavailable(f"{name}: cannot be read: {error.strerror}") from error
        finally:
            with suppress(OSError):
                os.close(here)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise Refused(f"{name}: not a regular file")
        return descriptor
