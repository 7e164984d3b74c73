"""From a judgement to the line that clamd writes of it.

Nothing that was not looked at is ever `OK`. The path is sent as it came, raw: it is the
client's own.
"""

from collections.abc import Iterator

from clearward.core import reasons
from clearward.core.names import RuleName
from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.faces.clamd import texts
from clearward.service.judgement import Judgement

_HEURISTIC = b"Heuristics.Limits.Exceeded."
_ENCRYPTED = b"Heuristics.Encrypted"  # clamd adds a format, which is not told here

# The first one that holds is told, in clamd's own words where it has some.
_TEXTS = (
    (Reason.EXCLUDED, texts.EXCLUDED),
    (Reason.VANISHED, texts.path_failure(texts.NOT_THERE)),
    (Reason.NOT_REGULAR, texts.NOT_SUPPORTED),
    (Reason.PERMISSION, texts.DENIED),
    (Reason.TIME_LIMIT, texts.TIME),
    (Reason.MEMORY_LIMIT, texts.MEMORY),
)

_LIMITS = (
    (Reason.PARTS_LIMIT, b"MaxFiles"),
    (Reason.DEPTH_LIMIT, b"MaxRecursion"),
    (Reason.TIME_LIMIT, b"MaxScanTime"),
)

_OURS = ("bundle", "builtin")  # origins that clamd does not have


class Lines:
    """Says what judgements come to.

    Args:
        alert_limits: what goes beyond a limit is found, not an error.
        alert_encrypted: what is encrypted is found, not an error.
        file_size: bytes of the largest object that is looked at; None for no limit.
    """

    def __init__(
        self,
        *,
        alert_limits: bool = False,
        alert_encrypted: bool = False,
        file_size: int | None = None,
    ) -> None:
        self._alert_limits = alert_limits
        self._alert_encrypted = alert_encrypted
        self._file_size = file_size

    def of(self, path: bytes, judgement: Judgement) -> Iterator[bytes]:
        """Yield the lines of one object, without their ends.

        Args:
            path: as the client is to see it.
            judgement: what is said of the object.
        """
        if judgement.outcome is Outcome.FOUND:
            for name in dict.fromkeys(map(clamd_name, judgement.rules)):
                yield b"%b: %b FOUND" % (path, name)
        else:
            yield b"%b: %b" % (path, self._other(judgement))

    def _other(self, judgement: Judgement) -> bytes:
        if judgement.outcome is Outcome.CLEAN:
            return texts.OK
        if self._alert_limits and (limit := self._limit(judgement)):
            return _HEURISTIC + limit + b" FOUND"
        if self._alert_encrypted and judgement.reasons & Reason.ENCRYPTED:
            return _ENCRYPTED + b" FOUND"
        return why_not(judgement.reasons)

    def _limit(self, judgement: Judgement) -> bytes:
        """Return the name of the limit that was reached; empty if none was."""
        held = judgement.reasons
        if held & Reason.SIZE_LIMIT:
            most = self._file_size
            whole = most is not None and judgement.size > most
            return b"MaxFileSize" if whole else b"MaxScanSize"
        return next((name for reason, name in _LIMITS if held & reason), b"")


def why_not(held: Reason) -> bytes:
    """Say in a few words why something was not looked at."""
    for reason, text in _TEXTS:
        if held & reason:
            return text
    words = ", ".join(reasons.words(held)) or "unscanned"
    return words.encode("ascii") + b" ERROR"


def clamd_name(rule: RuleName) -> bytes:
    """Return the name of a rule as clamd writes it.

    It has no signed YARA rules, so each of them is unofficial.
    """
    name = rule.name.encode("ascii")
    if rule.kind == "yara":
        return b"YARA." + name + b".UNOFFICIAL"
    return name if rule.signed or rule.origin in _OURS else name + b".UNOFFICIAL"
