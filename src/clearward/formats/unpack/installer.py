"""Hand on the data of installers and of scripts that a program carries.

Where they are is said by `installers/places`. What is handed on, from its first byte
on, is identified as any other part is; what has no reader is unsupported. A list of
files of InstallShield has no magic and is opened here.
"""

from collections.abc import Iterator

from clearward.core.part import Gap, Item
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.embedded.search import MOST_HITS, cut
from clearward.formats.embedded.signs import Hit
from clearward.formats.installers import places, setup_list

NAME = "installer"
FRONT = 4096
OF_A_LIST = (places.INSTALLSHIELD, places.SETUP_LIST)

# Bytes before the magic of those that have a reader.
BEFORE = {
    places.AUTOIT: 0,
    places.INSTALLSHIELD: 0,
    places.NSIS: 4,
    places.SETUP_STREAM: 0,
}


def unpack(program: Reader) -> Iterator[Item]:
    """Yield what each installer left in the program, in the order of their places.

    Raises:
        Malformed: a list of files behind the program is damaged.
    """
    found = set(places.carried(program.at(0, FRONT), program))
    lists = [each.start for each in found if each.kind == places.SETUP_LIST]
    if lists:  # its cabinets are a set and opened together
        found = {each for each in found if each.kind not in OF_A_LIST}
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
    for start in sorted(lists):
        yield from setup_list.unpack(program.slice(start, program.size - start))
