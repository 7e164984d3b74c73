"""Hand on the data of installers and of scripts that a program carries.

Where they are is said by `installers/places`. What is handed on, from its first byte
on, is identified as any other part is; what has no reader is unsupported. What has no
magic in front is opened here.
"""

from collections.abc import Callable, Iterator

from clearward.core.part import Gap, Item
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.embedded.search import MOST_HITS, cut
from clearward.formats.embedded.signs import Hit
from clearward.formats.installers import places, pyinstaller, setup_list

NAME = "installer"
FRONT = 4096

# Bytes before the magic of those that have a reader.
BEFORE = {
    places.AUTOIT: 0,
    places.INSTALLSHIELD: 0,
    places.NSIS: 4,
    places.SETUP_STREAM: 0,
}


def _setup_list(program: Reader, start: int) -> Iterator[Item]:
    return setup_list.unpack(program.slice(start, program.size - start))


# Those that no magic in front tells, given the program and the place.
OPENED: dict[str, Callable[[Reader, int], Iterator[Item]]] = {
    places.PYINSTALLER: pyinstaller.unpack,
    places.SETUP_LIST: _setup_list,
}


def unpack(program: Reader) -> Iterator[Item]:
    """Yield what each installer left in the program, in the order of their places.

    Raises:
        Malformed: what is opened here is damaged.
    """
    found = set(places.carried(program.at(0, FRONT), program))
    here = sorted((each.start, each.kind) for each in found if each.kind in OPENED)
    if places.SETUP_LIST in {kind for _, kind in here}:
        # Its cabinets are a set and opened together.
        found = {each for each in found if each.kind != places.INSTALLSHIELD}
    known = sorted(
        each.start - BEFORE[each.kind]
        for each in found
        if each.kind in BEFORE and each.start >= BEFORE[each.kind]
    )
    if len(known) > MOST_HITS or places.FLOOD in {each.kind for each in found}:
        yield Gap(Reason.PARTS_LIMIT)
    if {each.kind for each in found} - BEFORE.keys() - OPENED.keys() - {places.FLOOD}:
        yield Gap(Reason.UNSUPPORTED)
    yield from cut(program, [Hit(place) for place in known[:MOST_HITS]])
    for start, kind in here:
        yield from OPENED[kind](program, start)
