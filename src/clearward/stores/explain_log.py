"""The record of every time a wider answer was asked for.

`--explain` lets more than a verdict out of the jail, so that it was asked for is
written down before it happens: one JSON object a line, synced to disk.
"""

import json
import os
from collections.abc import Sequence
from datetime import datetime

from clearward.core.errors import Refused

NAME = "explain.log"


def record(home: str, paths: Sequence[str], when: datetime) -> None:
    """Append one line to the log.

    Args:
        home: the folder that holds everything kept; made if it is missing.
        paths: what is going to be scanned, escaped.
        when: with its time zone.

    Raises:
        Refused: it cannot be written, so nothing may be explained.
    """
    place = os.path.join(home, NAME)
    line = json.dumps({"time": when.isoformat(), "user": os.getuid(), "paths": paths})
    try:
        os.makedirs(home, mode=0o700, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        log = os.open(place, flags, 0o600)
        try:
            os.write(log, line.encode() + b"\n")
            os.fsync(log)
        finally:
            os.close(log)
    except OSError as error:
        reason = f"{place}: cannot be written: {error.strerror}"
        raise Refused(f"--explain is recorded, and {reason}") from error
