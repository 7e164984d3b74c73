"""The fuzz target of STIX patterns: text in, a pattern or the named errors out."""

from contextlib import suppress

from clearward.core.errors import LimitReached, Malformed, Refused
from clearward.intel.pattern.matching import matches
from clearward.intel.pattern.normal import normalised
from clearward.intel.pattern.parsing import parse
from clearward.intel.pattern.values import values
from clearward.intel.pattern.writing import pattern_text

_STEPS = 10_000
_SEEN = [
    {
        "type": "observed-data",
        "number_observed": 2,
        "first_observed": "2020-01-01T00:00:00Z",
        "last_observed": "2020-01-01T00:00:01Z",
        "objects": {"0": {"type": "a", "b": [1, "x"], "c_ref": "0"}},
    }
]


def patterning(data: bytes) -> None:
    """Read bytes as a pattern, write it, and match it."""
    text = data.decode("utf-8", errors="replace")
    try:
        read = parse(text)
    except LimitReached:
        return
    except Malformed as error:
        if not 0 <= error.offset <= len(text.encode()):
            raise AssertionError(f"{error} in {len(data)} bytes") from error
        return
    if parse(pattern_text(read)) != read:
        raise AssertionError("what is written is another pattern")
    with suppress(LimitReached):  # a set that is written out may be too long
        if normalised(normalised(read)) != normalised(read):
            raise AssertionError("the one text is not its own")
    values(read)
    with suppress(LimitReached, Refused):
        matches(read, _SEEN, steps=_STEPS)
