"""The normalisers that views are made with: compiled, or in plain Python without them.

The modules beside this one say what a view is; `clearward.native._views` makes the
same of the same bytes, and tests compare the two.
"""

from collections.abc import Callable
from dataclasses import dataclass

from clearward.formats.normalise import encoder, entities, html, script, text
from clearward.formats.normalise.dataurl import Decoding, read
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
    """

    name: str
    text: Callable[[bytes], bytes]
    script: Callable[[bytes], bytes]
    page: Callable[..., Page]
    encoded: Callable[[bytes], Decoded | None]
    decoding: Decoding


REFERENCE = Normaliser(
    "reference",
    text.normalise,
    script.normalise,
    html.normalise,
    encoder.decode,
    Decoding(),
)
NORMALISER = REFERENCE

try:
    from clearward.native import _views
except ImportError:
    pass
else:
    _LARGEST = (1 << 64) - 1

    def _records() -> bytes:
        """The table of entities: names and values, each behind its length."""
        strings = (one for row in entities.NAMED.items() for one in row)
        return b"".join(bytes([len(string)]) + string for string in strings)

    # What is hashed is keyed, so that nobody can prepare names that collide.
    _made = _views.Normaliser(
        _records(), encoder.ORDER, b"".join(encoder.ALPHABETS), hash(b"key") & _LARGEST
    )

    def _page(data: bytes, limits: Limits = LIMITS) -> Page:
        written, spoken, scripts, urls, limited = _made.page(
            data, limits.block, limits.spoken, limits.urls
        )
        found = tuple(read(url, NORMALISER.decoding) for url in urls)
        return Page(written, spoken, tuple(scripts), found, limited)

    def _encoded(data: bytes) -> Decoded | None:
        found = _made.encoded(data)
        return None if found is None else Decoded(*found)

    NORMALISER = Normaliser(
        "compiled",
        _made.text,
        _made.script,
        _page,
        _encoded,
        Decoding(_made.entities, _made.percent, _made.base64),
    )
