"""Choose the decompressor of a member: by its method, and for some by more."""

from collections.abc import Iterator
from functools import partial

from clearward.core.reader import Reader
from clearward.formats.decompressor import Decompressor
from clearward.formats.lz import dcl
from clearward.formats.zip import ppmd
from clearward.formats.zip.methods import METHODS, Method
from clearward.formats.zip.old import implode, reduce, shrink
from clearward.formats.zip.old.buffered import Buffered, Expand

SHRINK = 1
REDUCE = (2, 3, 4, 5)
IMPLODE = 6
OLD = frozenset((SHRINK, *REDUCE, IMPLODE))
LIBRARY_IMPLODE = 10  # of PKWARE's Data Compression Library
# So few programs know these that the others' reading is tried first.
DOUBTED = frozenset((LIBRARY_IMPLODE, ppmd.METHOD))
SIZED = OLD | DOUBTED
KNOWN = frozenset((*METHODS, *SIZED))


def chosen(number: int, flags: int) -> Method:
    """Return how to undo a method.

    Args:
        number: one of `KNOWN`.
        flags: general purpose bits of the member's header.
    """
    if number not in SIZED:
        return METHODS[number]
    return Method(partial(_sized, _expand(number, flags)), ends=False)


def _expand(number: int, flags: int) -> Expand:
    def imploded(reader: Reader, size: int) -> Iterator[bytes]:
        return implode.expand(reader, size, flags)

    def reduced(reader: Reader, size: int) -> Iterator[bytes]:
        return reduce.expand(reader, size, number)

    expanders: dict[int, Expand] = {
        SHRINK: shrink.expand,
        IMPLODE: imploded,
        LIBRARY_IMPLODE: _library_imploded,
        ppmd.METHOD: ppmd.expand,
    }
    return expanders.get(number, reduced)


def _library_imploded(reader: Reader, size: int) -> Iterator[bytes]:  # noqa: ARG001 - one shape
    return dcl.expand(reader, "zip")


def _sized(expand: Expand, header: bytes, size: int | None) -> Decompressor:  # noqa: ARG001 - one shape
    """Make a decompressor for a stream that ends where its size does.

    Raises:
        ValueError: the size is not known.
    """
    if size is None:
        raise ValueError("no size")
    return Buffered(expand, size)
