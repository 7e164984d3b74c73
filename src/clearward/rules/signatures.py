"""ClamAV's signatures in force: what matches a view of a part, and what a digest says.

The matcher says which signatures match, and which may, if a regular expression does or
a picture looks so: see `answers`.
"""

from collections.abc import Collection, Iterator, Sequence
from struct import Struct

from clearward.core.facts import Facts
from clearward.core.part import Member
from clearward.core.reasons import NONE, Reason
from clearward.core.sights import BLIND, Sights
from clearward.native import reference
from clearward.native.chosen import Matcher, load
from clearward.native.hashes import may_list
from clearward.native.layout import (
    SIGNATURE,
    Condition,
    Flag,
    Listing,
    Scope,
    Section,
    State,
)
from clearward.native.paged import Paged
from clearward.native.verify import Part
from clearward.rules.answers import Answers, Regexes
from clearward.rules.digest_lists import ALGORITHMS, ListedDigests
from clearward.rules.icons import Icons
from clearward.rules.links import Links, Pair
from clearward.rules.magics import Magics
from clearward.rules.members import Container, Members
from clearward.rules.said import NOTHING, Said
from clearward.rules.signature_hits import hits
from clearward.rules.yara import Hit

NUMBER = Struct("<I")
SMALLEST = 6  # bytes; of smaller parts nothing is asked, as clamscan does
SECONDS = 2.0
WORD = 0xFFFFFFFF
_FLAGS_AT, _TARGET_AT = 4, 20  # in a record of the table of signatures
_WANTED = bytes(flags for flags in range(256) if not flags & Flag.UNWANTED)


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
        icons: what icons of programs are known by.
        magics: what types are known by, beside those that are built in.

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
        self._asks_unwanted = unwanted
        self._ignored: frozenset[str] = frozenset()
        self._asked_sets: dict[tuple[Scope, bool], tuple[tuple[int, str], ...]] = {}
        self._sizes = {  # here and not when first asked for, so that workers share it
            number: self._matcher.listed_sizes(number) for number in self.image.hashes
        }
        self.rules = self.image.rules
        self._regexes = Regexes(self.image, seconds)
        self.icons = Icons(self.image.section(Section.LISTS, Listing.ICONS))
        members = self.image.section(Section.LISTS, Listing.MEMBERS)
        self.members = Members(members, self.rules)
        self.links = Links(self.image.section(Section.LISTS, Listing.LINKS), self.rules)
        self.magics = Magics(self.image.section(Section.LISTS, Listing.MAGICS))
        # One byte of each record, of which there may be hundreds of thousands.
        records = self.image.section(Section.SIGNATURES)
        self.partitions = frozenset(bytes(records[_TARGET_AT :: SIGNATURE.size]))
        flags = bytes(records[_FLAGS_AT :: SIGNATURE.size])
        self.unwanted = len(flags.translate(None, _WANTED)) + sum(
            known.count for known in self.image.hashes.values() if known.unwanted
        )

    def name(self, rule: int) -> str:
        """Return the name of a rule, which is counted from 0 here."""
        return self._matcher.name(rule)

    def ignore(self, names: Collection[str]) -> None:
        """Leave rules of these names out from now on."""
        self._ignored = frozenset(names)

    def _is_ignored(self, rule: int) -> bool:
        """Say whether a rule is left out by its name."""
        return bool(self._ignored) and self.name(rule) in self._ignored

    def algorithms(
        self, scope: Scope, *, allows: bool, size: int | None = None
    ) -> frozenset[str]:
        """Return the names of the digests that are asked for.

        Args:
            scope: what the digests are of.
            allows: for what is trusted, not for what is bad.
            size: only those that are asked for of so many bytes: most lists say how
                long what they list is, so few parts need a digest at all.
        """
        return frozenset(
            known
            for number, known in self._asked(scope, allows=allows)
            if size is None or may_list(self._sizes[number], size)
        )

    def lists(self) -> tuple[ListedDigests, ...]:
        """Return the plain lists of digests, which every part is held against."""
        return tuple(
            ListedDigests(self._matcher, number, known, self._first)
            for number, known in self.image.hashes.items()
            if known.listed and known.count
        )

    def _asked(self, scope: Scope, *, allows: bool) -> tuple[tuple[int, str], ...]:
        """Return the sets asked about digests of a kind: numbers and algorithms."""
        key = scope, allows
        found = self._asked_sets.get(key)
        if found is None:  # every part asks, so it is found out once
            found = self._asked_sets[key] = tuple(
                (number, ALGORITHMS[known.algorithm])
                for number, known in self.image.hashes.items()
                if known.scope is scope and known.allows is allows
                if known.count and not known.listed
                if self._asks_unwanted or not known.unwanted
            )
        return found

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
        matched: list[int] = []
        handlers: list[str] = []
        reasons = NONE
        for index, state in self._matcher.match(data, target, facts):
            signature = self.image.signatures[index]
            if not self.asks(index):
                continue
            known: State | None = state
            if state is State.DEFERRED:
                answers = Answers(self._regexes, data, facts, sights)
                known = self._decided(index, answers)
                reasons |= answers.reasons
            if known is State.OUT_OF_STEPS:
                reasons |= Reason.TIME_LIMIT
            elif known is State.MATCHES and signature.handler:
                handlers.append(self.image.types.names[signature.handler - 1])
            elif known is State.MATCHES:
                found.append(self._first + signature.rule)
                matched.append(index)
        return Said(tuple(found), tuple(handlers), reasons, tuple(matched))

    def where(
        self, said: Said, data: bytes, facts: Facts, sights: Sights
    ) -> Iterator[Hit]:
        """Yield where signatures match that `match` has named; see `signature_hits`."""
        part = Part(data, facts, self.image.types)
        answers = Answers(self._regexes, data, facts, sights)
        for index in said.matched:
            rule = self._first + self.image.signatures[index].rule
            program = self.image.program(index)
            yield from list(hits(program, part, rule, answers.spans)) or [Hit(rule)]

    def _decided(self, index: int, answers: Answers) -> State | None:
        """Return what becomes of a signature that the matcher left open."""
        data, facts = answers.data, answers.facts
        if isinstance(data, Paged):
            known = self._matcher.verify_paged(index, data, facts, answers.decide)
        else:
            known = self._matcher.verify(index, data, facts, answers.decide)
        groups = self._groups(index) if known is State.MATCHES else ()
        return known if not groups or answers.shows(self.icons, groups) else None

    def _groups(self, index: int) -> tuple[str, ...]:
        """Return the groups of icons that a signature asks for."""
        return tuple(
            self.image.text(place & WORD, place >> 32).decode(errors="replace")
            for demand in self.image.program(index).demands
            if demand.kind is Condition.ICONS
            for place in demand.values
        )

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
        for number, algorithm in self._asked(scope, allows=allows):
            digest = digests.get(algorithm)
            if digest is not None:
                found.extend(self._matcher.lookup(number, digest, size))
        return [self._first + rule for rule in found if not self._is_ignored(rule)]

    def about(self, around: Container, name: bytes, member: Member) -> Said:
        """Say which rules a container's word on a member matches."""
        found, reasons = self.members.match(around, name, member)
        kept = [self._first + rule for rule in found if not self._is_ignored(rule)]
        return Said(tuple(kept), (), reasons)

    def linked(self, pairs: list[Pair]) -> Said:
        """Say which rules the links of a mail match."""
        found, reasons = self.links.judge(pairs)
        return Said(tuple(self._first + rule for rule in found), (), reasons)

    def check_regexes(self) -> None:
        """Compile every expression that a signature has.

        Raises:
            BadImage: one of them is none.
        """
        self._regexes.check()

    @property
    def matcher(self) -> reference.Matcher:
        """Verifies single signatures, for parts too large to be held."""
        return self._matcher

    def asks(self, index: int) -> bool:
        """Say whether a signature is in force: unwanted and ignored ones are not."""
        one = self.image.signatures[index]
        wanted = self._asks_unwanted or not one.flags & Flag.UNWANTED
        return wanted and not self._is_ignored(one.rule)

    def candidates(self, data: bytes, target: int) -> list[int]:
        """Return signatures of which an anchor stands in some bytes."""
        return self._matcher.candidates(data, target)

    def always(self, target: int) -> Sequence[int]:
        """Return the signatures for a target that no anchor finds."""
        listed = self.image.section(Section.ALWAYS, target)
        return [number for (number,) in NUMBER.iter_unpack(listed)]

    def meaning(self, index: int) -> tuple[int, str]:
        """Return the rule of a signature, and as what type it has a part seen again."""
        signature = self.image.signatures[index]
        types = ("", *self.image.types.names)
        return self._first + signature.rule, types[signature.handler]

    def look_again(
        self, index: int, data: Paged, facts: Facts, sights: Sights
    ) -> tuple[State | None, Reason]:
        """Say what a signature says of a part that is read as it is asked for.

        Returns:
            as the matcher says it, and why something could not be decided.
        """
        answers = Answers(self._regexes, data, facts, sights)
        known = self._decided(index, answers)
        return known, answers.reasons
