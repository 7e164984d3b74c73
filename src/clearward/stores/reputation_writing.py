"""Write a set of digests into a new folder, and compare one with what it should be."""

import fcntl
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from clearward.core.errors import Refused, Unavailable
from clearward.stores.durable import sync_folder, write_all
from clearward.stores.reputation import BUCKETS, read

_FRONT = ".set."
_LEFT = re.compile(r"\.set\.[a-z0-9_]{8}")
_MOMENT = 1.0  # seconds
File = tuple[str, bytes | memoryview]  # name and content


def write(folder: str, files: Iterable[File]) -> int:
    """Write files into a folder that is not there yet; return how many bytes.

    They are written beside it and renamed as a whole, so that the folder is there with
    all of them or not at all.

    Raises:
        Refused: it is there.
        Unavailable: there is no room, or no right, to write.
    """
    place = os.path.abspath(folder)
    if os.path.lexists(place):
        raise Refused(f"{folder}: is there already")
    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with _making(os.path.dirname(place)) as made:
            return _fill(made, place, files)
    except OSError as error:
        said = f"{folder}: cannot be written: {error.strerror}"
        raise Unavailable(said) from error


def different(folder: str, files: Iterable[File]) -> Iterator[str]:
    """Yield the names of files in a folder that are not what they should be.

    Raises:
        Refused: one of them is not there.
    """
    for name, data in files:
        held = read(folder, name, most=len(data) + 1)
        if held != data:
            yield name


@contextmanager
def _making(folder: str) -> Iterator[str]:
    """Give a new folder to write into; those that were left by the killed go first.

    Whoever writes into one has it locked, so one that can be locked is nobody's. One
    that is a moment old may be somebody's who has no lock on it yet.
    """
    for name in filter(_LEFT.fullmatch, os.listdir(folder)):
        left = os.path.join(folder, name)
        with suppress(OSError), _locked(left):
            if time.time() - os.stat(left).st_mtime > _MOMENT:
                shutil.rmtree(left)
    made = tempfile.mkdtemp(prefix=_FRONT, dir=folder)
    try:
        with _locked(made):
            yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def _locked(folder: str) -> Iterator[None]:
    """Lock a folder; the lock goes with the process.

    Raises:
        OSError: somebody else has it locked, or it is none.
    """
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(folder, flags)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _fill(made: str, place: str, files: Iterable[File]) -> int:
    os.chmod(made, 0o755)  # noqa: S103 - everybody may have it
    size = 0
    for name, data in files:
        size += len(data)
        if name.startswith(BUCKETS):
            os.makedirs(os.path.join(made, BUCKETS), exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        opened = os.open(os.path.join(made, *name.split("/")), flags, 0o644)
        try:
            write_all(opened, data)
            if "/" not in name:  # buckets are many, and checked when they are read
                os.fsync(opened)
        finally:
            os.close(opened)
    sync_folder(made)
    os.rename(made, place)
    sync_folder(os.path.dirname(place))
    return size
