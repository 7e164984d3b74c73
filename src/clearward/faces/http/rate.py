"""How often somebody may ask: a bucket of tokens for each name or address.

A bucket holds `burst` and fills up at `per_second`; a request takes one. The table is
bounded: the bucket that was used longest ago makes room, so that somebody with many
addresses can forget others' past but not fill the memory.
"""

from collections import OrderedDict
from dataclasses import dataclass

MOST_BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """How often.

    Attributes:
        per_second: requests a second in the long run.
        burst: requests at once.

    Raises:
        ValueError: one of them is not above 0.
    """

    per_second: float
    burst: int

    def __post_init__(self) -> None:
        if not self.per_second > 0 or self.burst < 1:
            raise ValueError("a rate that is not above 0")


@dataclass(slots=True)
class _Bucket:
    """What is left at a time, in seconds of any clock that does not go back."""

    left: float
    when: float


class Buckets:
    """The buckets of one rate."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait(self, who: str, now: float) -> float:
        """Seconds until one more is allowed; 0 if it is allowed now. Takes nothing."""
        left = self._filled(who, now).left
        return 0.0 if left >= 1 else (1 - left) / self._rate.per_second

    def take(self, who: str, now: float) -> float:
        """Take one, if it is allowed; return what `wait` does."""
        seconds = self.wait(who, now)
        if not seconds:
            self._buckets[who].left -= 1
        return seconds

    def _filled(self, who: str, now: float) -> _Bucket:
        bucket = self._buckets.pop(who, None)
        if bucket is None:
            bucket = _Bucket(self._rate.burst, now)
        elapsed = max(now - bucket.when, 0.0)
        bucket.left = min(
            bucket.left + elapsed * self._rate.per_second, self._rate.burst
        )
        bucket.when = now
        self._buckets[who] = bucket  # the one used last is at the end
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return bucket
