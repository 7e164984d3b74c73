"""Find what programs and scripts carry that cannot be opened: data of installers.

Overlay and resources of a program are searched for magics with enough structure behind
them to be sure. Archives there are found by `unpack/embedded` and
`unpack/selfextracting`. A packed program (UPX) is no container.

Source: the formats' own magics.
"""

from collections.abc import Callable

from clearward.core.reader import Reader
from clearward.formats.embedded.overlay import SEARCHED, spans
from clearward.formats.embedded.streams import behind_program, behind_script

ENDING = 64 * 1024  # bytes at the end of a part where its last structure is searched

INSTALLSHIELD_COUNT = slice(16, 18)  # upper half of the number of files, 32 bits


def _is_installshield(data: bytes, place: int) -> bool:
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


CARRIED: tuple[tuple[bytes, Callable[[bytes, int], bool]], ...] = (
    (b"\xef\xbe\xad\xdeNullsoftInst", _is_sure),  # NSIS
    (b"Inno Setup Setup Data (", _is_sure),
    (b"idska32\x1a", _is_sure),  # Inno Setup, data
    (b"ISSetupStream\0", _is_sure),  # InstallShield
    (b"InstallShield\0", _is_installshield),
    (b"ISc(", _is_installshield_cabinet),
    (b"\xa3\x48\x4b\xbe\x98\x6c\x4a\xa9\x99\x4c\x53\x0a\x86\xd6\x48\x7d", _is_sure),
)  # the last one: AutoIt script
MOST_TRIES = 1024  # of one magic; a program with more is said to carry something
PYINSTALLER = b"MEI\x0c\x0b\x0a\x0b\x0e"


def _carries(data: bytes) -> bool:
    for magic, is_there in CARRIED:
        tries = 0
        place = data.find(magic)
        while place >= 0:
            tries += 1
            if tries > MOST_TRIES or is_there(data, place):
                return True
            place = data.find(magic, place + 1)
    return False


def installer(head: bytes, reader: Reader) -> bool:
    """Say whether a program carries the data of an installer."""
    if any(_carries(reader.at(span.start, span.size)) for span in spans(head, reader)):
        return True
    return PYINSTALLER in reader.at(max(reader.size - ENDING, 0), ENDING)


APPIMAGE = (b"AI\x01", b"AI\x02")
APPIMAGE_PLACE = 8


def appimage(head: bytes, reader: Reader) -> bool:
    """Say whether an ELF program is an AppImage without a known file system behind it.

    "AI" and its type stand at 8. Type 1 is an ISO image as a whole, known as such.
    """
    if not head.startswith(APPIMAGE, APPIMAGE_PLACE):
        return False
    return not any(True for _ in behind_program(head, reader))


BEHIND_SCRIPT = (b"\nSalted__",)
BEHIND_AS_TEXT = (b"\nH4sI", b"\n/Td6WFo", b"\nQlpo")  # gzip, xz, bzip2 as base64

MAKESELF = b"generated using Makeself"
MAKESELF_WITHIN = 256


def shell_archive(head: bytes, reader: Reader) -> bool:
    """Say whether a script has a compressed archive behind one of its lines."""
    front = head if len(head) >= reader.size else reader.at(0, SEARCHED)
    if any(True for _ in behind_script(front)):
        return False
    if MAKESELF in front[:MAKESELF_WITHIN]:
        return True
    magics = BEHIND_AS_TEXT if front.isascii() else BEHIND_SCRIPT
    return any(front.rfind(magic) >= 0 for magic in magics)


CHECKS: dict[str, Callable[[bytes, Reader], bool]] = {
    "installer": installer,
    "appimage": appimage,
    "shell-archive": shell_archive,
}
