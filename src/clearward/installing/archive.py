"""A repository in one tar file, as it is carried over an air gap.

Only regular files and folders may be in it, each name once, none that leads out; else
nothing of it is used: an archive in which two programs see two different things is not
one that a repository was put into. It ends with the zeros that tar writes, so one that
was cut is known by that. Files may stand in one common folder.

Source: POSIX.1-2017, pax, "ustar Interchange Format".
"""

import os
import tarfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext

from clearward.core.errors import Refused, Unavailable
from clearward.installing.carrier import PIECE, Cut, Files, Missing, limited, parts

_MOST_MEMBERS = 1_000_000
_BLOCK = 512
_MARK = "metadata/timestamp.json"  # what every repository has


class ArchiveCarrier:
    """Reads the members of an archive.

    Args:
        path: of the file.

    Raises:
        Unavailable: it cannot be opened.
        Cut: it is no archive, ends too early, or has odd members.
    """

    def __init__(self, path: str) -> None:
        try:
            flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
            self._descriptor = os.open(path, flags)
        except OSError as error:
            raise Unavailable(f"{path}: cannot be read: {error.strerror}") from error
        try:
            self._members = _members(self._descriptor, path)
        except BaseException:
            self.close()
            raise
        self._front = _front(self._members)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)

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
        parts(name)
        place = self._members.get(self._front + name)
        if place is None:
            raise Missing(name)
        offset, rest = place
        while rest:
            try:
                piece = os.pread(self._descriptor, min(rest, PIECE), offset)
            except OSError as error:
                raise Unavailable(f"{name}: {error.strerror}") from error
            if not piece:
                raise Cut("the archive ends too early")
            offset, rest = offset + len(piece), rest - len(piece)
            yield piece


def _members(descriptor: int, path: str) -> dict[str, tuple[int, int]]:
    """Return where the content of each file is, and how long."""
    found: dict[str, tuple[int, int]] = {}
    try:
        with (
            os.fdopen(os.dup(descriptor), "rb") as file,
            tarfile.open(fileobj=file, mode="r:") as archive,
        ):
            size = os.fstat(descriptor).st_size
            while (member := archive.next()) is not None:
                _judge(member, found, size)
                if member.isreg():
                    name = _plain(member.name)
                    found[name] = (member.offset_data, member.size)
            _judge_end(descriptor, archive.offset)
    except (tarfile.TarError, ValueError, OverflowError, EOFError) as error:
        raise Cut(f"{path}: no archive that can be read: {error}") from error
    except (Cut, Refused) as error:
        raise Cut(f"{path}: {error}") from error
    except OSError as error:
        raise Unavailable(f"{path}: cannot be read: {error.strerror}") from error
    return found


def _judge(
    member: tarfile.TarInfo, found: dict[str, tuple[int, int]], size: int
) -> None:
    """Refuse what a repository does not have."""
    if len(found) >= _MOST_MEMBERS:
        raise Cut("too many members")
    name = _plain(member.name)
    if not member.isreg() and not member.isdir():
        raise Cut(f"{name!r} is neither a file nor a folder")
    if member.issparse():
        raise Cut(f"{name!r} has holes")
    if member.isreg():
        parts(name)
        if name in found:
            raise Cut(f"{name!r} is there twice")
        if member.size < 0 or member.offset_data + member.size > size:
            raise Cut("it ends too early")
    elif name:
        parts(name)


def _judge_end(descriptor: int, offset: int) -> None:
    """Refuse an archive that does not end with two blocks of zeros."""
    if os.pread(descriptor, 2 * _BLOCK, offset) != bytes(2 * _BLOCK):
        raise Cut("it ends too early")


def _plain(name: str) -> str:
    """Return a name without what says that it begins here."""
    return name.removeprefix("./").rstrip("/").removeprefix(".")


def _front(members: dict[str, tuple[int, int]]) -> str:
    """Return the folder that all is in; empty if there is none."""
    if _MARK in members:
        return ""
    fronts = [
        name.removesuffix(_MARK) for name in members if name.endswith(f"/{_MARK}")
    ]
    return fronts[0] if len(fronts) == 1 else ""
