"""What the store holds, for people: how much of it, under which rules, since when.

Nothing is made or changed, and a server that remembers at the same time goes on.
"""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from clearward.core.errors import Unavailable
from clearward.stores.verdicts.block import SEAL_BYTES, SLOT, Spoiled
from clearward.stores.verdicts.place import Place
from clearward.stores.verdicts.table import Closed, Locked, ReadOnly, Space, Table

_PATIENCE = 5.0  # seconds to wait for who writes
_MOMENT = 0.05


@dataclass(frozen=True, slots=True)
class Share:
    """What is remembered under the same rules and settings.

    Attributes:
        digest: of rules, settings and program, hexadecimal.
        files: how many are remembered.
        used: when something was remembered last, to the day.
    """

    digest: str
    files: int
    used: datetime


@dataclass(frozen=True, slots=True)
class Inventory:
    """What the store holds.

    Attributes:
        shares: one for each rules and settings, the last used first.
        size: of all its files on disk, bytes.
        oldest: seconds for which the oldest verdict was remembered; None if none is.
    """

    shares: tuple[Share, ...] = ()
    size: int = 0
    oldest: float | None = None

    @property
    def files(self) -> int:
        """How many verdicts are remembered; one for each file and its rules."""
        return sum(share.files for share in self.shares)


def inventory(home: str) -> Inventory:
    """Look at what is remembered.

    Args:
        home: the folder of the store's folder.

    Raises:
        Unavailable: it cannot be read, is damaged, or others are at it all the time.
    """
    place = Place(home)
    try:
        key = place.key()
        size = place.size()
        if key is None or not os.path.exists(key.database):
            return Inventory(size=size)
        return _read(key.database, size)
    except Spoiled as error:
        damaged = "are damaged, and begin anew when something is remembered next"
        raise Unavailable(f"the remembered verdicts {damaged}: {error}") from error
    except (Closed, ReadOnly) as error:
        raise Unavailable(f"the remembered verdicts: {error}") from error
    except OSError as error:
        raise Unavailable(f"the remembered verdicts: {error.strerror}") from error


def _read(path: str, size: int) -> Inventory:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return _counted(path, size)
        except Locked as error:
            if time.monotonic() > end:
                raise Unavailable("the remembered verdicts are in use") from error
        time.sleep(_MOMENT)


def _counted(path: str, size: int) -> Inventory:
    now = int(time.time())
    table = Table(path)
    try:
        spaces = table.spaces()
        counts = table.counted(now, SEAL_BYTES, SLOT.size)
    finally:
        table.close()
    since = [first for _, first in counts.values()]
    return Inventory(
        tuple(_share(space, counts.get(space.number, (0, now))[0]) for space in spaces),
        size,
        max(now - min(since), 0) if since else None,
    )


def _share(space: Space, files: int) -> Share:
    try:
        return Share(space.digest.hex(), files, datetime.fromtimestamp(space.used, UTC))
    except (AttributeError, TypeError, ValueError, OverflowError, OSError) as error:
        raise Spoiled("a space that is none") from error
