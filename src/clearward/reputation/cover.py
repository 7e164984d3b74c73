"""Which buckets are fetched: those that are needed, hidden among others.

The others are the same whenever a bucket is needed again. Were they new ones each time,
whoever sees several requests would know what they have in common. So they follow from a
secret of this machine, and requests are in order of the prefixes, which says nothing.
"""

import hashlib
import hmac
from collections.abc import Iterable

from clearward.core.errors import Refused
from clearward.reputation.records import PREFIXES

SECRET_BYTES = 32
MOST = 64  # others for each
_WORD = 4  # bytes, of which 4,096 prefixes take equal shares


def others(secret: bytes, prefix: int, count: int) -> list[int]:
    """Return other prefixes to fetch with one.

    Args:
        secret: 32 random bytes that nobody else has.
        prefix: the one that is needed.
        count: how many, at most `MOST`.

    Raises:
        Refused: that is more.
    """
    if not 0 <= count <= MOST:
        raise Refused(f"at most {MOST} other buckets for each")
    found: list[int] = []
    number = 0
    while len(found) < count:
        said = b"clearward cover\0%d %d" % (prefix, number)
        drawn = hmac.digest(secret, said, hashlib.sha256)
        one = int.from_bytes(drawn[:_WORD], "little") % PREFIXES
        if one != prefix and one not in found:
            found.append(one)
        number += 1
    return found


def covered(secret: bytes, needed: Iterable[int], count: int) -> list[int]:
    """Return all prefixes to fetch, in order, each once.

    Args:
        secret: as for `others`.
        needed: prefixes.
        count: others for each of them.
    """
    wanted = set(needed)
    return sorted(wanted.union(*(others(secret, one, count) for one in wanted)))
