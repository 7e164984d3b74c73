"""A disk that lies in blocks in a file, as a part.

The part has as many bytes as the disk says. Where these are more than are looked at of
a file, two parts come first that are not: its front, which has the table of its
partitions and often the first files; and the blocks that the file has, without the
zeros between them. What is wrong in these says nothing, since a piece is missing.
"""

from collections.abc import Iterator
from typing import Protocol

from clearward.core.limits import GIB, WHOLE, Limits
from clearward.core.part import Gap, Item, Part
from clearward.core.reasons import Reason
from clearward.formats.disks.mapped import blocks

LARGEST = Limits().scan_size
FRONT = WHOLE  # what is held at once
MOST_BLOCKS = 2 * GIB  # bytes of blocks that are put together


class Blocks(Protocol):
    """The blocks of a disk by their number.

    Attributes:
        faults: what was said about blocks that could not be read.
    """

    faults: set[Reason]

    def load(self, number: int) -> bytes:
        """Return a block; what cannot be read is empty and noted."""

    def there(self) -> Iterator[int]:
        """Yield the numbers of the blocks that the file has."""


def disk(found: Blocks, size: int, block: int) -> Iterator[Item]:
    """Yield the disk, and of a very large one first what can be looked at of it.

    Args:
        found: its blocks.
        size: bytes of the disk.
        block: bytes of a block.
    """
    whole = blocks(size, block, found.load)
    if size > LARGEST:
        yield Part(whole.slice(0, min(FRONT, size)), b"front of the disk", guessed=True)
        numbers: list[int] = []
        for number in found.there():
            numbers.append(number)
            if len(numbers) * block >= MOST_BLOCKS:
                break
        held = blocks(
            len(numbers) * block, block, lambda number: found.load(numbers[number])
        )
        yield Part(held, b"blocks of the disk", guessed=True)
    yield Part(whole, b"disk")
    for reason in sorted(found.faults, key=lambda each: each.word):
        yield Gap(reason, b"disk")
