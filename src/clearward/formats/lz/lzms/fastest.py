"""LZMS by the fastest decoder that is there: compiled, or else the one in Python."""

from collections.abc import Callable

from clearward.formats.lz.lzms import decoder

chunk: Callable[[bytes, int], bytes | bytearray] = decoder.chunk

try:
    from clearward.native import _lzms
except ImportError as missing:
    # Anything else that is missing is a fault, not a choice.
    if missing.name not in {"clearward.native._lzms", "clearward.native"}:
        raise
else:
    chunk = _lzms.chunk
