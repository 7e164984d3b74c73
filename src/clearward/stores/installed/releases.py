"""The releases that are kept, and which of them is in force.

A release is written under a name that nobody else takes, brought to the disk, and put
in force by one rename of the link `current`. Whenever it is killed, the link leads to
the old release or to the new one, and either is whole. The one before stays, for
whoever wants to go back to it.
"""

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from clearward.core.errors import Refused, Unavailable
from clearward.stores.durable import sync_folder, write_all
from clearward.stores.installed.place import IMAGE, PROOF, Place
from clearward.stores.new_file import new_file
from clearward.updates.pieces import MOST as MOST_PIECES
from clearward.updates.pieces import NAME as PIECES
from clearward.updates.proof import Proof
from clearward.updates.release import Release

_FOLDER = "releases"
_HELD = "held"
_NAME = re.compile(r"([1-9][0-9]{0,15})\.[0-9a-f]{16}")
_RANDOM = 8  # bytes
_INCOMING = ".incoming-"
_LINK = ".current-"
_MOST_PROOF = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """One release on the disk; nothing of it is checked.

    Attributes:
        path: of its folder.
    """

    path: str

    @property
    def seq(self) -> int:
        """Its number, by its name."""
        return int(os.path.basename(self.path).partition(".")[0])

    @property
    def image(self) -> str:
        """Path of the compiled rules."""
        return os.path.join(self.path, IMAGE)

    def proof(self) -> Proof:
        """Return the proof beside them.

        Raises:
            Malformed: it is none.
            OSError: it cannot be read.
        """
        with open(os.path.join(self.path, PROOF), "rb") as file:
            return Proof.parse(file.read(_MOST_PROOF))

    def pieces(self) -> bytes:
        """Return the list of the pieces of its image.

        Raises:
            OSError: there is none, or it cannot be read.
        """
        with open(os.path.join(self.path, PIECES), "rb") as file:
            return file.read(MOST_PIECES)

    def release(self) -> Release:
        """Return what the proof says it is about.

        Raises:
            Malformed: it says nothing.
            OSError: it cannot be read.
        """
        return Release.parse(self.proof().extra or b"")


class Releases:
    """All that are kept. Who changes something has the place for himself.

    Args:
        place: where they are.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._folder = place.within(_FOLDER)

    def current(self) -> Kept | None:
        """Return the release in force; None if none ever was.

        Raises:
            Refused: the link leads somewhere else.
        """
        try:
            leads = os.readlink(self._place.current)
        except (FileNotFoundError, NotADirectoryError):  # whoever writes there says so
            return None
        except OSError as error:
            raise Refused(f"{self._place.current}: {error.strerror}") from error
        folder, _, name = leads.rpartition("/")
        if folder != _FOLDER or not _NAME.fullmatch(name):
            raise Refused(f"{self._place.current}: leads to no release")
        return Kept(os.path.join(self._folder, name))

    def before(self, kept: Kept) -> Kept | None:
        """Return the newest release that is older than another; None if none is."""
        older = [one for one in self._all() if one.seq < kept.seq]
        return max(older, key=lambda one: one.seq, default=None)

    def held(self) -> int:
        """Return the number of the release that the user went back from, or 0.

        Raises:
            Refused: it is damaged.
        """
        path = self._place.within(_HELD)
        try:
            with open(path, encoding="ascii") as file:
                return int(file.read(32))
        except FileNotFoundError:
            return 0
        except (OSError, ValueError) as error:
            raise Refused(f"{path}: damaged; remove it") from error

    def hold(self, seq: int) -> None:
        """Remember a number that the user went back from.

        Raises:
            Unavailable: it cannot be written.
        """
        with new_file(self._place.within(_HELD)) as descriptor:
            write_all(descriptor, b"%d\n" % seq)

    @contextmanager
    def incoming(self) -> Iterator[str]:
        """Give a new folder for a release; it goes if the block does not end well.

        Raises:
            Unavailable: there is no room, or no right, to make it.
        """
        self._tidy()
        path = os.path.join(self._folder, _INCOMING + secrets.token_hex(_RANDOM))
        with self._told():
            os.makedirs(path, mode=0o755)
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def put(self, incoming: str, seq: int) -> Kept:
        """Give the folder of a whole release, on the disk, its name; return it.

        Raises:
            Unavailable: it cannot be written.
        """
        name = f"{seq}.{secrets.token_hex(_RANDOM)}"
        kept = Kept(os.path.join(self._folder, name))
        with self._told():
            sync_folder(incoming)
            os.rename(incoming, kept.path)
            sync_folder(self._folder)
        return kept

    def switch(self, kept: Kept) -> None:
        """Put a release in force: one rename, on the disk when this returns.

        Raises:
            Unavailable: it cannot be done; the old one is in force.
        """
        link = self._place.within(_LINK + secrets.token_hex(_RANDOM))
        with self._told():
            os.symlink(f"{_FOLDER}/{os.path.basename(kept.path)}", link)
            try:
                os.rename(link, self._place.current)
            except BaseException:
                os.unlink(link)
                raise
            sync_folder(self._place.folder)

    def forget_all_but(self, *wanted: Kept | None) -> None:
        """Remove the other releases; what cannot be removed stays."""
        for kept in self._all():
            if kept not in wanted:
                shutil.rmtree(kept.path, ignore_errors=True)

    def _all(self) -> list[Kept]:
        try:
            names = os.listdir(self._folder)
        except FileNotFoundError:
            return []
        found = filter(_NAME.fullmatch, names)
        return [Kept(os.path.join(self._folder, name)) for name in found]

    def _tidy(self) -> None:
        """Remove what was being written when somebody was killed."""
        with suppress(FileNotFoundError):
            for name in os.listdir(self._folder):
                if name.startswith(_INCOMING):
                    shutil.rmtree(os.path.join(self._folder, name), ignore_errors=True)
        for name in os.listdir(self._place.folder):
            if name.startswith(_LINK):
                with suppress(OSError):
                    os.unlink(self._place.within(name))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            said = f"{self._place.folder}: cannot be written: {error.strerror}"
            raise Unavailable(said) from error
