"""Folders of a 7z archive: coders, and how they feed each other.

Layout (7zFormat.txt in the LZMA SDK, "Folder"):

    number of coders
    for each coder  a byte: bits 0-3 length of the method, 16 inputs and outputs follow,
                    32 properties follow; the method; numbers of inputs and outputs;
                    length of the properties and the properties
    bonds           one less than there are outputs: an input and the output it takes
    packed          if more than one input has no bond: these inputs, in the order of
                    the packed streams that they take

Inputs and outputs are counted over all coders in their order. Here a coder always has
one output; no method is known that has more.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from clearward.formats.seven.fields import Fields

MOST_CODERS = 32  # of a folder, and inputs of them all; four are common
METHOD_LENGTH, COMPLEX, PROPERTIES = 0x0F, 0x10, 0x20


@dataclass(frozen=True, slots=True)
class Coder:
    """One step of undoing what the archiver did.

    Attributes:
        method: its number, as stored.
        properties: as the method defines them.
        inputs: how many streams it takes.
    """

    method: bytes
    properties: bytes = b""
    inputs: int = 1


@dataclass(frozen=True, slots=True)
class Folder:
    """Coders that turn packed streams into one stream.

    Attributes:
        coders: in the order of the header.
        bonds: from an input to the output, which is a coder, that it takes.
        packed: the inputs that take packed streams, in the order of these.
    """

    coders: tuple[Coder, ...]
    bonds: Mapping[int, int]
    packed: tuple[int, ...]

    @property
    def last(self) -> int:
        """The coder whose output nobody takes: it gives the content."""
        taken = set(self.bonds.values())
        return next(n for n in range(len(self.coders)) if n not in taken)


def read_folder(fields: Fields) -> Folder:
    """Read one folder.

    Raises:
        Malformed: it has too many coders, or its bonds cannot be.
    """
    count = fields.number()
    if not 0 < count <= MOST_CODERS:
        raise fields.wrong("number of coders")
    coders = tuple(_read_coder(fields) for _ in range(count))
    inputs = sum(coder.inputs for coder in coders)
    bonds = {fields.number(): fields.number() for _ in range(count - 1)}
    free = [n for n in range(inputs) if n not in bonds]
    packed = tuple(free)
    if len(free) > 1:
        packed = tuple(fields.number() for _ in free)
    if (
        len(bonds) != count - 1
        or len(set(bonds.values())) != count - 1
        or not all(n < inputs for n in bonds)
        or not all(n < count for n in bonds.values())
        or sorted(packed) != free
        or not free
    ):
        raise fields.wrong("bonds of a folder")
    return Folder(coders, bonds, packed)


def _read_coder(fields: Fields) -> Coder:
    flags = fields.byte()
    method = fields.take(flags & METHOD_LENGTH)
    inputs = outputs = 1
    if flags & COMPLEX:
        inputs, outputs = fields.number(), fields.number()
    if not 0 < inputs <= MOST_CODERS or outputs != 1:
        raise fields.wrong("inputs and outputs of a coder")
    properties = fields.take(fields.number()) if flags & PROPERTIES else b""
    return Coder(method, properties, inputs)
