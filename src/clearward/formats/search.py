"""Look for bytes in a part of any size."""

from clearward.core.reader import CHUNK, Reader


def find(reader: Reader, needle: bytes, start: int = 0, end: int | None = None) -> int:
    """Return where bytes are in a part, from a place on, or -1.

    Args:
        reader: the part.
        needle: the bytes, at least one.
        start: where to begin.
        end: they must end here at the latest; at the end of the part if left out.
    """
    end = reader.size if end is None else min(end, reader.size)
    if reader.held is not None:
        return reader.held.find(needle, start, end)
    overlap = len(needle) - 1
    while start < end:
        chunk = reader.at(start, min(CHUNK + overlap, end - start))
        if (place := chunk.find(needle)) >= 0:
            return start + place
        if len(chunk) <= overlap:
            break
        start += len(chunk) - overlap
    return -1
