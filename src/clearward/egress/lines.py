"""The lines of the records, many at a time."""

import os
from collections.abc import Iterator

_BLOCK = 1 << 20  # bytes


def blocks(opened: int, start: int, end: int) -> Iterator[tuple[list[bytes], bytes]]:
    """Yield whole lines without their ends, and what follows them so far.

    What follows is a line that goes on in the next block; in the last block, and if
    the file is shorter than `end`, it is a torn one.

    Args:
        opened: the records.
        start: where a line begins, bytes.
        end: bytes that are read at most.
    """
    rest = b""
    while start < end:
        data = os.pread(opened, min(_BLOCK, end - start), start)
        if not data:
            return
        start += len(data)
        *held, rest = (rest + data).split(b"\n")
        yield held, rest
