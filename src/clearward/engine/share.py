"""One worker's share of the members of a file.

Several workers read the same container, each on its own, and each looks at its share.
Which member is whose follows from what the container says and from nothing that a
worker found, so every worker comes to the same partition without a word between them.

Only what stays the same whoever reads it can be left to others: a part that is at hand
cannot tell its unpacker whether it was looked at, and a format with `shared` knows for
itself. At anything else, and at any gap or limit, a share ends with `Alone`, and
at a match as any scan does. Then the file is scanned as a whole by one worker, whose
answer is the one that counts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clearward.core.part import Item, Part
from clearward.core.reader import Reader
from clearward.engine.notes import Alone
from clearward.formats.identify import HEAD
from clearward.formats.unpack import SHARED

EACH = 4096  # bytes that a member counts for beyond its own
DISK, OF_DISK = 32769, b"CD001"  # ISO 9660, whose reader is not here: ECMA-119, 8.1


@dataclass(frozen=True, slots=True)
class Numbered:
    """Which share of a file.

    Attributes:
        number: counted from 0.
        of: how many shares there are.
    """

    number: int
    of: int


def may_be_shared(file: Reader) -> bool:
    """Say whether a file looks like a container whose members can be shared."""
    head = file.at(0, HEAD)
    if any(recognises(head, file) for recognises in SHARED):
        return True
    return file.at(DISK, len(OF_DISK)) == OF_DISK


class Share:
    """Picks members: each goes to the share that has the fewest bytes so far.

    Args:
        which: this share.
        alone: bytes for which matching the file itself counts, if only the first share
            does so; 0 if all of them do.

    Attributes:
        matches: it matches the file itself.
    """

    def __init__(self, which: Numbered, alone: int = 0) -> None:
        self._number = which.number
        self._loads = [0] * which.of
        self._loads[0] = alone
        self.matches = not (which.number and alone)

    def mine(self, size: int) -> bool:
        """Say whether the next member, of so many bytes, is of this share.

        It has to be asked about every member, in the same order in every share.
        """
        loads = self._loads
        number = loads.index(min(loads))
        loads[number] += EACH + max(size, 0)
        return number == self._number

    def own(self, items: Iterable[Item]) -> Iterator[Item]:
        """Leave out members that are of other shares.

        Raises:
            Alone: there is one that all would have to read.
        """
        for item in items:
            if not isinstance(item, Part):
                yield item
            elif not isinstance(item.content, Reader):
                raise Alone
            elif self.mine(item.content.size):
                yield item
