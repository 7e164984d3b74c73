"""Hand on what a Windows program carries that no section speaks of.

    overlay                     what is behind the last section, up to the signature,
                                and what is behind that
    signature padding           what is behind a signature in its block
    signature attribute 1.2.3   what is in its attributes, which are not signed
    signature unknown           an entry of the block that is no signature

An overlay of more than `MOST`, or that begins as an archive does, is not handed on:
`embedded`, `selfextracting` and `installer` open what is in those from where it begins.

Source: Microsoft, "PE Format"; RFC 5652.
"""

from collections.abc import Iterator

from clearward.core.errors import Malformed
from clearward.core.limits import MIB
from clearward.core.part import Item, Part
from clearward.core.reader import Reader
from clearward.formats.programs import pe, signed

NAME = "overlay"
MAGICS = (b"MZ",)
SMALLEST = 16  # bytes
MOST = 1 * MIB
OPENED = (
    *(b"MZ", b"PK", b"Rar!", b"7z\xbc\xaf", b"MSCF", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"),
    *(b"\x28\xb5\x2f\xfd", b"hsqs", b"zlb\x1a", b"idska32", b"ISSetupStream", b"ISc("),
    *(b"%PDF", b"\xd0\xcf\x11\xe0", b"\xa3\x48\x4b\xbe", b"InstallShield", b"KAY\x28"),
)
NSIS, NSIS_PLACE = b"\xef\xbe\xad\xdeNullsoftInst", 4
COOKIE = b"MEI\014\013\012\013\016"  # of PyInstaller, near the end


def recognises(head: bytes, reader: Reader) -> bool:
    """Say whether a Windows program has anything of that."""
    return head.startswith(MAGICS) and next(_found(reader), None) is not None


def unpack(program: Reader) -> Iterator[Item]:
    """Yield each of them."""
    for each in _found(program):
        content = program.slice(each.start, each.size)
        yield Part(content, each.name, each.size, searched=True)


def _found(reader: Reader) -> Iterator[signed.Hidden]:
    try:
        program = pe.read(reader)
    except Malformed:
        return
    start = max((each.start + each.size for each in program.sections), default=0)
    block, size = signed.table(program)
    edges = (start, block, block + size) if block and block >= start else (start,)
    for first, end in zip(edges[::2], (*edges[1::2], reader.size), strict=False):
        overlay = signed.Hidden(b"overlay", first, end - first)
        if 0 < overlay.size <= MOST and not _is_opened(reader, overlay):
            yield from _worth(reader, overlay)
    for each in signed.hidden(program, reader):
        yield from _worth(reader, each)


def _worth(reader: Reader, each: signed.Hidden) -> Iterator[signed.Hidden]:
    """Yield it if it is more than one byte over and over."""
    front = reader.at(each.start, min(each.size, MOST))
    if len(front.strip(front[:1])) >= SMALLEST:
        yield each


def _is_opened(reader: Reader, overlay: signed.Hidden) -> bool:
    data = reader.at(overlay.start, overlay.size)
    if data.startswith(OPENED) or data.startswith(NSIS, NSIS_PLACE):
        return True
    return COOKIE in data
