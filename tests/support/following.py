"""Show a part to signatures in windows."""

from collections.abc import Iterator, Sequence

from clearward.core.facts import Facts
from clearward.native.layout import State
from clearward.native.reference import Matcher


def windows(size: int, ends: Sequence[int], margin: int) -> Iterator[tuple[int, int]]:
    """Yield where windows begin and end, given where all but the last end."""
    base = 0
    for end in ends:
        if base < end < size:
            yield base, end
            base = max(end - margin, 0)
    yield base, size


def follow(
    matcher: Matcher,
    data: bytes,
    facts: Facts,
    indices: Sequence[int],
    ends: Sequence[int],
) -> dict[int, State]:
    """Return what each of some signatures says if windows end at some places."""
    found: dict[int, State] = {}
    left = list(indices)
    while left:
        follower = matcher.follow(left, facts)
        for base, end in windows(len(data), ends, follower.margin):
            told = follower.feed(data[base:end], base, last=end == len(data))
            found.update(told)
        assert follower.left == 0
        del left[: follower.taken]
    return found
