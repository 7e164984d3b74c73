"""Hand on Windows programs that begin in the middle of a part.

They are no containers, but what is asked about a program (its places, its sections) is
asked about these too, as clamscan does.
"""

from collections.abc import Iterator

from clearward.core.part import Item
from clearward.core.reader import Reader
from clearward.formats.embedded.search import holds, parts
from clearward.formats.embedded.signs import MACHINES, PROGRAM

NAME = "embedded-program"
MARKS = tuple(PROGRAM.mark + machine for machine in MACHINES)


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a program begins behind the front of a part."""
    return holds(reader, (PROGRAM,))


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield each from its first byte on."""
    return parts(reader, (PROGRAM,))
