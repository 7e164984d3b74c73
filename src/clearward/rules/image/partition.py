"""Which signatures of a partition are found by what.

A stride of 4 looks at a quarter of the places and finds only what has anchors long
enough; the others then run always, or by short keys at every place. What that costs is
estimated in picoseconds a byte, as measured on one machine (`PROBE` and so on); only
the order of the estimates matters.
"""

from dataclasses import dataclass, field
from functools import partial

from clearward.rules.clamav.model import Signature
from clearward.rules.image.anchors import (
    BEST,
    LAST,
    STRIDES,
    USUAL,
    WIDE,
    Anchors,
    AnchorSet,
    Effort,
)
from clearward.rules.image.needs import Needs, placed
from clearward.rules.image.prefilter import encode_prefilter
from clearward.rules.image.shorts import Shorts

PROBE = 1100  # picoseconds for a place that is looked at
ENTRY = 24  # more for each thousand entries, as tables leave the caches
SHORT_PASS = 1600  # for a byte, to look for short keys at every place
RUN = 200  # for a byte, to look for a body in every part
_BETTER = 8  # what an anchor for a smaller stride has to gain to be kept as well

Sets = dict[int, AnchorSet]  # by the largest stride that they are good for


@dataclass(slots=True)
class _Entry:
    index: int
    sets: Sets
    placed: bool = False
    short: AnchorSet | None = None

    def best(self, stride: int) -> AnchorSet | None:
        """Return the anchors to use with a stride."""
        fit = [each for widest, each in self.sets.items() if widest >= stride]
        return max(fit, key=lambda each: each.rank, default=None)


@dataclass(frozen=True, slots=True)
class Laid:
    """A partition as sections.

    Attributes:
        prefilter: how many long entries, and the section; None if there are no entries.
        always: signatures that run always, ascending.
        statistics: for META.
    """

    prefilter: tuple[int, list[bytes]] | None
    always: list[int]
    statistics: dict[str, int]


@dataclass(slots=True)
class Partition:
    """The signatures of one target, while they come.

    Attributes:
        anchors, shorts: to choose with; the first are best shared by no partitions.
    """

    anchors: Anchors
    shorts: Shorts
    _entries: list[_Entry] = field(default_factory=list)

    def add(self, index: int, signature: Signature) -> None:
        """Take a signature, known by its index from now on."""
        needs = Needs(signature)
        entry = _Entry(index, self._sets(needs, USUAL))
        if STRIDES[0] not in entry.sets:
            entry.placed = needs.anchors(placed) is not None
            entry.short = needs.anchors(self.shorts.of_body)
            if entry.sets:
                self._widen(needs, entry.sets)
            elif not entry.placed:
                entry.sets = self._sets(needs, LAST)
        best = entry.best(1)
        if best is not None:
            self.anchors.take(best)
        self._entries.append(entry)

    def _sets(self, needs: Needs, effort: Effort) -> Sets:
        """Return anchors for the largest stride, and better ones for smaller."""
        sets: Sets = {}
        rank = -1
        for stride in STRIDES:
            found = self._find(needs, stride, effort)
            if found is not None and (not sets or found.rank > rank + _BETTER):
                sets[stride] = found
                rank = found.rank
            if rank >= BEST - _BETTER:
                break
        return sets

    def _widen(self, needs: Needs, sets: Sets) -> None:
        """Add anchors for the next larger stride, with more keys to each."""
        stride = 2 * max(sets)
        found = self._find(needs, stride, WIDE)
        if found is not None:
            sets[stride] = found

    def _find(self, needs: Needs, stride: int, effort: Effort) -> AnchorSet | None:
        of_body = partial(self.anchors.of_body, stride=stride, effort=effort)
        return needs.anchors(of_body, partial(self.anchors.at_once, stride=stride))

    def lay(self) -> Laid:
        """Choose the stride and return the sections."""
        stride = min(STRIDES, key=self._cost)
        long, short, always = self._split(stride)
        prefilter = None
        if long or short:
            prefilter = encode_prefilter(
                stride,
                [(entry.index, found.anchors) for entry, found in long],
                [(entry.index, found.anchors) for entry, found in short],
            )
        statistics = {
            "always": len(always),
            "entries": prefilter[0] if prefilter else 0,
            "long": len(long),
            "placed": sum(entry.placed for entry in always),
            "short": len(short),
            "stride": stride,
        }
        return Laid(prefilter, [entry.index for entry in always], statistics)

    def _split(
        self, stride: int
    ) -> tuple[
        list[tuple[_Entry, AnchorSet]], list[tuple[_Entry, AnchorSet]], list[_Entry]
    ]:
        """Return what is found by long and by short keys, and the rest."""
        long: list[tuple[_Entry, AnchorSet]] = []
        short: list[tuple[_Entry, AnchorSet]] = []
        always: list[_Entry] = []
        for entry in self._entries:
            found = entry.best(stride)
            if found is not None:
                long.append((entry, found))
            elif entry.short is not None and not entry.placed:
                short.append((entry, entry.short))
            else:
                always.append(entry)
        if len(short) * RUN < SHORT_PASS:
            always = sorted(
                always + [entry for entry, _ in short], key=lambda entry: entry.index
            )
            short = []
        return long, short, always

    def _cost(self, stride: int) -> int:
        long, short, always = self._split(stride)
        entries = stride * sum(len(found.anchors) for _, found in long)
        places = (PROBE + ENTRY * entries // 1000) // stride
        runs = RUN * sum(not entry.placed for entry in always)
        return places + runs + (SHORT_PASS if short else 0)
