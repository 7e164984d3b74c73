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
from clearward.formats.installers import inno, places, pyinstaller, setup_list

NAME = "installer"
FRONT = 4096

# Bytes before the magic of those that have a reader.
BEFORE = {
    places.AUTOIT: 0,
    places.INNO_SLICE: 0,
    places.INSTALLSHIELD: 0,
    places.NSIS: 4,
    places.SETUP_STREAM: 0,
}


def _setup_list(program: Reader, start: int) -> Iterator[Item]:
    return setup_list.unpack(program.slice(start, program.size - start))


# Those that no magic in front tells, given the program and the place.
OPENED: dict[str, Callable[[Reader, int], Iterator[Item]]] = {
    places.INNO: inno.unpack_program,
    places.INNO_HEADER: inno.unpack_without_table,
    places.PYINSTALLER: pyinstaller.unpack,
    places.SETUP_LIST: _setup_list,
}

# What belongs to something else that is opened, and is not opened again.
PARTS_OF = {
    places.INNO: places.INNO_HEADER,
    places.SETUP_LIST: places.INSTALLSHIELD,
}


def unpack(program: Reader) -> Iterator[Item]:
    """Yield what each installer left in the program, in the order of their places.

    Raises:
        Malformed: what is opened here is damaged.
    """
    found = set(places.carried(program.at(0, FRONT), program))
    kinds = {each.kind for each in found}
    covered = {PARTS_OF[kind] for kind in kinds if kind in PARTS_OF}
    found = {each for each in found if each.kind not in covered}
    here = sorted((each.start, each.kind) for each in found if each.kind in OPENED)
    known = sorted(
        each.start - BEFORE[each.kind]
        for each in found
        if each.kind in BEFORE and each.start >= BEFORE[each.kind]
    )
    if max(len(known), len(here)) > MOST_HITS or places.FLOOD in kinds:
        yield Gap(Reason.PARTS_LIMIT)
    if kinds - BEFORE.keys() - OPENED.keys() - {places.FLOOD}:
        yield Gap(Reason.UNSUPPORTED)
    yield from cut(program, [Hit(place) for place in known[:MOST_HITS]])
    for start, kind in here[:MOST_HITS]:
        yield from OPENED[kind](program, start)
