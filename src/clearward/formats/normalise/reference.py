"""The normalisers in plain Python: what the modules beside this one say a view is."""

from clearward.formats.normalise import encoder, html, marks, script, signs, text
from clearward.formats.normalise.dataurl import Decoding
from clearward.formats.normalise.normaliser import Normaliser

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
