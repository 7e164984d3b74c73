"""Hand on the data of installers and of scripts that a program carries.

Where they are is said by `installers/places`. What is handed on, from its first byte
on, is identified as any other part is; what has no reader is unsupported.
"""

from collections.abc import Iterator

from clearward.core.part import Gap, Item
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.embedded.search import MOST_HITS, cut
from clearward.formats.embedded.signs import Hit
from clearward.formats.installers import places

NAME = "installer"
FRONT = 4096

# Bytes before the magic of those that have a reader.
BEFORE = {places.AUTOIT: 0, places.NSIS: 4}


def unpack(program: Reader) -> Iterator[Item]:
    """Yield what each installer left in the program, in the order of their places."""
    found = set(places.carried(program.at(0, FRONT), program))
    known = sorted(
        each.start - BEFORE[each.kind]
        for each in found
        if each.kind in BEFORE and each.start >= BEFORE[each.kind]
    )
    if len(known) > MOST_HITS or places.FLOOD in {each.kind for each in found}:
        yield Gap(Reason.PARTS_LIMIT)
    if {each.kind for each in found} - BEFORE.keys() - {places.FLOOD}:
        yield Gap(Reason.UNSUPPORTED)
    yield from cut(program, [Hit(place) for place in known[:MOST_HITS]])
