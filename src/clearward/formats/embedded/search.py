"""Search a part for what begins in the middle of it, and cut that out.

The search is linear: a part is read once for each sign, and whatever is there more than
`MOST_HITS` times, or only looks like it `MOST_TRIES` times, is not searched to the end;
that is said as `parts-limit`.

What is found reaches to the end of the part: most formats do not say where they end,
and what stands behind may belong to them. A part that is full of them would be read as
often as there are any, so once more than `MOST_AGAIN` times the part was handed out, a
hit ends where its header says, or where the next one begins.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.embedded.signs import Hit, Sign

MOST_HITS = 64
MOST_TRIES = 16 * 1024  # places of one sign
MOST_AGAIN = 4
STRETCH = 1 * MIB
LONGEST = 32  # bytes that a pattern matches, at most


def hits(reader: Reader, sign: Sign, first: int = 1) -> Iterator[Hit | None]:
    """Yield what there is of one sign, from front to back.

    None is the last thing yielded if there was too much to look at.

    Args:
        reader: the part.
        sign: what is searched for.
        first: hits before this offset are the part itself.
    """
    for tries, place in enumerate(_places(reader, sign)):
        if tries == MOST_TRIES:
            yield None
            return
        hit = sign.look(reader, place)
        if hit is not None and hit.start >= first:
            yield hit


def _places(reader: Reader, sign: Sign) -> Iterator[int]:
    data = reader.held
    if data is not None:
        if data.rfind(sign.mark) >= 0:  # faster than any other search
            for match in sign.pattern.finditer(data):
                yield match.start()
        return
    base = 0
    while data := reader.at(base, STRETCH + LONGEST):
        if data.rfind(sign.mark) >= 0:
            for match in sign.pattern.finditer(data):
                if match.start() < STRETCH:
                    yield base + match.start()
        base += STRETCH


def holds(reader: Reader, signs: Sequence[Sign], first: int = 1) -> bool:
    """Say whether there is anything of these signs, or too much to look at."""
    return any(True for sign in signs for _ in hits(reader, sign, first))


def parts(reader: Reader, signs: Sequence[Sign], first: int = 1) -> Iterator[Item]:
    """Yield what there is of these signs, in the order of their places."""
    found: list[Hit] = []
    for sign in signs:
        for hit in islice(hits(reader, sign, first), MOST_HITS + 1):
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
