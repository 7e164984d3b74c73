"""The normalisers that views are made with: compiled, or in plain Python without them.

The modules beside this one say what a view is; `clearward.native._views` makes the
same of the same bytes, and tests compare the two.
"""

from collections.abc import Callable
from dataclasses import dataclass

from typing_extensions import Buffer

from clearward.formats.normalise import (
    encoder,
    entities,
    html,
    marks,
    script,
    signs,
    text,
)
from clearward.formats.normalise.dataurl import Decoding
from clearward.formats.normalise.encoder import Decoded
from clearward.formats.normalise.html import LIMITS, Limits, Page


@dataclass(frozen=True, slots=True)
class Normaliser:
    """The functions that make views.

    Attributes:
        name: "compiled" or "reference".
        text, script: bytes to bytes.
        page: of a page, within limits.
        encoded: the first encoded script in a text, or None.
        decoding: of data URLs.
        page_marks, address: as `marks.page` and `marks.address`.
        signs, places, run: as the functions of `normalise.signs`.
    """

    name: str
    text: Callable[[bytes], bytes]
    script: Callable[[bytes], bytes]
    page: Callable[..., Page]
    encoded: Callable[[bytes], Decoded | None]
    decoding: Decoding
    page_marks: Callable[[bytes, int], int]
    address: Callable[[Buffer, int], int]
    signs: Callable[[bytes], int]
    places: Callable[[bytes], list[int]]
    run: Callable[[bytes, int], tuple[int, int]]


REFERENCE = Normaliser(
    "reference",
    text.normalise,
    script.normalise,
    html.normalise,
    encoder.decode,
    Decoding(),
    marks.page,
    marks.address,
    signs.signs,
    signs.places,
    signs.run,
)
NORMALISER = REFERENCE


def entity_records() -> bytes:
    """Return the table of entities: names and values, each behind its length."""
    strings = (one for row in entities.NAMED.items() for one in row)
    return b"".join(bytes([len(string)]) + string for string in strings)


try:
    from clearward.native import _views
except ImportError as missing:
    # Anything else that is missing is a fault, not a choice.
    if missing.name not in {"clearward.native._views", "clearward.native"}:
        raise
else:
    # What is hashed is keyed, so that nobody can prepare names that collide.
    _KEY = hash(b"names of scripts") & ((1 << 64) - 1)
    _MADE = _views.Normaliser(
        entity_records(), encoder.ORDER, b"".join(encoder.ALPHABETS), _KEY
    )
    _DECODING = Decoding(_MADE.entities, _MADE.percent, _MADE.base64)

    def _page(data: bytes, limits: Limits = LIMITS) -> Page:
        written, spoken, scripts, limited = _MADE.page(
            data, limits.block, limits.spoken
        )
        return Page(written, spoken, tuple(scripts), limited)

    def _encoded(data: bytes) -> Decoded | None:
        found = _MADE.encoded(data)
        return None if found is None else Decoded(*found)

    NORMALISER = Normaliser(
        "compiled",
        _MADE.text,
        _MADE.script,
        _page,
        _encoded,
        _DECODING,
        _MADE.page_marks,
        _MADE.address,
        _MADE.signs,
        _MADE.places,
        _MADE.run,
    )
