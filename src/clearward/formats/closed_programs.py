"""Say whether programs and scripts carry what has to be opened or named.

Data of installers are found by `installers/places`, archives behind a program by
`unpack/embedded` and `unpack/selfextracting`. Programs that unpack themselves are known
in `programs/packed`, those of Unix that UPX packed in `programs/upx`.
"""

from collections.abc import Callable

from clearward.core.reader import Reader
from clearward.formats.embedded.overlay import SEARCHED
from clearward.formats.embedded.streams import behind_program, behind_script
from clearward.formats.installers.places import carried, is_installshield
from clearward.formats.programs import elf_compressed, macho_locked, upx
from clearward.formats.programs.packed import looks_packed

SETUP_STREAM = b"ISSetupStream"


def installer(head: bytes, reader: Reader) -> bool:
    """Say whether a program carries the data of an installer."""
    return any(True for _ in carried(head, reader))


def setup_stream(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a list of files of InstallShield follows its magic."""
    return head.startswith(SETUP_STREAM) or is_installshield(head, 0)


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
    "setup-stream": setup_stream,
    "appimage": appimage,
    "elf-compressed": elf_compressed.is_compressed,
    "macho-encrypted": macho_locked.is_encrypted,
    "packed": looks_packed,
    "upx": upx.looks_packed,
    "shell-archive": shell_archive,
}
