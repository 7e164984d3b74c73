"""Drive the door to libarchive; target.c runs this inside of the fuzzer.

A byte of the input chooses the format and what the reading function does: it gives all
that is there, a little less, or raises once.
"""

import _archives  # type: ignore[import-not-found]  # target.c has it
import archi

FORMATS = ("rar", "rar5", "cab", "lha", "compress", "zip")
MOST_ENTRIES = 200
MOST_BYTES = 4 << 20


class Raised(Exception):
    """What the reading function raises."""


def run(data: bytes) -> None:
    """Read an archive to its end, or as far as it goes."""
    choice, archive = (data[0] if data else 0), data[1:]
    calls = 0

    def read(offset: int, size: int) -> bytes:
        nonlocal calls
        calls += 1
        if choice & 0x40 and calls == choice % 7:
            raise Raised
        return archive[offset : offset + (7 if choice & 0x20 else size)]

    try:
        opened = _archives.Archive(read, len(archive), FORMATS[choice % len(FORMATS)])
        _read(opened)
    except (_archives.Error, Raised):
        pass


def _read(opened: "_archives.Archive") -> None:
    left = MOST_BYTES
    for _ in range(MOST_ENTRIES):
        if opened.next() is None:
            break
        try:
            while left > 0 and (block := opened.block()) is not None:
                left -= len(block[1]) + 1
        except _archives.Error:
            pass
        opened.locked()


_archives.load(archi.__file__)
