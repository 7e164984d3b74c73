"""Search a part for what begins in the middle of it, and cut that out.

The search is linear: a part is passed over once for all signs, and whatever is there
more than `MOST_HITS` times, or only looks like it `MOST_TRIES` times, is not searched
to the end; that is said as `parts-limit`.

What is found reaches to the end of the part: most formats do not say where they end,
and what stands behind may belong to them. A part that is full of them would be read as
often as there are any, so once more than `MOST_AGAIN` times the part was handed out, a
hit ends where its header says, or where the next one begins.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.embedded.signs import Hit, Sign
from clearward.native.finder import LONGEST, finder

MOST_HITS = 64
MOST_TRIES = 16 * 1024  # places of one sign
MOST_AGAIN = 4
STRETCH = 1 * MIB


class Search:
    """A search for some signs.

    Args:
        signs: what is searched for.

    Attributes:
        marks: each part in which there is anything holds one of these.
    """

    def __init__(self, *signs: Sign) -> None:
        marked = [(mark, sign) for sign in signs for mark in sign.marks]
        self.marks = tuple(mark for mark, _ in marked)
        self._signs = tuple(sign for _, sign in marked)  # by the number of a mark
        self._finder = finder(self.marks)

    def hits(self, reader: Reader, first: int = 1) -> Iterator[Hit | None]:
        """Yield what there is, from front to back, and None for what is too much.

        A sign of which there was too much, and one of which there were more than
        `MOST_HITS`, is searched for no further.

        Args:
            reader: the part.
            first: hits before this offset are the part itself.
        """
        tries: Counter[Sign] = Counter()
        found: Counter[Sign] = Counter()
        for place, mark in self._places(reader):
            sign = self._signs[mark]
            if tries[sign] > MOST_TRIES or found[sign] > MOST_HITS:
                continue
            tries[sign] += 1
            if tries[sign] > MOST_TRIES:
                yield None
                continue
            hit = sign.look(reader, place)
            if hit is not None and hit.start >= first:
                found[sign] += 1
                yield hit

    def _places(self, reader: Reader) -> Iterator[tuple[int, int]]:
        """Yield places and numbers of marks, in ascending order."""
        most = MOST_TRIES + 1
        data = reader.held
        if data is not None:
            yield from self._finder.places(data, most)
            return
        base = 0
        while data := reader.at(base, STRETCH + LONGEST - 1):
            for place, mark in self._finder.places(data, most):
                if place < STRETCH:
                    yield base + place, mark
            base += STRETCH

    def holds(self, reader: Reader, first: int = 1) -> bool:
        """Say whether there is anything of these signs, or too much to look at."""
        return any(True for _ in self.hits(reader, first))

    def parts(self, reader: Reader, first: int = 1) -> Iterator[Item]:
        """Yield what there is of these signs, in the order of their places."""
        found: list[Hit] = []
        for hit in self.hits(reader, first):
            if hit is None:
                yield Gap(Reason.PARTS_LIMIT)
            else:
                found.append(hit)
        found.sort(key=lambda hit: hit.start)
        if len(found) > MOST_HITS:
            yield Gap(Reason.PARTS_LIMIT)
            del found[MOST_HITS:]
        yield from cut(reader, found)


def cut(reader: Reader, found: Sequence[Hit]) -> Iterator[Part]:
    """Yield hits as parts, each named by its offset.

    Args:
        reader: the part that they are in.
        found: the hits, in the order of their places.
    """
    given = 0
    for number, hit in enumerate(found):
        end = reader.size
        if given > MOST_AGAIN * reader.size:
            following = found[number + 1].start if number + 1 < len(found) else end
            end = min(max(hit.end or following, hit.start + 1), end)
        given += end - hit.start
        size = end - hit.start
        name = b"offset %d" % hit.start
        yield Part(reader.slice(hit.start, size), name, size, searched=True)
