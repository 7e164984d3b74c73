r"""The payload of "\x01Ole10Native": what was put into a document with the packager.

Layout (MS-OLEDS 2.3.6 for the size; the rest as Windows' packager writes it), numbers
little-endian:

    4 bytes   size of what follows
    2 bytes   2
    text      label, ends with NUL
    text      file, ends with NUL
    4 bytes   0, 3
    4 bytes   length, and so many bytes: where the file was
    4 bytes   size, and so many bytes: the content

Other programs write the content right behind the first size. What is shorter than it
says is read as far as it goes, and a gap.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason

FRONT = 4  # bytes of the size
TEXT_MOST = 4096  # bytes of a label


def payload(native: Reader) -> Iterator[Item]:
    """Yield what was embedded: read as the packager's, else all behind the size."""
    found = _packaged(native)
    if found is not None:
        yield found.part
        if found.missing:
            yield Gap(Reason.TRUNCATED, found.part.name)
    elif native.size > FRONT:
        yield Part(native.slice(FRONT, native.size - FRONT), b"native")


@dataclass(frozen=True, slots=True)
class _Package:
    """What the packager put in, and how many bytes of it are not there."""

    part: Part
    missing: int


def _packaged(native: Reader) -> _Package | None:
    head = native.at(FRONT, 3 * TEXT_MOST)
    label = head.find(b"\0", 2)
    file = head.find(b"\0", label + 1)
    if label < 0 or file < 0:
        return None
    at = 4 + file + 1 + 4
    at += 4 + _number(native, at)
    size = _number(native, at)
    at += 4
    if not size or at >= native.size:
        return None
    there = min(size, native.size - at)
    return _Package(Part(native.slice(at, there), head[label + 1 : file]), size - there)


def _number(native: Reader, at: int) -> int:
    return int.from_bytes(native.at(at, 4), "little")
