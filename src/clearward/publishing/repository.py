"""A repository: the folder of static files that a web server or a stick carries.

    metadata/    TUF: N.root.json, N.targets.json, N.snapshot.json, timestamp.json
    targets/     SHA256.rules.cwr, SHA256.rules.src.tar, SHA256.rules.tlog-proof, and of
                 large rules SHA256.rules.cwr.pieces and pieces/
    log/         a log of all releases, see `stores.log_folder`
    trust/       what a client is given once: root.json and policy

Every file is written beside its place, synced and renamed: whoever reads finds the old
one or the new one.

Source: the contract of `publish`; TUF 1.0.31, section 6.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from clearward.core.errors import Malformed, Refused, Unavailable
from clearward.stores.durable import sync_folder, write_all
from clearward.stores.log_folder import LogFolder
from clearward.stores.new_file import new_file
from clearward.updates.policy import Policy

POLICY = "trust/policy"
TRUSTED_ROOT = "trust/root.json"


@dataclass(frozen=True, slots=True)
class Repository:
    """One repository.

    Attributes:
        folder: where it is.
    """

    folder: str

    def path(self, name: str) -> str:
        """Return the path of a file; its name has slashes."""
        return os.path.join(self.folder, *name.split("/"))

    def has(self, name: str) -> bool:
        """Say whether a file is there."""
        return os.path.lexists(self.path(name))

    def read(self, name: str) -> bytes:
        """Return a file.

        Raises:
            Refused: it is not there or cannot be read.
        """
        try:
            with open(self.path(name), "rb") as file:
                return file.read()
        except OSError as error:
            said = f"{self.path(name)}: cannot be read: {error.strerror}"
            raise Refused(said) from error

    def write(self, name: str, data: bytes) -> None:
        """Put a file in its place.

        Raises:
            Unavailable: there is no room or no right to.
        """
        make_folder(os.path.dirname(self.path(name)))
        write_new(self.path(name), data)

    def policy(self) -> Policy:
        """Return what clients are told to trust.

        Raises:
            Refused: it is not there or none that can be used.
        """
        try:
            policy = Policy.parse(self.read(POLICY).decode("utf-8"))
        except (Malformed, UnicodeDecodeError) as error:
            raise Refused(f"{self.path(POLICY)}: {error}") from error
        if not policy.logs:
            raise Refused(f"{self.path(POLICY)}: it names no log")
        return policy

    def log(self, origin: str) -> LogFolder:
        """Return the log."""
        return LogFolder(self.path("log"), origin)


def sha256_of(path: str) -> str:
    """Return the SHA-256 of a file, hexadecimal.

    Raises:
        Refused: it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {error.strerror}") from error


def make_folder(path: str) -> None:
    """Make a folder and those above it, if they are not there.

    Raises:
        Unavailable: it cannot be made.
    """
    path = os.path.abspath(path)
    try:
        missing = []
        while not os.path.isdir(path):
            missing.append(path)
            path = os.path.dirname(path)
        for one in reversed(missing):
            os.mkdir(one)
            sync_folder(os.path.dirname(one))
    except OSError as error:
        raise Unavailable(f"{error.filename}: {error.strerror}") from error


def write_new(path: str, data: bytes, mode: int = 0o644) -> None:
    """Put a file in its place.

    Args:
        path: its folder is there.
        data: all of it.
        mode: who may read it.

    Raises:
        Unavailable: there is no room or no right to.
    """
    with new_file(path) as descriptor:
        try:
            os.fchmod(descriptor, mode)
            write_all(descriptor, data)
        except OSError as error:
            said = f"{path}: cannot be written: {error.strerror}"
            raise Unavailable(said) from error


@contextmanager
def alone(folder: str) -> Iterator[None]:
    """Keep others out of a folder; the lock goes with the process.

    Raises:
        Refused: there is no such folder.
        Unavailable: somebody else works there.
    """
    try:
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
        descriptor = os.open(folder, flags)
    except OSError as error:
        raise Refused(f"{folder}: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Unavailable(f"{folder}: somebody else publishes there") from error
    finally:
        os.close(descriptor)
