"""Make a program's memory a file again, as `pe` and signatures read one.

    0               headers, with the entry point that was found
    HEADERS         each section as it lay in memory, one behind the other

Where sections lie one behind the other in memory, as most do, a place in the file is
the address from the base. The section of the code that unpacked the rest, and those
behind it, are left out where the program goes on in front of them. A packer that takes
all sections together may keep the headers that were there before; these are then used.

A program that is unpacked need not write to its code any more: the section where it
goes on is given without that right, so that nobody runs it once more.

What was written elsewhere (to memory that the program asked for, or to what is left
out) is given as it is.

Source: Microsoft, "PE Format"; that UPX keeps the headers was seen in its output.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import ne
from struct import Struct

from clearward.core.errors import Malformed
from clearward.core.limits import MIB
from clearward.core.reader import Reader
from clearward.formats.programs import image as images
from clearward.formats.programs.image import (
    EXECUTE,
    PAGE,
    SIGNATURE,
    WORD,
    WRITE,
    Image,
    Section,
    up,
)
from clearward.formats.running.process import Process

HEADERS = 0x1000
MOST = 48 * MIB  # of one file
SLACK = 1 * MIB  # zeros that a section may end in
TRIES = 64  # places that may be headers
LEAST = 64  # bytes that are more than some variables
FEWEST = 16  # bytes that differ from 0, for what was written elsewhere
RAW = Struct("<4I")  # size in memory, address, raw size, raw offset
FLAGS = 36  # place in a row of the table of sections
OPTIONAL_ENTRY, OPTIONAL_ALIGNMENT, OPTIONAL_HEADERS = 16, 36, 60
TLS, CALLS, MOST_CALLS = 9, 3, 16  # directory of threads, the field with a list in it
SECURITY = 4  # number of the directory of certificates, at a place in the file
COUNT_PLACE, OPTIONAL_PLACE = 6, 24


@dataclass(frozen=True, slots=True)
class _Row:
    """What the table says of a section."""

    size: int
    address: int
    raw: int
    start: int
    flags: int


@dataclass(frozen=True, slots=True)
class Kept:
    """Sections of a program that is unpacked, and the headers that tell of them."""

    headers: bytes
    image: Image


def program(process: Process, entry: int, *, without_stub: bool) -> bytes:
    """Return the program as a file.

    Args:
        process: as it is now.
        entry: address at which it goes on.
        without_stub: leave out the section it started in, and those behind that.
    """
    kept = _kept(process, entry - process.image.base, without_stub=without_stub)
    start = kept.image.entry
    changed = process.machine.changed()
    pieces = []
    rows = []
    place = HEADERS
    for section in kept.image.sections:
        data = _content(process, section, changed, MOST - place)
        pieces.append(data)
        gone = WRITE if section.holds(start) else 0 if data else EXECUTE
        flags = section.flags & ~gone
        rows.append(_Row(section.size, section.address, len(data), place, flags))
        place += len(data)
    held = any(it.holds(start) for it in kept.image.sections)
    return _headers(kept, start if held else 0, rows) + b"".join(pieces)


def elsewhere(process: Process, entry: int, *, without_stub: bool) -> bytes:
    """Return what was written outside of the program, joined.

    Args: as for `program`.
    """
    base = process.image.base
    kept = _kept(process, entry - base, without_stub=without_stub).image.sections
    pages = [
        process.machine.copy(page, PAGE)
        for page in process.machine.changed()
        if process.is_own(page) and not any(it.holds(page - base) for it in kept)
    ]
    whole = b"".join(pages)
    return whole if len(whole) - whole.count(0) >= FEWEST else b""


def is_in_front(image: Image, entry: int) -> bool:
    """Say whether an address is in a section before the one where it started."""
    return 0 <= image.section_of(entry - image.base) < image.section_of(image.entry)


def differs(process: Process, before: Process, sections: Sequence[Section]) -> bool:
    """Say whether a program has changed more than some variables of these sections.

    Args:
        process: as it is now.
        before: the same, not yet run.
        sections: of its image.
    """
    base = process.image.base
    count = 0
    for page in process.machine.changed():
        if not any(it.holds(page - base) for it in sections):
            continue
        now, then = process.machine.copy(page, PAGE), before.machine.copy(page, PAGE)
        count += sum(map(ne, now, then)) if now != then else 0
        if count >= LEAST:
            return True
    return False


def _kept(process: Process, entry: int, *, without_stub: bool) -> Kept:
    """Choose headers and sections: those from before, or those of the file."""
    image, machine = process.image, process.machine
    front = machine.copy(image.base, min(up(image.headers), HEADERS))
    for place, before in _before(process, entry):
        table = before.table - place
        headers = machine.copy(image.base + place, table + 40 * len(before.sections))
        return Kept(front[: image.place] + headers, replace(before, place=image.place))
    stub = image.section_of(image.entry)
    sections = image.sections[:stub] if without_stub else image.sections
    front = machine.copy(image.base, image.table + 40 * len(image.sections))
    return Kept(front, replace(image, sections=sections, entry=entry))


def _before(process: Process, entry: int) -> Iterator[tuple[int, Image]]:
    """Yield headers in memory that fit the program, and their places from the base."""
    image = process.image
    changed = process.machine.changed()
    room = MOST
    for section in image.sections:
        memory = _content(process, section, changed, room)
        room -= len(memory)
        found = -1
        for _ in range(TRIES):
            found = memory.find(SIGNATURE, found + 1)
            if found < 0:
                break
            try:
                before = images.read_at(Reader.of(memory), found)
            except Malformed:
                continue
            same = before.wide == image.wide and before.base == image.base
            starts = same and _starts(process, before, entry)
            if starts and _fits(before.sections, image):
                place = section.address + found
                yield place, replace(before, place=place)


def _starts(process: Process, before: Image, entry: int) -> bool:
    """Say whether a program starts there: what it calls for threads comes first."""
    if before.entry == entry:
        return True
    place = before.directories[TLS][0] if len(before.directories) > TLS else 0
    if not place:
        return False
    base, width = before.base, process.width
    calls = process.pointer(base + place + CALLS * width)
    places = range(calls, calls + MOST_CALLS * width, width)
    return any(process.pointer(place) == base + entry for place in places)


def _fits(sections: Sequence[Section], image: Image) -> bool:
    end = max(it.address + up(it.size) for it in image.sections)
    following = 0
    for section in sections:
        if section.address < max(following, PAGE):
            return False
        following = section.address + up(section.size)
    return following <= end


def _content(
    process: Process, section: Section, changed: Sequence[int], room: int
) -> bytes:
    """Return a section as far as there is anything in it, and some of the zeros."""
    start = process.image.base + section.address
    size = up(section.size)
    end = up(section.length)
    last = bisect_left(changed, start + size) - 1  # of the pages inside, if any is
    if last >= 0 and changed[last] >= start:
        end = max(end, changed[last] + PAGE - start)
    if size - end <= SLACK:
        end = size
    return process.machine.copy(start, max(min(end, size, room), 0))


def _headers(kept: Kept, entry: int, rows: Sequence[_Row]) -> bytes:
    """Return headers that say where everything is now."""
    image = kept.image
    data = bytearray(kept.headers.ljust(HEADERS, b"\0")[:HEADERS])
    optional = image.place + OPTIONAL_PLACE
    table = optional + image.optional
    if table + 40 * len(rows) > HEADERS:
        return bytes(data)
    data[:2] = b"MZ"
    WORD.pack_into(data, 60, image.place)
    data[image.place + COUNT_PLACE] = len(rows)
    WORD.pack_into(data, optional + OPTIONAL_ENTRY, entry & 0xFFFFFFFF)
    WORD.pack_into(data, optional + OPTIONAL_ALIGNMENT, PAGE)
    WORD.pack_into(data, optional + OPTIONAL_HEADERS, HEADERS)
    if len(image.directories) > SECURITY:
        place = optional + images.DIRECTORIES[image.wide] + WORD.size + 8 * SECURITY
        data[place : place + 8] = bytes(8)
    for number, row in enumerate(rows):
        place = table + 40 * number
        RAW.pack_into(data, place + 8, row.size, row.address, row.raw, row.start)
        WORD.pack_into(data, place + FLAGS, row.flags)
    end = table + 40 * len(rows)
    data[end:] = bytes(HEADERS - end)
    return bytes(data)
