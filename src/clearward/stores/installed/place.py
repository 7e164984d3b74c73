"""Where installed rules are in the home, and who may change them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from clearward.core.errors import Unavailable
from clearward.stores.installed.link import NAME, current

IMAGE = "rules.cwr"
PROOF = "rules.tlog-proof"


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of installed rules in a home.

    Attributes:
        home: the folder that holds everything kept; it may not exist.
    """

    home: str

    @property
    def folder(self) -> str:
        """The folder itself."""
        return os.path.join(self.home, NAME)

    @property
    def current(self) -> str:
        """The link to the release in force: it changes when that does."""
        return current(self.home)

    def within(self, *names: str) -> str:
        """Return the path of something in the folder."""
        return os.path.join(self.folder, *names)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other updates out; the lock goes with the process.

        Raises:
            Unavailable: somebody else is at it, or the folder cannot be made.
        """
        try:
            os.makedirs(self.home, mode=0o700, exist_ok=True)
            os.makedirs(self.folder, mode=0o755, exist_ok=True)
            descriptor = os.open(
                self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
            )
        except OSError as error:
            said = f"{self.folder}: cannot be written: {error.strerror}"
            raise Unavailable(said) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise Unavailable(f"{self.folder}: another update is running") from error
        finally:
            os.close(descriptor)
