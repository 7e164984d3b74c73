"""The compiled normalisers.

`clearward.native._views` makes of the same bytes what the modules beside this one make,
and tests compare the two.
"""

from clearward.formats.normalise import encoder, entities
from clearward.formats.normalise.dataurl import Decoding
from clearward.formats.normalise.encoder import Decoded
from clearward.formats.normalise.normaliser import Normaliser
from clearward.formats.normalise.page import LIMITS, Limits, Page
from clearward.native import _views

# What is hashed is keyed, so that nobody can prepare names that collide.
_KEY = hash(b"names of scripts") & ((1 << 64) - 1)
_MADE = _views.Normaliser(
    entities.records(), encoder.ORDER, b"".join(encoder.ALPHABETS), _KEY
)
_DECODING = Decoding(_MADE.entities, _MADE.percent, _MADE.base64)


def _page(data: bytes, limits: Limits = LIMITS) -> Page:
    written, spoken, scripts, limited = _MADE.page(data, limits.block, limits.spoken)
    return Page(written, spoken, tuple(scripts), limited)


def _encoded(data: bytes) -> Decoded | None:
    found = _MADE.encoded(data)
    return None if found is None else Decoded(*found)


COMPILED = Normaliser(
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
