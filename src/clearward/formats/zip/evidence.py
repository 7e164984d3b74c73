"""Say whether bytes are or hold a zip archive."""

from clearward.formats.zip.archive import start_of
from clearward.formats.zip.directory import MOST_STRAYS
from clearward.formats.zip.ending import END, LAYOUT, read_endings
from clearward.formats.zip.local import credible, next_local
from clearward.formats.zip.record import RECORD
from clearward.formats.zip.window import Window

TAIL = LAYOUT.size + 0xFFFF  # an end record with the longest comment


def holds_archive(window: Window) -> bool:
    """Say whether there is a local header or an end record with structure behind it.

    Local headers are searched for everywhere. That reads a large file once more, at
    1 GB/s or more, which is a small part of what matching it takes; and whatever was
    not searched could hold an archive. End records are searched for in the last 64 KiB,
    and everywhere in a part that is held: without any local header they matter only for
    a member of a split set, or to tell an empty archive.
    """
    if credible(window, start_of(window)):
        return True
    if next_local(window, 0, window.size, -1) >= 0:
        return True
    low = 0 if window.held else max(window.size - TAIL, 0)
    hit = window.size
    for _ in range(MOST_STRAYS):
        hit = window.rfind(END, low, hit)
        if hit < 0:
            return False
        if _ends_archive(window, hit):
            return True
    return True  # reading it will tell that there were too many


def _ends_archive(window: Window, offset: int) -> bool:
    endings = read_endings(window, offset)
    if endings is None:
        return False
    if any(
        window.at(place.start, len(RECORD)) == RECORD
        for reading in endings.readings
        for place in reading.places
    ):
        return True
    reading = endings.readings[-1]
    if reading.members:
        return endings.last and reading.believable
    return endings.last and offset == 0
