"""The matcher in plain Python: the specification of the native one, and its stand-in.

What each thing means is said where it is done: `prefilter` (candidates), `verify` (the
order of things), `conditions`, `places`, `elements`, `pieces`, `borders`, `bodies`,
`compare`, `expression`, `hashes`. A part is always looked at whole, also if it comes in
windows (`follow`).
"""

from collections.abc import Iterator, Sequence
from struct import Struct

from clearward.core.facts import Facts
from clearward.native.follow import Follower
from clearward.native.hashes import ANY_LISTED
from clearward.native.image import Image
from clearward.native.layout import Flag, State
from clearward.native.paged import Data, Paged
from clearward.native.programs import Program
from clearward.native.steps import OutOfSteps, Steps
from clearward.native.verify import Decide, Part, verify

MOST_STEPS = 50_000_000  # for one signature on one part
SIZE = Struct("<Q")


class Matcher:
    """Finds the signatures of an image in parts.

    Args:
        image: the rules, checked.
        steps: most steps for one signature on one part.
    """

    def __init__(self, image: Image, steps: int = MOST_STEPS) -> None:
        self._image = image
        self._steps = steps
        self._programs: dict[int, Program] = {}

    def candidates(self, data: bytes, partition: int) -> list[int]:
        """Return the signatures of which an anchor stands in `data`, ascending."""
        prefilter = self._image.prefilters.get(partition)
        return sorted(prefilter.candidates(data)) if prefilter else []

    def match(
        self, data: bytes, partition: int, facts: Facts
    ) -> list[tuple[int, State]]:
        """Return the signatures of a partition that match a part, ascending.

        Candidates of the prefilter are verified, and those that always are. One that
        does not match is left out; one with `Flag.DEFERRED` is never more than
        DEFERRED.

        Args:
            data: the whole part.
            partition: target of the signatures.
            facts: about the part.
        """
        found: list[tuple[int, State]] = []
        always = self._image.always.get(partition, ())
        for index in sorted({*self.candidates(data, partition), *always}):
            state = self._state(index, data, facts, None)
            if state is not None:
                found.append((index, state))
        return found

    def verify(
        self, index: int, data: bytes, facts: Facts, decide: Decide | None = None
    ) -> State | None:
        """Return what one signature says about a part, None if it does not match.

        Args:
            index: of the signature.
            data: the whole part.
            facts: about it.
            decide: answers for regular expressions and pictures (see `verify.verify`);
                with it, nothing but icons is deferred, and they are taken as matched.
        """
        return self._state(index, data, facts, decide)

    def verify_paged(
        self, index: int, data: Paged, facts: Facts, decide: Decide | None = None
    ) -> State | None:
        """Return the same of a part that is read as it is asked for, slowly.

        For what `follow` calls SCATTERED.
        """
        return self._state(index, data, facts, decide)

    def follow(self, indices: Sequence[int], facts: Facts) -> Follower:
        """Return what verifies signatures on a part that comes in windows.

        Args:
            indices: of the signatures.
            facts: about the part, its size included.
        """
        return Follower(indices, facts, self._state_of)

    def _state_of(self, index: int, data: bytes, facts: Facts) -> State | None:
        return self._state(index, data, facts, None)

    def _state(
        self, index: int, data: Data, facts: Facts, decide: Decide | None
    ) -> State | None:
        program = self._programs.get(index)
        if program is None:
            program = self._programs[index] = self._image.program(index)
        try:
            part = Part(data, facts, self._image.types)
            if not verify(program, part, Steps(self._steps), decide):
                return None
        except OutOfSteps:
            return State.OUT_OF_STEPS
        deferred = self._image.signatures[index].flags & Flag.DEFERRED
        return State.DEFERRED if deferred and decide is None else State.MATCHES

    def lookup(self, set_number: int, digest: bytes, size: int) -> list[int]:
        """Return the rules of a set that list a digest for this size, ascending.

        Raises:
            BadImage: the set is not laid out as it should.
        """
        found = self._image.hashes.get(set_number)
        return found.lookup(digest, size) if found else []

    def listed_sizes(self, set_number: int) -> bytes:
        """Return the sizes for which a set lists anything, see `hashes.may_list`."""
        found = self._image.hashes.get(set_number)
        return found.listed_sizes() if found else ANY_LISTED

    def lookup_many(
        self, set_number: int, digests: bytes, sizes: bytes
    ) -> list[tuple[int, int]]:
        """Look many digests up.

        Args:
            set_number: as in `lookup`.
            digests: one behind the other.
            sizes: as many, 8 bytes each, little-endian.

        Returns:
            For each hit the index of the digest and the rule, ascending.

        Raises:
            ValueError: `digests` or `sizes` have a wrong length.
            BadImage: the set is not laid out as it should.
        """
        return list(self._hits(set_number, digests, sizes))

    def _hits(
        self, set_number: int, digests: bytes, sizes: bytes
    ) -> Iterator[tuple[int, int]]:
        known = self._image.hashes.get(set_number)
        if known is None:
            return
        length = known.algorithm
        if len(digests) % length or len(sizes) != len(digests) // length * SIZE.size:
            raise ValueError("digests and sizes do not fit each other")
        for index, (size,) in enumerate(SIZE.iter_unpack(sizes)):
            digest = digests[index * length : (index + 1) * length]
            for rule in known.lookup(digest, size):
                yield index, rule

    def name(self, rule: int) -> str:
        """Return the name of a rule; of a digest without one, the digest.

        Raises:
            BadImage: what stands there is no name.
            IndexError: there is no such rule.
        """
        name = self._image.names.name(rule)
        if name:
            return name
        for known in self._image.hashes.values():
            if known.first <= rule < known.first + known.count:
                return known.digest(rule - known.first).hex()
        return ""
