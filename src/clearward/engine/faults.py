"""The edge around every parser: what escapes from one becomes a reason.

Libraries raise more than they say. An error that nobody named is damage, never clean.
"""

from clearward.core.errors import LimitReached, Malformed
from clearward.core.reasons import Reason
from clearward.engine.notes import Alone, Decided, Notes
from clearward.formats.heavy import NotLoaded
from clearward.rules.unloaded import Unloaded


class Heavy(Exception):
    """The file has to be scanned again by a worker with the heavy libraries."""


def note_fault(notes: Notes, error: Exception) -> None:
    """Note what ended a reader.

    Raises:
        LimitReached, Decided, Alone, Heavy, Unloaded: it was no fault, but ends the
            whole file.
    """
    if isinstance(error, NotLoaded):
        raise Heavy
    if isinstance(error, LimitReached | Decided | Alone | Heavy | Unloaded):
        raise error
    if isinstance(error, Malformed):
        notes.gap(error.reason)
    elif isinstance(error, MemoryError):
        notes.gap(Reason.MEMORY_LIMIT)
    elif isinstance(error, RecursionError):
        notes.gap(Reason.DEPTH_LIMIT)
    else:
        notes.gap(Reason.CORRUPT)
