"""The metadata of a repository, checked by python-tuf: what its targets have to be.

Root, timestamp, snapshot and targets, each signed by its role and not older than what
was seen before, none expired. What can go wrong with them is said in our words. The
repository delegates nothing, so nothing that is delegated is looked at.

Source: The Update Framework 1.0.34, section 5; python-tuf 7, `tuf.ngclient`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.api.metadata import TargetFile
from tuf.ngclient import Updater, UpdaterConfig

from clearward.core.errors import Unavailable
from clearward.installing.carrier import Cut, Files
from clearward.installing.fetcher import CarrierFetcher
from clearward.installing.refusal import Code, Untrusted
from clearward.stores.durable import sync_folder

_FRONT = "metadata/"
_PERSISTED = ".json"
_CONFIG = UpdaterConfig(
    max_delegations=0,
    snapshot_max_length=100_000,
    targets_max_length=200_000,
)
# The order counts: some are kinds of others.
_CODES: tuple[tuple[type[Exception], Code], ...] = (
    (UnsignedMetadataError, Code.SIGNATURE),
    (ExpiredMetadataError, Code.EXPIRED),
    (BadVersionNumberError, Code.ROLLBACK),
    (LengthOrHashMismatchError, Code.TAMPERED),
    (DownloadLengthMismatchError, Code.TAMPERED),
    (DownloadError, Code.UNREACHABLE),
    (RepositoryError, Code.TAMPERED),
)


class Metadata:
    """What is known of a repository after one refresh.

    Args:
        folder: where verified metadata are kept; versions are compared with them.
        root: the metadata of the role root that everything begins with.
        carrier: of the repository.

    Raises:
        Untrusted: they are not to be believed, or not there.
        Unavailable: the folder cannot be written.
    """

    def __init__(self, folder: str, root: bytes, carrier: Files) -> None:
        _tidy(folder)

        def split(url: str) -> tuple[Files, str]:
            return carrier, url

        with _judged(), _written(folder):
            fetcher = CarrierFetcher(split)
            self._updater = Updater(
                folder, _FRONT, fetcher=fetcher, config=_CONFIG, bootstrap=root
            )
            self._updater.refresh()
            _sync(folder)

    def target(self, name: str) -> TargetFile:
        """Return length and hashes of a target.

        Raises:
            Untrusted: there is none of that name, or no SHA-256 of it.
        """
        found = self.find(name)
        if found is None:
            raise Untrusted(Code.TAMPERED, f"{name} is not among the targets")
        return found

    def find(self, name: str) -> TargetFile | None:
        """Return length and hashes of a target; None if there is none of that name."""
        with _judged():
            found = self._updater.get_targetinfo(name)
        return found if found is not None and sha256(found) else None


def sha256(target: TargetFile) -> str:
    """Return the SHA-256 of a target, hexadecimal; empty if it has none."""
    return str(target.hashes.get("sha256", ""))


def place(target: TargetFile) -> str:
    """Return the name of a target's file in the repository."""
    return f"targets/{sha256(target)}.{target.path}"


def fetched(target: TargetFile, carrier: Files) -> bytes:
    """Return the bytes of a small target.

    Raises:
        Untrusted: they are not what the metadata say.
    """
    with _judged():
        fetcher = CarrierFetcher(lambda name: (carrier, name))
        data = fetcher.download_bytes(place(target), target.length)
        target.verify_length_and_hashes(data)
    return data


def _code(error: Exception) -> Code:
    if isinstance(error.__cause__, Cut):
        return Code.TAMPERED
    return next(code for kind, code in _CODES if isinstance(error, kind))


@contextmanager
def _judged() -> Iterator[None]:
    """Say errors of python-tuf in our words."""
    try:
        yield
    except (RepositoryError, DownloadError) as error:
        raise Untrusted(_code(error), str(error)) from error


@contextmanager
def _written(folder: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"{folder}: cannot be written: {error.strerror}") from error


def _tidy(folder: str) -> None:
    """Remove what python-tuf was writing when it was killed."""
    with _written(folder):
        os.makedirs(folder, mode=0o700, exist_ok=True)
        for name in os.listdir(folder):
            if name.startswith("tmp"):
                with suppress(OSError):
                    os.unlink(os.path.join(folder, name))


def _sync(folder: str) -> None:
    """Bring to the disk what python-tuf has written: a rollback is told by it."""
    for place_, _, names in os.walk(folder):
        for name in names:
            descriptor = os.open(os.path.join(place_, name), os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        sync_folder(place_)
