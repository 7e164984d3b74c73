"""What rules and limits are called in the lines of clamscan.

A rule of YARA has ``YARA.`` in front, and whatever is not from a signed database has
``.UNOFFICIAL`` behind. Reaching a limit has a name only where it was asked for.

Source: PROTOCOLS, "Names of limits"; recorded command lines of ClamAV 1.4.6.
"""

from clearward.core.names import RuleName
from clearward.core.reasons import Reason

ENCRYPTED = "Heuristics.Encrypted"
_LIMIT = "Heuristics.Limits.Exceeded."
_LIMITS = (
    (Reason.SIZE_LIMIT, "MaxScanSize"),
    (Reason.PARTS_LIMIT, "MaxFiles"),
    (Reason.DEPTH_LIMIT, "MaxRecursion"),
    (Reason.TIME_LIMIT, "MaxScanTime"),
)


def called(rule: RuleName) -> str:
    """Return the name of a rule."""
    if rule.kind == "code":
        return rule.name
    if rule.kind == "yara":
        return f"YARA.{rule.name}.UNOFFICIAL"
    return (
        rule.name
        if rule.signed or rule.origin == "bundle"
        else f"{rule.name}.UNOFFICIAL"
    )


def limit(reasons: Reason, *, whole: bool) -> str | None:
    """Return the name of a limit that was reached, or None if none was.

    Args:
        reasons: why something was not looked at.
        whole: the file itself was too large to be looked at.
    """
    if whole and Reason.SIZE_LIMIT & reasons:
        return _LIMIT + "MaxFileSize"
    return next((_LIMIT + name for one, name in _LIMITS if one & reasons), None)
