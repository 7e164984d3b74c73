"""Let ClamAV's signatures look at a part too large to be held.

It is read twice: once for its digests and for what may match at all, together with
whatever else looks at it, and once for what does match.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from clearward.core.facts import Facts
from clearward.core.filetypes import Target, target
from clearward.core.reader import Reader
from clearward.core.sights import BLIND, TOO_LARGE
from clearward.engine.notes import Notes
from clearward.native.layout import Scope
from clearward.rules.said import Said
from clearward.rules.signature_windows import Following, Survey
from clearward.rules.signatures import Signatures
from clearward.rules.yara import Hit

_SEEN = frozenset({Target.PE, Target.GRAPHICS})  # that signatures may ask the looks of


@dataclass(frozen=True, slots=True)
class About:
    """What the signatures ask beyond the bytes.

    Attributes:
        targets: whose signatures see the part as it is.
        facts: gives the facts; asks about sections and imports, too.
        views: asks about the normalised views.
        kind: its ClamAV type.
    """

    targets: tuple[Target, ...]
    facts: Callable[[], Facts]
    views: Callable[[Facts], None]
    kind: str


class Large:
    """One part. Feed it front to back, ask whether it is trusted, then look.

    Args:
        signatures: to be asked.
        notes: where what they say goes.
        content: the part.
        about: it.

    Attributes:
        may_be_trusted: there are lists of what is allowed and as long.
        kind: its ClamAV type.
    """

    def __init__(
        self, signatures: Signatures, notes: Notes, content: Reader, about: About
    ) -> None:
        self._signatures = signatures
        self._notes = notes
        self._content = content
        self._about = about
        self._survey = Survey(signatures, about.targets)
        asked = [
            signatures.algorithms(Scope.FILE, allows=it, size=content.size)
            for it in (True, False)
        ]
        self._running = {
            name: hashlib.new(name, usedforsecurity=False)
            for name in {*asked[0], *asked[1]}
        }
        self.may_be_trusted = bool(asked[0])
        self.kind = about.kind

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        for running in self._running.values():
            running.update(chunk)
        self._survey.feed(chunk)

    def is_trusted(self) -> bool:
        """Say whether the part, and so all inside it, is trusted."""
        return bool(self._listed(allows=True))

    def look(self, check: Callable[[], None]) -> None:
        """Note what the signatures say.

        Args:
            check: is called now and then; what it raises passes through.
        """
        size = self._content.size
        self._notes.hits(Hit(rule, 0, size) for rule in self._listed(allows=False))
        facts = self._about.facts()
        self._about.views(facts)
        sights = TOO_LARGE if _SEEN.intersection(self._about.targets) else BLIND
        following = Following(self._signatures, self._content, facts, check, sights)
        said = following.said(self._survey.candidates() | self._survey.always())
        self._tell(said)
        others = {target(handler) for handler in said.handlers}
        others -= {*self._about.targets}
        if others:
            survey = Survey(self._signatures, others)
            for chunk in self._content.chunks():
                check()
                survey.feed(chunk)
            self._tell(following.said(survey.candidates() | survey.always()))

    def _listed(self, *, allows: bool) -> Iterable[int]:
        made = {name: running.digest() for name, running in self._running.items()}
        size = self._content.size
        return self._signatures.listed(Scope.FILE, made, size, allows=allows)

    def _tell(self, said: Said) -> None:
        if said.reasons:
            self._notes.gap(said.reasons)
        self._notes.hits(map(Hit, said.rules))
