"""The compiled matcher, with the methods of the reference.

What every part is asked runs in the extension, which has checked the image for itself.
Signatures that need an answer from outside are left to the reference: they are few.
"""

from collections.abc import Iterator, Sequence
from struct import Struct, pack
from typing import overload

from typing_extensions import override

from clearward.core.facts import Facts
from clearward.native import _native, follow, reference
from clearward.native.facts import pack_facts
from clearward.native.image import Image
from clearward.native.layout import SIGNATURE, Flag, Section, State
from clearward.native.sections import Entry
from clearward.native.signatures import Signature
from clearward.native.verify import Decide

SIZE = Struct("<Q")
LARGEST = 1 << 40  # bytes for which there are more steps
SEARCHED = 64  # bytes a step more: sixteen searches through all of a part


class Records(Sequence[Signature]):
    """The table of signatures, each read when it is asked for."""

    def __init__(self, data: memoryview) -> None:
        self._data = data

    @override
    def __len__(self) -> int:
        return len(self._data) // SIGNATURE.size

    @overload
    def __getitem__(self, index: int) -> Signature: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Signature]: ...
    @override
    def __getitem__(self, index: int | slice) -> Signature | Sequence[Signature]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError("no such signature")
        record = SIGNATURE.unpack_from(self._data, index * SIGNATURE.size)
        rule, flags, offset, length, target, subs, handler = record
        return Signature(rule, Flag(flags), offset, length, target, subs, handler)

    @override
    def __iter__(self) -> Iterator[Signature]:
        return (self[index] for index in range(len(self)))


class CheckedImage(Image):
    """A rule image that the extension has checked: the rest is read when asked for.

    Args:
        data: the whole of it; it must not change as long as the image is used.
        check_digest: as for `Image`.

    Attributes:
        prefilters, always: empty, they are the extension's.

    Raises:
        BadImage: it breaks the layout.
    """

    def __init__(self, data: bytes | memoryview, *, check_digest: bool = True) -> None:
        self.native = _native.Matcher(data, check_digest=False)  # Image compares it
        super().__init__(data, check_digest=check_digest)

    @override
    def _signatures(self) -> Sequence[Signature]:
        return Records(self.section(Section.SIGNATURES))

    @override
    def _read(self, entry: Entry) -> None:
        if entry.kind is Section.HASHES:
            super()._read(entry)


class Follower(follow.Follower):
    """As in the reference, but it keeps nothing of a window."""

    def __init__(self, native: "_native.Follower") -> None:
        self._native = native
        self.taken = native.taken
        self.margin = native.margin

    @property
    @override
    def left(self) -> int:
        """As in the reference."""
        return self._native.left

    @override
    def feed(self, data: bytes, base: int, *, last: bool) -> list[tuple[int, State]]:
        """As in the reference."""
        found = self._native.feed(data, base, last)
        return [(index, State(state)) for index, state in found]


class Matcher(reference.Matcher):
    """Finds the signatures of an image in parts, compiled.

    Args:
        image: a `CheckedImage`.
        steps: most steps for one signature on one part.
    """

    def __init__(self, image: Image, steps: int = reference.MOST_STEPS) -> None:
        super().__init__(image, steps)
        if not isinstance(image, CheckedImage):
            raise TypeError("the image was not checked by the extension")
        self._native = image.native
        self._types = image.types
        self._most_steps = steps
        self._packed: tuple[Facts, bytes] | None = None  # those asked about last

    def _pack(self, facts: Facts) -> bytes:
        """Return facts as bytes; signatures for several targets ask about the same."""
        if self._packed is None or self._packed[0] is not facts:
            self._packed = facts, pack_facts(facts, self._types)
        return self._packed[1]

    @override
    def candidates(self, data: bytes, partition: int) -> list[int]:
        """As in the reference."""
        return self._native.candidates(data, partition)

    @override
    def match(
        self, data: bytes, partition: int, facts: Facts
    ) -> list[tuple[int, State]]:
        """As in the reference."""
        packed = self._pack(facts)
        found = self._native.match(data, partition, packed, self._most_steps)
        return [(index, State(state)) for index, state in found]

    @override
    def verify(
        self, index: int, data: bytes, facts: Facts, decide: Decide | None = None
    ) -> State | None:
        """As in the reference, which does it if there is `decide`."""
        if decide is not None:
            return super().verify(index, data, facts, decide)
        packed = self._pack(facts)
        state = self._native.verify(index, data, packed, self._most_steps)
        return None if state is None else State(state)

    @override
    def follow(self, indices: Sequence[int], facts: Facts) -> follow.Follower:
        """As in the reference."""
        packed = pack_facts(facts, self._types)
        numbers = pack(f"<{len(indices)}I", *indices)
        steps = self._most_steps + min(facts.size, LARGEST) // SEARCHED
        return Follower(_native.Follower(self._native, numbers, packed, steps))

    @override
    def lookup(self, set_number: int, digest: bytes, size: int) -> list[int]:
        """As in the reference."""
        known = self._image.hashes.get(set_number)
        if known is None or len(digest) != known.algorithm:
            return []
        found = self._native.lookup_many(set_number, digest, SIZE.pack(size))
        return [rule for _, rule in found]

    @override
    def listed_sizes(self, set_number: int) -> bytes:
        """As in the reference."""
        return self._native.listed_sizes(set_number)

    @override
    def lookup_many(
        self, set_number: int, digests: bytes, sizes: bytes
    ) -> list[tuple[int, int]]:
        """As in the reference."""
        return self._native.lookup_many(set_number, digests, sizes)
