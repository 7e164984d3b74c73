"""A judgement in the words of the Kaspersky Scan Engine.

| outcome | reasons | `scanResult` |
|---|---|---|
| clean | | `CLEAN` |
| found | any | `DETECT`, with the rule's name |
| unscanned | encrypted | `NON_SCANNED (PASSWORD PROTECTED)` |
| | corrupt, truncated | `NON_SCANNED (CORRUPTED)` |
| | limits, unsupported, excluded | `NON_SCANNED (SKIPPED)` |
| | nobody could look | `SERVER_ERROR`, with a status of 503 |

Of several reasons the one that stands lowest in the table wins if nobody could look,
else the highest.

Source: support.kaspersky.com/scanengine, article 193001; the contract of `serve`.
"""

from typing import Any

from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.service.judgement import Judgement

SERVER_ERROR = "SERVER_ERROR"

# Nothing was wrong with the object: asked again, it may be scanned.
_UNABLE = (
    Reason.WORKER_DIED
    | Reason.VANISHED
    | Reason.CHANGED
    | Reason.PERMISSION
    | Reason.NOT_REGULAR
)
_DAMAGED = Reason.CORRUPT | Reason.TRUNCATED


def scan_result(judgement: Judgement) -> str:
    """The word for a judgement."""
    if judgement.outcome is Outcome.FOUND:
        return "DETECT"
    if judgement.outcome is Outcome.CLEAN:
        return "CLEAN"
    if judgement.reasons & _UNABLE:
        return SERVER_ERROR
    if judgement.reasons & Reason.ENCRYPTED:
        return "NON_SCANNED (PASSWORD PROTECTED)"
    if judgement.reasons & _DAMAGED:
        return "NON_SCANNED (CORRUPTED)"
    return "NON_SCANNED (SKIPPED)"


def answer(judgement: Judgement, object: str, name: str = "") -> dict[str, Any]:
    """The answer to a scan request.

    What was found in members of the object is said of the object as a whole, so the
    list of sub-objects is empty.

    Args:
        judgement: what is said.
        object: ``"memory"``, or the path of the file.
        name: what the client called it; left out if empty.
    """
    named = {"name": name} if name else {}
    return {
        "object": object,
        **named,
        "scanResult": scan_result(judgement),
        "detectionName": judgement.rules[0].name if judgement.rules else "",
        "subObjectsScanResults": [],
    }
