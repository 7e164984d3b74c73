"""Choose the decompressor of a member: by its method, and for old ones by more."""

from collections.abc import Iterator
from functools import partial

from clearward.core.reader import Reader
from clearward.formats.decompressor import Decompressor
from clearward.formats.zip.methods import METHODS, Method
from clearward.formats.zip.old import implode, reduce, shrink
from clearward.formats.zip.old.buffered import Buffered, Expand

SHRINK = 1
REDUCE = (2, 3, 4, 5)
IMPLODE = 6
OLD = frozenset((SHRINK, *REDUCE, IMPLODE))
KNOWN = frozenset((*METHODS, *OLD))


def chosen(number: int, flags: int) -> Method:
    """Return how to undo a method.

    Args:
        number: one of `KNOWN`.
        flags: general purpose bits of the member's header.
    """
    if number not in OLD:
        return METHODS[number]
    return Method(partial(_old, _expand(number, flags)), ends=False)


def _expand(number: int, flags: int) -> Expand:
    def imploded(reader: Reader, size: int) -> Iterator[bytes]:
        return implode.expand(reader, size, flags)

    def reduced(reader: Reader, size: int) -> Iterator[bytes]:
        return reduce.expand(reader, size, number)

    if number == SHRINK:
        return shrink.expand
    return imploded if number == IMPLODE else reduced


def _old(expand: Expand, header: bytes, size: int | None) -> Decompressor:  # noqa: ARG001
    """Make a decompressor for a stream that ends where its size does.

    Raises:
        ValueError: the size is not known.
    """
    if size is None:
        raise ValueError("no size")
    return Buffered(expand, size)
