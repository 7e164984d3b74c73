"""Take a stream through the chain of filters that its dictionary names.

Filters of pictures (DCT, JPX, CCITTFax, JBIG2) end the chain: what they packed is the
content. A stream whose dictionary says nothing, or cannot be had, and that begins like
Flate is inflated all the same.

Source: ISO 32000-1, 7.4.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain as chained

from clearward.core.reader import Stream
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Undecoded, Zlib
from clearward.formats.inflate import Frames, at_once
from clearward.formats.pdf.ascii import ascii_85, ascii_hex, run_length
from clearward.formats.pdf.lzw import lzw
from clearward.formats.pdf.objects import Dictionary, Name, Value, Word
from clearward.formats.pdf.predictors import bounded, shape, undone

MOST_FILTERS = 16
RAW = -15
SHORT_STREAM = 32 << 10  # bytes that are inflated at once, if that works

SHORT = {
    b"Fl": b"FlateDecode",
    b"LZW": b"LZWDecode",
    b"AHx": b"ASCIIHexDecode",
    b"A85": b"ASCII85Decode",
    b"RL": b"RunLengthDecode",
    b"DCT": b"DCTDecode",
    b"CCF": b"CCITTFaxDecode",
}
PICTURES = frozenset({b"DCTDecode", b"JPXDecode", b"CCITTFaxDecode", b"JBIG2Decode"})


@dataclass(frozen=True, slots=True)
class Filter:
    """One step of a chain."""

    name: bytes
    parameters: Dictionary


def chain(filters: Value, parameters: Value) -> list[Filter]:
    """Return the steps that a dictionary names, up to a filter of pictures.

    Raises:
        Undecoded: there are too many of them, or one is not known.
    """
    names = filters if isinstance(filters, list) else [filters]
    given = parameters if isinstance(parameters, list) else [parameters]
    steps: list[Filter] = []
    for place, each in enumerate(names):
        if not isinstance(each, Name | Word):
            continue  # nothing that a viewer follows
        if isinstance(each, Word) or place >= MOST_FILTERS:
            raise Undecoded("pdf", 0, "filter", Reason.UNSUPPORTED)
        full = SHORT.get(bytes(each), bytes(each))
        if full in PICTURES:
            break
        if full not in FILTERS:
            raise Undecoded("pdf", 0, "filter", Reason.UNSUPPORTED)
        told = given[place] if place < len(given) else None
        known = told if isinstance(told, Dictionary) else Dictionary()
        steps.append(Filter(full, known))
    return steps


def decoded(source: Iterator[bytes], steps: list[Filter]) -> Iterator[bytes]:
    """Yield what the steps make of packed bytes, piece by piece.

    Raises:
        Malformed: the bytes do not follow a filter. What could be read came before.
    """
    for step in steps:
        source = bounded(FILTERS[step.name](source, step))
    return source


def begins_like_flate(head: bytes) -> bool:
    """Say whether bytes begin with the header of zlib, as Flate does."""
    if len(head) < 3 or head[0] & 0x0F != 8 or head[0] > 0x7F:  # noqa: PLR2004
        return False
    return not (head[0] << 8 | head[1]) % 31 and not head[1] & 0x20


def holds_flate(head: bytes) -> bool:
    """Say whether the front of a stream can be inflated."""
    if not begins_like_flate(head):
        return False
    try:
        return bool(zlib.decompressobj(RAW).decompress(head[2:], 64))
    except zlib.error:
        return False


def flate(source: Iterator[bytes], step: Filter) -> Iterator[bytes]:
    """Inflate; the checksum at the end is not asked for, as viewers do not."""
    front = next(source, b"")
    if len(front) <= SHORT_STREAM and begins_like_flate(front[:3]):
        whole = at_once(front[2:], Zlib(RAW))
        if whole is not None:
            yield from _predicted(iter((whole,)), step)
            return
    stream = Stream(chained((front,), source))
    head = stream.take(2)
    while head[:1] in {b"\r", b"\n"} and not begins_like_flate(head + b"\0"):
        head = head[1:] + stream.take(1)
    window = stream.tail(b"" if begins_like_flate(head + b"\0") else head)
    frames: Iterator[bytes] = iter(())
    if isinstance(window, Stream):
        frames = iter(Frames("pdf", window, lambda _: Zlib(RAW), once=True))
    yield from _predicted(frames, step)


def _lzw(source: Iterator[bytes], step: Filter) -> Iterator[bytes]:
    early = _number(step, b"EarlyChange", 1)
    return _predicted(lzw(source, 1 if early else 0), step)


def _predicted(source: Iterator[bytes], step: Filter) -> Iterator[bytes]:
    kind = _number(step, b"Predictor", 1)
    colors = _number(step, b"Colors", 1)
    bits = _number(step, b"BitsPerComponent", 8)
    rows = shape(kind, colors, bits, _number(step, b"Columns", 1))
    return undone(source, rows) if rows is not None else source


def _number(step: Filter, key: bytes, default: int) -> int:
    value = step.parameters.get_last(key)
    return value if isinstance(value, int) else default


FILTERS: dict[bytes, Callable[[Iterator[bytes], Filter], Iterator[bytes]]] = {
    b"FlateDecode": flate,
    b"LZWDecode": _lzw,
    b"ASCIIHexDecode": lambda source, _: ascii_hex(source),
    b"ASCII85Decode": lambda source, _: ascii_85(source),
    b"RunLengthDecode": lambda source, _: run_length(source),
    b"Crypt": lambda source, _: source,
}
