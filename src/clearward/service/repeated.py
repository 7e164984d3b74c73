"""Small objects that were clean a while ago: the same bytes are not looked at twice.

Mail brings the same logo, and a proxy the same script, a thousand times. What is kept
belongs to one tenant and to the rules in force; a worker that somebody's object has
taken over could say of his own objects alone that they are clean. Bytes are known by
their SHA-256, and only if nobody could change them while a worker looked at them.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from clearward.stores.verdicts.period import Period

MOST = 16_384  # objects, about 4 MB


class _Kept(NamedTuple):
    parts: int
    expires: float


class Repeated:
    """Digests of clean objects.

    Args:
        period: after which they are looked at again.
        most: objects; beyond that the one that was asked for longest ago is forgotten.
        clock: seconds, monotonic.
    """

    def __init__(
        self,
        period: Period,
        most: int = MOST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._period = period
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[tuple[str, bytes], _Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, tenant: str, digest: bytes, parts: int) -> None:
        """Note that an object was clean.

        Args:
            tenant: whose it was.
            digest: SHA-256.
            parts: that were looked at in it.
        """
        expires = self._clock() + self._period.choose()
        self._kept[tenant, digest] = _Kept(parts, expires)
        self._kept.move_to_end((tenant, digest))
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def recall(self, tenant: str, digest: bytes) -> int | None:
        """How many parts a clean object had; None if it has to be looked at."""
        place = tenant, digest
        kept = self._kept.get(place)
        if kept is None:
            return None
        if kept.expires <= self._clock():
            del self._kept[place]
            return None
        self._kept.move_to_end(place)
        return kept.parts
