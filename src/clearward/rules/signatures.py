"""ClamAV's signatures in force: what matches a view of a part, and what a digest says.

The matcher says which signatures match, and which may, if a regular expression does;
the expressions are looked for here. All are compiled when the image is loaded: behind
the lock nothing is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clearward.core.facts import Facts
from clearward.core.part import Member
from clearward.core.reasons import NONE, Reason
from clearward.core.sights import BLIND, Sights
from clearward.native import Matcher, load
from clearward.native.errors import BadImage
from clearward.native.layout import REGEX_LETTERS, Flag, Listing, Scope, Section, State
from clearward.native.places import starts
from clearward.native.programs import Picture, Regex
from clearward.native.verify import Result
from clearward.rules.clamav.regexes import MOST_SIZE, Compiled, compile_regex
from clearward.rules.links import Links, Pair
from clearward.rules.members import Container, Members

SMALLEST = 6  # bytes; of smaller parts nothing is asked, as clamscan does
SECONDS = 2.0
ALGORITHMS = {16: "md5", 20: "sha1", 32: "sha256"}


@dataclass(frozen=True, slots=True)
class Said:
    """What signatures say about one view of a part.

    Attributes:
        rules: numbers of those that match.
        handlers: types as which the part is to be looked at again.
        reasons: why something could not be decided.
    """

    rules: tuple[int, ...] = ()
    handlers: tuple[str, ...] = ()
    reasons: Reason = NONE


NOTHING = Said()


class Signatures:
    """Matches views of parts, and looks digests up.

    Args:
        image: the rule image.
        first: number of its first rule in the name table.
        seconds: most for one regular expression on one part.

    Attributes:
        partitions: targets for which there is any signature.
        rules: how many rules there are.
        members: rules about members of containers.
        links: rules about links in mail.

    Raises:
        BadImage: the image is not sound.
    """

    def __init__(self, image: bytes, first: int, seconds: float = SECONDS) -> None:
        self._image = load(image)
        self._matcher = Matcher(self._image)
        self._first = first
        self._seconds = seconds
        self.rules = self._image.rules
        self._regexes = self._compiled()
        members = self._image.section(Section.LISTS, Listing.MEMBERS)
        self.members = Members(members, self.rules)
        links = self._image.section(Section.LISTS, Listing.LINKS)
        self.links = Links(links, self.rules)
        self.partitions = frozenset(
            signature.target for signature in self._image.signatures
        )

    def name(self, rule: int) -> str:
        """Return the name of a rule, which is counted from 0 here."""
        return self._matcher.name(rule)

    def algorithms(self, scope: Scope, *, allows: bool) -> frozenset[str]:
        """Return the names of the digests that are asked for."""
        return frozenset(
            ALGORITHMS[known.algorithm]
            for known in self._image.hashes.values()
            if known.scope is scope and known.allows is allows and known.count
        )

    def match(
        self, data: bytes, target: int, facts: Facts, sights: Sights = BLIND
    ) -> Said:
        """Say which signatures for a target match.

        Args:
            data: the whole part, or a view of it.
            target: whose signatures to ask.
            facts: about the part.
            sights: what can be seen in it; asked only if a signature does.

        Raises:
            NotLoaded: what the part looks like needs a library that is not here.
        """
        if target not in self.partitions or len(data) < SMALLEST:
            return NOTHING
        found: list[int] = []
        handlers: list[str] = []
        reasons = NONE
        for index, state in self._matcher.match(data, target, facts):
            known: State | None = state
            if state is State.DEFERRED:
                answers = _Answers(self, data, facts, sights)
                known = self._matcher.verify(index, data, facts, answers.decide)
                reasons |= answers.reasons
            signature = self._image.signatures[index]
            if known is State.OUT_OF_STEPS:
                reasons |= Reason.TIME_LIMIT
            elif known is State.MATCHES and signature.handler:
                handlers.append(self._image.types.names[signature.handler - 1])
            elif known is State.MATCHES:
                found.append(self._first + signature.rule)
        return Said(tuple(found), tuple(handlers), reasons)

    def listed(
        self, scope: Scope, digests: dict[str, bytes], size: int, *, allows: bool
    ) -> list[int]:
        """Return the rules that list any of some digests.

        Args:
            scope: what the digests are of.
            digests: by algorithm.
            size: bytes of what they are of.
            allows: ask for what is trusted, not for what is bad.
        """
        found: list[int] = []
        for number, known in self._image.hashes.items():
            if known.scope is not scope or known.allows is not allows:
                continue
            digest = digests.get(ALGORITHMS[known.algorithm])
            if digest is not None:
                found.extend(self._matcher.lookup(number, digest, size))
        return [self._first + rule for rule in found]

    def about(self, around: Container, name: bytes, member: Member) -> Said:
        """Say which rules a container's word on a member matches."""
        found, reasons = self.members.match(around, name, member)
        return Said(tuple(self._first + rule for rule in found), (), reasons)

    def linked(self, pairs: list[Pair]) -> Said:
        """Say which rules the links of a mail match."""
        found, reasons = self.links.judge(pairs)
        return Said(tuple(self._first + rule for rule in found), (), reasons)

    def regex(self, sub: Regex) -> Compiled:
        """Return the compiled expression of a sub-signature."""
        return self._regexes[sub.offset, sub.length, sub.flags]

    @property
    def seconds(self) -> float:
        """Most for one regular expression on one part."""
        return self._seconds

    def _compiled(self) -> dict[tuple[int, int, int], Compiled]:
        """Compile every expression that a signature has."""
        found: dict[tuple[int, int, int], Compiled] = {}
        for index, signature in enumerate(self._image.signatures):
            if not signature.flags & Flag.DEFERRED:
                continue
            for sub in self._image.program(index).subs:
                if isinstance(sub, Regex):
                    found[sub.offset, sub.length, sub.flags] = self._compile(sub)
        return found

    def _compile(self, sub: Regex) -> Compiled:
        text = self._image.text(sub.offset, sub.length)
        letters = "".join(
            letter for bit, letter in enumerate(REGEX_LETTERS) if sub.flags >> bit & 1
        )
        try:
            return compile_regex(text.decode(), letters)
        except ValueError as error:
            raise BadImage(f"a regular expression: {error}") from error


class _Answers:
    """Answers for what the matcher cannot decide about one part.

    Attributes:
        reasons: why an answer is only a guess.
    """

    def __init__(
        self, signatures: Signatures, data: bytes, facts: Facts, sights: Sights
    ) -> None:
        self._signatures = signatures
        self._data = data
        self._facts = facts
        self._sights = sights
        self.reasons = NONE

    def decide(
        self, _number: int, sub: Regex | Picture, _results: Sequence[Result]
    ) -> Sequence[int]:
        """Return the places where a sub-signature matches, ascending.

        Nothing that cannot be looked for is said to match; the reason is kept.
        """
        if isinstance(sub, Picture):
            seen = self._sights.look()
            self.reasons |= seen.reasons
            return (0,) if seen.hash == sub.hash else ()
        if len(self._data) > MOST_SIZE:
            self.reasons |= Reason.SIZE_LIMIT
            return ()
        try:
            return self._places(sub)
        except TimeoutError:
            self.reasons |= Reason.TIME_LIMIT
            return ()

    def _places(self, sub: Regex) -> list[int]:
        compiled = self._signatures.regex(sub)
        found: set[int] = set()
        size = len(self._data)
        for low, high in starts(sub.place, self._facts, size):
            end = high if compiled.confined else size
            last = size if compiled.rolls and low == high else high
            for place in compiled.starts(
                self._data, low, end, seconds=self._signatures.seconds
            ):
                if place > last:
                    break
                found.add(place)
        return sorted(found)


Decide = Callable[[int, Regex | Picture, Sequence[Result]], Sequence[int]]
