"""Releases that were begun, kept until they are published.

    .begun-HEX/          HEX begins the SHA-256 of the entry
        entry            for the log
        rules.cwr        the image
        rules.src.tar    its sources

Once a witness may have seen the entry of a release there is no way back: another entry
in its place would be a second history. So everything that belongs to it is kept where
clients do not see it, and whoever publishes next finishes it first.

A folder gets its name when it is whole. One that belongs to another log is left alone.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from clearward.core.errors import Malformed, Refused, Unavailable
from clearward.publishing.repository import make_folder, write_new
from clearward.stores.durable import sync_folder
from clearward.stores.log_folder import LogFolder
from clearward.updates.release import FIRST, Release

IMAGE = "rules.cwr"
SOURCE = "rules.src.tar"
_ENTRY = "entry"
_MAKING = ".making"
_BEGUN = ".begun-"
_SHOWN = 16  # digits of a digest in a name


@dataclass(frozen=True, slots=True)
class Begun:
    """One release.

    Attributes:
        folder: where its files are.
        entry: for the log.
        release: what the entry says.
    """

    folder: str
    entry: bytes
    release: Release

    def path(self, name: str) -> str:
        """Return the path of one of its files."""
        return os.path.join(self.folder, name)


@dataclass(frozen=True, slots=True)
class Bench:
    """Where releases are made.

    Attributes:
        folder: is there; only one process at a time works in it.
    """

    folder: str

    def clear(self) -> str:
        """Return an empty folder to make a release in.

        Raises:
            Unavailable: it cannot be made.
        """
        making = os.path.join(self.folder, _MAKING)
        try:
            with suppress(FileNotFoundError):
                shutil.rmtree(making)
        except OSError as error:
            raise Unavailable(f"{making}: {error.strerror}") from error
        make_folder(making)
        return making

    def begin(self, release: Release) -> Begun:
        """Keep a release whose files are in the folder that `clear` gave.

        Raises:
            Unavailable: it cannot be written.
        """
        making = os.path.join(self.folder, _MAKING)
        entry = release.to_bytes()
        write_new(os.path.join(making, _ENTRY), entry)
        name = _BEGUN + hashlib.sha256(entry).hexdigest()[:_SHOWN]
        place = os.path.join(self.folder, name)
        self._rename(making, place)
        return Begun(place, entry, release)

    def find(self, log: LogFolder) -> Begun | None:
        """Return the release that was begun and not finished, if there is one.

        Raises:
            Refused: the log lacks entries that it had when the release was begun.
        """
        head = log.head()
        last = log.entry(head.size - 1) if head.size else b""
        previous = hashlib.sha256(last).hexdigest() if last else FIRST
        for one in self._all():
            release = one.release
            is_next = release.seq == head.size + 1 and release.previous == previous
            if is_next or (last and one.entry == last):
                return one
        return None

    def forget(self, begun: Begun) -> None:
        """Remove a release that is published."""
        self.clear()
        making = os.path.join(self.folder, _MAKING)
        self._rename(begun.folder, making)
        shutil.rmtree(making, ignore_errors=True)

    def end(self) -> None:
        """Remove what was not begun after all."""
        shutil.rmtree(os.path.join(self.folder, _MAKING), ignore_errors=True)

    def _all(self) -> Iterator[Begun]:
        for name in sorted(os.listdir(self.folder)):
            if not name.startswith(_BEGUN):
                continue
            folder = os.path.join(self.folder, name)
            try:
                with open(os.path.join(folder, _ENTRY), "rb") as file:
                    entry = file.read()
                yield Begun(folder, entry, Release.parse(entry))
            except (OSError, Malformed) as error:
                raise Refused(f"{folder}: no release that was begun") from error

    def _rename(self, old: str, new: str) -> None:
        """Rename a folder; an empty one in the new place goes."""
        try:
            os.rename(old, new)
            sync_folder(self.folder)
        except OSError as error:
            raise Unavailable(f"{new}: {error.strerror}") from error
