"""The stream of a file of the old LZMA kind, header and all; see `unpack.lzma`.

Source: LZMA SDK, lzma-specification.txt.
"""

import lzma

from clearward.core.limits import MIB
from clearward.core.reader import Forward
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Decompressor, Narrowed
from clearward.formats.inflate import Frames

SMALLEST = 4096  # bytes of a dictionary
LARGEST = 64 * MIB
MEMORY = 65 * MIB  # the dictionary and what stands around it
REASONS = {"Input format not supported by decoder": Reason.UNSUPPORTED}


def frames(name: str, source: Forward) -> Frames:
    """Return what one stream holds.

    A dictionary is never larger here than the content or 64 MiB, which is exact unless
    the data reach back farther.

    Args:
        name: of the format, for errors.
        source: from the header on.
    """
    return Frames(
        name,
        source,
        _begin,
        once=True,
        errors=(lzma.LZMAError,),
        reason_of=lambda error: REASONS.get(str(error), Reason.CORRUPT),
    )


def _begin(head: bytes) -> Decompressor:
    inner = lzma.LZMADecompressor(lzma.FORMAT_ALONE, MEMORY)
    declared = dictionary(head)
    used = min(declared, max(size(head), SMALLEST))
    most = min(used, LARGEST)
    if most == declared:
        return inner
    errors = (lzma.LZMAError,) if most < used else ()
    narrow = head[:1] + most.to_bytes(4, "little")
    return Narrowed(inner, len(narrow), narrow, errors=errors)


def dictionary(head: bytes) -> int:
    """Return the size of the dictionary that a header declares, in bytes."""
    return int.from_bytes(head[1:5], "little")


def size(head: bytes) -> int:
    """Return the bytes of content that a header declares."""
    return int.from_bytes(head[5:13], "little")
