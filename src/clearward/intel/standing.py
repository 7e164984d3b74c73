"""Whether an indicator still stands: it was not taken back, and is not over."""

from clearward.intel.objects import StixObject
from clearward.intel.times import microseconds


def is_good(indicator: StixObject, now: int) -> bool:
    """Say whether an indicator holds at a time.

    Args:
        indicator: of STIX.
        now: microseconds since 1970.

    Source: STIX 2.1, section 4.7: `valid_until` is the first moment at which it does
    not hold any more. An end that cannot be read is none.
    """
    if indicator.get("revoked") is True:
        return False
    until = indicator.get("valid_until")
    if not isinstance(until, str):
        return True
    try:
        return now < microseconds(until)
    except ValueError:
        return True
