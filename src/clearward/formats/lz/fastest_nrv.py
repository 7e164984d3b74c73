"""NRV by the fastest decoder that is there: compiled, or else the one in Python."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from clearward.core.errors import Malformed, Truncated
from clearward.formats.lz import nrv
from clearward.formats.lz.nrv import NAME, Variant

if TYPE_CHECKING:
    from typing_extensions import Buffer

COMPILED: "Callable[[Buffer, str, int, int], tuple[bytes, int, int]] | None" = None
SOUND, ENDED = 0, 1

try:
    from clearward.native import _nrv
except ImportError as missing:
    # Anything else that is missing is a fault, not a choice.
    if missing.name not in {"clearward.native._nrv", "clearward.native"}:
        raise
else:
    COMPILED = _nrv.expand


def expand(data: bytes, variant: Variant, size: int) -> Iterator[bytes]:
    """Yield what a stream unpacks to, all at once.

    Args, errors: as for `nrv.expand`.
    """
    if COMPILED is None:
        yield from nrv.expand(data, variant, size)
        return
    whole, fault, place = COMPILED(data, variant.letter, variant.unit, size)
    if whole:
        yield whole
    if fault == ENDED:
        raise Truncated(NAME, place, "stream end")
    if fault != SOUND:
        raise Malformed(NAME, place, "distance, length or size")
