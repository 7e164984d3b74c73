"""The normalisers that views are made with: compiled, or in plain Python without them.

Those that are not needed are not loaded.
"""

from clearward.formats.normalise.normaliser import Normaliser

NORMALISER: Normaliser

try:
    from clearward.formats.normalise.compiled import COMPILED
except ImportError as missing:
    # Anything else that is missing is a fault, not a choice.
    if missing.name not in {"clearward.native._views", "clearward.native"}:
        raise
    from clearward.formats.normalise.reference import REFERENCE

    NORMALISER = REFERENCE
else:
    NORMALISER = COMPILED
