"""Find the data of installers in a program: what is there, and where.

Overlay and resources of a program are searched for magics with enough structure behind
them to be sure. Archives there are found by `unpack/embedded` and
`unpack/selfextracting`.

Source: the formats' own magics.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from clearward.core.reader import Reader
from clearward.formats.embedded.overlay import spans
from clearward.formats.installers import setup_front

ENDING = 64 * 1024  # bytes at the end of a part where its last structure is searched

INSTALLSHIELD_COUNT = slice(16, 18)  # upper half of the number of files, 32 bits


def is_installshield(data: bytes, place: int) -> bool:
    """Say whether a list of fewer than 65,536 files follows."""
    return (
        data[place : place + INSTALLSHIELD_COUNT.stop][INSTALLSHIELD_COUNT] == b"\0\0"
    )


INSTALLSHIELD_CABINET = slice(8, 16)  # behind the magic and a version: 0, then 512


def _is_installshield_cabinet(data: bytes, place: int) -> bool:
    """Say whether the description of the cabinet is where it always is."""
    fields = data[place : place + INSTALLSHIELD_CABINET.stop]
    return fields[INSTALLSHIELD_CABINET] == b"\0\0\0\0\0\x02\0\0"


def _is_sure(data: bytes, place: int) -> bool:  # noqa: ARG001 - the magic was enough
    """Say that a long magic is enough."""
    return True


@dataclass(frozen=True, slots=True)
class Sign:
    """What the data of an installer is known by.

    Attributes:
        kind: the installer.
        magic: bytes that are searched for.
        is_there: says whether it is so, given the bytes and where the magic stands.
    """

    kind: str
    magic: bytes
    is_there: Callable[[bytes, int], bool] = _is_sure


@dataclass(frozen=True, slots=True)
class Carried:
    """Data of an installer in a program.

    Attributes:
        kind: the installer.
        start: where its magic stands, in bytes from the start of the part.
    """

    kind: str
    start: int


NSIS, INNO, AUTOIT, PYINSTALLER = "nsis", "inno", "autoit", "pyinstaller"
SETUP_STREAM = "setup-stream"
INNO_HEADER, INNO_SLICE = "inno-header", "inno-slice"
INSTALLSHIELD, SETUP_LIST = "installshield", "setup-list"
FLOOD = "flood"  # too much that only looks like it

SIGNS = (
    Sign(NSIS, b"\xef\xbe\xad\xdeNullsoftInst"),
    Sign(INNO, b"rDlPtS\xcd\xe6\xd7\x7b\x0b\x2a"),
    Sign(INNO, b"nS5W7dT\x83\xaa\x1b\x0f\x6a"),
    Sign(INNO_HEADER, b"Inno Setup Setup Data ("),
    Sign(INNO_SLICE, b"idska32\x1a"),
    Sign(SETUP_STREAM, b"ISSetupStream\0"),
    Sign(SETUP_STREAM, b"InstallShield\0", is_installshield),
    Sign(INSTALLSHIELD, b"ISc(", _is_installshield_cabinet),
    Sign(AUTOIT, b"\xa3\x48\x4b\xbe\x98\x6c\x4a\xa9\x99\x4c\x53\x0a\x86\xd6\x48\x7d"),
)
MOST_TRIES = 1024  # of one magic; a program with more is said to carry something
PYINSTALLER_MAGIC = b"MEI\x0c\x0b\x0a\x0b\x0e"


def carried(head: bytes, reader: Reader) -> Iterator[Carried]:
    """Yield what a program carries; the same place may come twice.

    Args:
        head: the front of the part, as `identify` gets it.
        reader: the whole part.
    """
    for span in spans(head, reader):
        data = reader.at(span.start, span.size)
        if setup_front.entry(data[: setup_front.LONGEST]):
            yield Carried(SETUP_LIST, span.start)
        for sign in SIGNS:
            yield from _all(data, sign, span.start)
    ending = max(reader.size - ENDING, 0)
    place = reader.at(ending, ENDING).rfind(PYINSTALLER_MAGIC)
    if place >= 0:
        yield Carried(PYINSTALLER, ending + place)


def _all(data: bytes, sign: Sign, start: int) -> Iterator[Carried]:
    place = data.find(sign.magic)
    for _ in range(MOST_TRIES):
        if place < 0:
            return
        if sign.is_there(data, place):
            yield Carried(sign.kind, start + place)
        place = data.find(sign.magic, place + 1)
    yield Carried(FLOOD, start)
