"""What every container format has: a name, a way to know it, a way to open it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from clearward.core.part import Item
from clearward.core.reader import Forward, Reader

Mine = Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class Format:
    """A container format.

    Exactly one of `unpack` and `unpack_ahead` is set, unless the format is known but
    cannot be opened here: then both are None, and a part of this format is
    unscanned/unsupported.

    Attributes:
        name: one word, as in ``docs/formats.md``.
        recognises: says whether a part is of this format, from its first bytes
            (`HEAD` of them, or all if it is shorter) and from a reader over it.
        unpack: yields the parts, reading at random.
        unpack_ahead: yields the parts, reading once from front to back.
        magics: every part of this format starts with one of these; empty if no such
            magic exists and `recognises` must always be asked.
        anywhere: such a container may begin in the middle of a part.
        shared: yields the parts of one share of a part, reading at random. What it is
            given has to be asked about every member in turn, with about the bytes of
            its content, and says whether the member is of this share. It yields a gap
            if any share could come to see anything else than `unpack` does.
        last: asked about a part only if no other format covers it, see `identify`.
        marks: every part of this format holds one of these somewhere; empty if no such
            bytes exist. Where they were looked for together with the rules and none is
            there, the format need not be asked.
    """

    name: str
    recognises: Callable[[bytes, Reader], bool]
    unpack: Callable[[Reader], Iterator[Item]] | None = None
    unpack_ahead: Callable[[Forward], Iterator[Item]] | None = None
    magics: tuple[bytes, ...] = ()
    anywhere: bool = False
    marks: tuple[bytes, ...] = ()
    last: bool = False
    shared: Callable[[Reader, Mine], Iterator[Item]] | None = None
