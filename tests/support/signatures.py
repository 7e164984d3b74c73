"""Signatures in few words, and a reader of images that owes the builder nothing."""

import struct
from dataclasses import dataclass
from itertools import pairwise

from clearward.rules.clamav.model import (
    Body,
    Both,
    Bytes,
    Chain,
    Element,
    Expression,
    Place,
    Signature,
    Term,
)


def body(*pieces: bytes | tuple[Element, ...], place: Place = Place()) -> Body:  # noqa: B008 - frozen
    """Return a body of pieces with any gap between them."""
    rows = tuple((Bytes(one),) if isinstance(one, bytes) else one for one in pieces)
    return Body((Chain(rows, ((0, None),) * (len(rows) - 1)),), place)


def every(count: int) -> Expression:
    """Return the expression that asks for all of so many sub-signatures."""
    expression: Expression = Term(0)
    for number in range(1, count):
        expression = Both(expression, Term(number))
    return expression


def signature(
    *subs: Body | bytes, name: str = "Test.Some", target: int = 1
) -> Signature:
    """Return a signature that asks for all of these."""
    bodies = tuple(body(sub) if isinstance(sub, bytes) else sub for sub in subs)
    return Signature(name, target, bodies, every(len(bodies)))


@dataclass(frozen=True)
class Record:
    """A record of SIGNATURES, and the program it points to."""

    rule: int
    flags: int
    program: bytes
    target: int
    subs: int
    handler: int


class Image:
    """What stands in an image: sections by kind and which, counts likewise."""

    def __init__(self, data: bytes) -> None:
        magic, version, count, length, self.rules = struct.unpack_from("<8sIIQQ", data)
        assert (magic, version, length) == (b"\x89CWR\r\n\x1a\n", 1, len(data))
        self.sections: dict[tuple[int, int], bytes] = {}
        self.counts: dict[tuple[int, int], int] = {}
        self.offsets: list[int] = []
        for number in range(count):
            row = struct.unpack_from("<IIQQQ", data, 64 + 32 * number)
            kind, which, offset, size, inside = row
            self.sections[kind, which] = data[offset : offset + size]
            self.counts[kind, which] = inside
            self.offsets.append(offset)

    def names(self) -> list[str]:
        """Return all names, by rule number."""
        data, count = self.sections[2, 0], self.counts[2, 0]
        ends = struct.unpack_from(f"<{count + 1}Q", data)
        blob = data[8 * (count + 1) :]
        assert ends[-1] == len(blob)
        return [blob[start:end].decode() for start, end in pairwise(ends)]

    def signatures(self) -> list[Record]:
        """Return the records with their programs."""
        programs = self.sections[4, 0]
        return [
            Record(rule, flags, programs[offset : offset + length], *rest)
            for rule, flags, offset, length, *rest in struct.iter_unpack(
                "<IIQIBBH8x", self.sections[3, 0]
            )
        ]

    def always(self, partition: int) -> list[int]:
        """Return the signatures of a partition that run always."""
        data = self.sections.get((6, partition), b"")
        return [number for (number,) in struct.iter_unpack("<I", data)]
