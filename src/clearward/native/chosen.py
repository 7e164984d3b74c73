"""The compiled matcher, and the same in plain Python; both read the rule image.

`load` checks an image and `Matcher` matches with it; `BACKEND` says which of the two
they are: "compiled", or "reference" where the package was built without a compiler.
"""

from clearward.native import image, reference

load: type[image.Image] = image.Image
Matcher: type[reference.Matcher] = reference.Matcher
BACKEND = "reference"

try:
    from clearward.native import compiled
except ImportError as missing:
    # Anything else that is missing is a fault, not a choice.
    if missing.name not in {"clearward.native._native", "clearward.native"}:
        raise
else:
    load = compiled.CheckedImage
    Matcher = compiled.Matcher
    BACKEND = "compiled"
