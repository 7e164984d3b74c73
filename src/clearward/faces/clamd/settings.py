"""How the clamd face behaves, with clamd's own defaults."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass

from clearward.core.errors import Refused
from clearward.core.limits import MIB

# Classes of characters as POSIX writes them, within brackets.
_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r" \t",
    "digit": "0-9",
    "lower": "a-z",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\s",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}
_CLASS = re.compile(r"\[:([a-z]+):\]")


@dataclass(frozen=True, slots=True)
class ClamdSettings:
    """What can be set about the clamd face.

    Attributes:
        stream_size: bytes of the longest stream (StreamMaxLength).
        file_size: bytes of the largest object that is looked at; None for no limit.
        command_seconds: for a command to arrive (CommandReadTimeout).
        read_seconds: between two pieces of a stream (ReadTimeout).
        idle_seconds: between two commands of a session (IdleTimeout).
        threads: that STATS names as the most there can be (MaxThreads).
        all_match: ALLMATCHSCAN may be used (AllowAllMatchScan).
        alert_limits: what goes beyond a limit is found, under the name of that limit
            (AlertExceedsMax), instead of an error.
        alert_encrypted: what is encrypted is found (AlertEncrypted), likewise.
        exclude: paths in which one of these is found are left out (ExcludePath).
        off: words of the commands that are switched off.
    """

    stream_size: int = 100 * MIB
    file_size: int | None = None
    command_seconds: float = 30.0
    read_seconds: float = 120.0
    idle_seconds: float = 30.0
    threads: int = 10
    all_match: bool = True
    alert_limits: bool = False
    alert_encrypted: bool = False
    exclude: tuple[re.Pattern[bytes], ...] = ()
    off: frozenset[bytes] = frozenset()

    def excludes(self, path: bytes) -> bool:
        """Say whether a path is left out."""
        return any(pattern.search(path) for pattern in self.exclude)


def exclusions(expressions: Sequence[str]) -> tuple[re.Pattern[bytes], ...]:
    """Read extended regular expressions of POSIX, as clamd.conf has them.

    Raises:
        Refused: one of them is none.
    """
    return tuple(_expression(one) for one in expressions)


def _expression(text: str) -> re.Pattern[bytes]:
    written = _CLASS.sub(lambda found: _CLASSES.get(found[1], found[0]), text)
    try:
        return re.compile(os.fsencode(written))
    except re.error as error:
        raise Refused(f"ExcludePath: {text!r} is no expression: {error}") from error
