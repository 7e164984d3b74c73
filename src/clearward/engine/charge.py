"""Read a stream, and charge what comes of it."""

from collections.abc import Iterator

from clearward.core.reader import CHUNK, Stream
from clearward.core.reasons import Reason
from clearward.engine.budget import RATIO, RATIO_FREE, Budget
from clearward.engine.faults import note_fault
from clearward.engine.notes import Notes


def charged(
    stream: Stream, packed: int, notes: Notes, budget: Budget
) -> Iterator[bytes]:
    """Yield a stream's chunks, each charged; damage ends it and is noted.

    Args:
        stream: read to its end, or as far as the caller wants.
        packed: bytes it takes in its container, at most; 0 if unknown.
        notes: where damage goes.
        budget: what is charged.

    Raises:
        LimitReached: the budget of the file ran out.
    """
    size = 0
    while True:
        try:
            chunk = stream.some(CHUNK)
        except Exception as error:  # noqa: BLE001 - see faults
            note_fault(notes, error)
            return
        if not chunk:
            return
        if not size:
            notes.proven()
        size += len(chunk)
        if packed and size > max(RATIO_FREE, RATIO * packed):
            notes.gap(Reason.SIZE_LIMIT)
            return
        # Handed out first: what was unpacked before a limit is still matched.
        yield chunk
        budget.spend(len(chunk))
