r"""Say in fields of ICAP what was found, or why it is not known whether something is.

    X-Infection-Found: Type=0; Resolution=2; Threat=NAME;
    X-Violations-Found: 1
    \t-                 file name
    \tNAME              threat
    \t0                 number of the problem
    \t0                 resolution: 0 is "not repaired"
    X-Virus-ID: NAME

Clients look for one of the three and take its absence for "clean", so all are sent:
Rspamd and Nextcloud look for the first, Sophos' clients for the last.

What was not looked at is an error (500) with a word in X-Error-Code. Nextcloud knows
three words, and whether it takes such a file is set there (`av_block_unscannable`); at
any other word it refuses the file.

Source: draft-stecher-icap-subid-00, section 4; recorded answers of c-icap 0.5.10.
"""

from collections.abc import Sequence

from clearward.core.reasons import NONE, Reason, words

MOST_VIOLATIONS = 16

# The first that applies is told: first what no setting of a client should let pass.
_CODES = (
    (Reason.WORKER_DIED, "scan_failed"),
    (Reason.TIME_LIMIT, "time_limit_exceeded"),
    (Reason.MEMORY_LIMIT, "memory_limit_exceeded"),
    (Reason.ENCRYPTED, "password_protected"),
    (
        Reason.DEPTH_LIMIT | Reason.PARTS_LIMIT | Reason.SIZE_LIMIT,
        "max_archive_layers_exceeded",
    ),
    (Reason.CORRUPT | Reason.TRUNCATED | Reason.UNSUPPORTED, "decode_error"),
)
OTHERWISE = "scan_failed"
TOO_LARGE = "max_object_size_exceeded"


def found_fields(rules: Sequence[str]) -> list[str]:
    """The fields for what was found.

    Args:
        rules: names of what matched, printable ASCII; at least one.
    """
    # In the first field a semicolon ends the name.
    threat = rules[0].replace(";", "_")
    listed = rules[:MOST_VIOLATIONS]
    return [
        f"X-Infection-Found: Type=0; Resolution=2; Threat={threat};",
        f"X-Violations-Found: {len(listed)}",
        *(line for rule in listed for line in ("\t-", f"\t{rule}", "\t0", "\t0")),
        f"X-Virus-ID: {rules[0]}",
    ]


def error_code(reasons: Reason) -> str:
    """The word of X-Error-Code for what was not looked at."""
    for some, code in _CODES:
        if reasons & some:
            return code
    return OTHERWISE


def unscanned_fields(code: str, reasons: Reason = NONE) -> list[str]:
    """The fields for what was not looked at."""
    told = [f"X-Unscanned: {', '.join(words(reasons))}"] if reasons else []
    return [f"X-Error-Code: {code}", *told]
