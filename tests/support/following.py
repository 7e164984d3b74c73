"""Show a part to signatures in windows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from clearward.core.facts import Facts
from clearward.native.layout import NOWHERE, State
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
    *,
    sized: bool = True,
) -> dict[int, State]:
    """Return what each of some signatures says if windows end at some places.

    The size of the part is known from the start, or not before its end.
    """
    found: dict[int, State] = {}
    left = list(indices)
    while left:
        told_size = facts.size if sized else NOWHERE
        follower = matcher.follow(left, replace(facts, size=told_size))
        for base, end in windows(len(data), ends, follower.margin):
            told = follower.feed(data[base:end], base, last=end == len(data))
            found.update(told)
        assert follower.left == 0
        del left[: follower.taken]
    return found
