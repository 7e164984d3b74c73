"""ClamAV's signatures in force: what matches a view of a part, and what a digest says.

The matcher says which signatures match, and which may, if a regular expression does;
the expressions are looked for here. Each is compiled when it is first asked for, since
most files ask for none: plain Python and C, which need nothing that the lock forbids.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from clearward.core.facts import Facts
from clearward.core.part import Member
from clearward.core.reasons import NONE, Reason
from clearward.core.sights import BLIND, Sights
from clearward.native import Matcher, load
from clearward.native.errors import BadImage
from clearward.native.hashes import HashSet
from clearward.native.layout import (
    REGEX_LETTERS,
    SIGNATURE,
    Flag,
    Listing,
    Scope,
    Section,
    State,
)
from clearward.native.places import starts
from clearward.native.programs import Picture, Regex
from clearward.native.reference import Matcher as Finder
from clearward.native.verify import Result
from clearward.rules.clamav.regexes import MOST_SIZE, Compiled, compile_regex
from clearward.rules.links import Links, Pair
from clearward.rules.members import Container, Members

SMALLEST = 6  # bytes; of smaller parts nothing is asked, as clamscan does
SECONDS = 2.0
MOST_COMPILED = 2048  # expressions that are kept
_FLAGS_AT, _TARGET_AT = 4, 20  # in a record of the table of signatures
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
        unwanted: also those of potentially unwanted kinds.
        check_digest: compare the digest of the image, too.

    Attributes:
        image: as it was checked.
        partitions: targets for which there is any signature.
        rules: how many rules there are.
        unwanted: how many of them are of potentially unwanted kinds.
        members: rules about members of containers.
        links: rules about links in mail.

    Raises:
        BadImage: the image is not sound.
    """

    def __init__(
        self,
        image: bytes | memoryview,
        first: int,
        seconds: float = SECONDS,
        *,
        unwanted: bool = True,
        check_digest: bool = True,
    ) -> None:
        self.image = load(image, check_digest=check_digest)
        self._matcher = Matcher(self.image)
        self._first = first
        self._seconds = seconds
        self._asks_unwanted = unwanted
        self.rules = self.image.rules
        self._regexes: dict[tuple[int, int, int], Compiled] = {}
        members = self.image.section(Section.LISTS, Listing.MEMBERS)
        self.members = Members(members, self.rules)
        links = self.image.section(Section.LISTS, Listing.LINKS)
        self.links = Links(links, self.rules)
        # One byte of every record: there may be hundreds of thousands.
        records = self.image.section(Section.SIGNATURES)
        self.partitions = frozenset(records[_TARGET_AT :: SIGNATURE.size])
        flags = bytes(records[_FLAGS_AT :: SIGNATURE.size])
        self.unwanted = sum(
            flags.count(value) for value in range(256) if value & Flag.UNWANTED
        ) + sum(known.count for known in self._sets() if known.unwanted)

    def name(self, rule: int) -> str:
        """Return the name of a rule, which is counted from 0 here."""
        return self._matcher.name(rule)

    def algorithms(self, scope: Scope, *, allows: bool) -> frozenset[str]:
        """Return the names of the digests that are asked for."""
        return frozenset(
            ALGORITHMS[known.algorithm]
            for known in self._sets()
            if self._asks(known, scope, allows=allows) and known.count
        )

    def lists(self) -> tuple["ListedDigests", ...]:
        """Return the plain lists of digests, which every part is held against."""
        return tuple(
            ListedDigests(self._matcher, number, known, self._first)
            for number, known in self.image.hashes.items()
            if known.listed and known.count
        )

    def _sets(self) -> Iterable[HashSet]:
        return self.image.hashes.values()

    def _asks(self, known: HashSet, scope: Scope, *, allows: bool) -> bool:
        """Say whether a set is asked about digests of this kind."""
        if known.listed or (known.unwanted and not self._asks_unwanted):
            return False
        return known.scope is scope and known.allows is allows

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
            signature = self.image.signatures[index]
            if signature.flags & Flag.UNWANTED and not self._asks_unwanted:
                continue
            known: State | None = state
            if state is State.DEFERRED:
                answers = _Answers(self, data, facts, sights)
                known = self._matcher.verify(index, data, facts, answers.decide)
                reasons |= answers.reasons
            if known is State.OUT_OF_STEPS:
                reasons |= Reason.TIME_LIMIT
            elif known is State.MATCHES and signature.handler:
                handlers.append(self.image.types.names[signature.handler - 1])
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
        for number, known in self.image.hashes.items():
            if not self._asks(known, scope, allows=allows):
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
        """Return the compiled expression of a sub-signature.

        Raises:
            BadImage: it is none.
        """
        key = sub.offset, sub.length, sub.flags
        known = self._regexes.get(key)
        if known is None:
            if len(self._regexes) >= MOST_COMPILED:
                self._regexes.clear()
            known = self._regexes[key] = self._compile(sub)
        return known

    def check_regexes(self) -> None:
        """Compile every expression that a signature has, and forget it again.

        Raises:
            BadImage: one of them is none.
        """
        for index, signature in enumerate(self.image.signatures):
            if signature.flags & Flag.DEFERRED:
                for sub in self.image.program(index).subs:
                    if isinstance(sub, Regex):
                        self._compile(sub)

    @property
    def seconds(self) -> float:
        """Most for one regular expression on one part."""
        return self._seconds

    def _compile(self, sub: Regex) -> Compiled:
        text = self.image.text(sub.offset, sub.length)
        letters = "".join(
            letter for bit, letter in enumerate(REGEX_LETTERS) if sub.flags >> bit & 1
        )
        try:
            return compile_regex(text.decode(), letters)
        except ValueError as error:
            raise BadImage(f"a regular expression: {error}") from error


class ListedDigests:
    """A plain list of digests in an image, as `hashes.DigestSet` is one of text.

    Args:
        matcher: of the image.
        number: of the set in it.
        known: the set.
        first: number of the first rule of the image.
    """

    def __init__(
        self, matcher: Finder, number: int, known: HashSet, first: int
    ) -> None:
        self.algorithm = ALGORITHMS[known.algorithm]
        self._matcher = matcher
        self._number = number
        self._first = first

    def find(self, digest: bytes) -> int | None:
        """Return the number of the first rule for a digest, or None."""
        found = self._matcher.lookup(self._number, digest, 0)
        return self._first + found[0] if found else None


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
        except BadImage:  # an expression that is none; checked when it was compiled
            self.reasons |= Reason.UNSUPPORTED
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
