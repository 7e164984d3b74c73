"""Let ClamAV's signatures look at a stream too large to be held, as it passes."""

import hashlib

from clearward.core.facts import Facts
from clearward.core.filetypes import Target, target
from clearward.core.reasons import NONE, Reason
from clearward.engine.notes import Notes
from clearward.native.layout import Scope
from clearward.rules.signature_windows import Passing
from clearward.rules.signatures import Signatures
from clearward.rules.yara import Hit

# Types of which signatures ask where the program begins: the headers may be anywhere.
_PLACED = {Target.PE, Target.ELF, Target.MACHO}
# Types that are seen in views, up to less than what is held of any stream.
_VIEWED = {Target.TEXT: (Target.ANY,), Target.HTML: ()}


class PassingPart:
    """One stream. Feed it front to back, then finish.

    Whether it is trusted is only known when it has passed, and what lies in it has been
    looked at: nobody asks.

    Args:
        signatures: to be asked.
        notes: where what they say goes.
        kind: ClamAV type of the stream, as far as its front tells.
        around: types of what it lies in, from the outermost in.

    Attributes:
        kind: likewise.
    """

    def __init__(
        self, signatures: Signatures, notes: Notes, kind: str, around: tuple[str, ...]
    ) -> None:
        self.kind = kind
        self._signatures = signatures
        self._notes = notes
        self._size = 0
        own = target(kind)
        self._reasons = Reason.MEMORY_LIMIT if own in _PLACED else NONE
        if own in _VIEWED:
            self._reasons = Reason.SIZE_LIMIT
        facts = Facts(
            0,
            container=around[-1] if around else "",
            intermediates=around,
            placed=own not in _PLACED,
        )
        targets = _VIEWED.get(own, (Target.ANY, own))
        self._passing = Passing(signatures, targets, facts)
        self._running = {
            name: hashlib.new(name, usedforsecurity=False)
            for name in signatures.algorithms(Scope.FILE, allows=False)
        }

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._size += len(chunk)
        for running in self._running.values():
            running.update(chunk)
        self._passing.feed(chunk)

    def finish(self) -> None:
        """Note what the signatures say."""
        made = {name: running.digest() for name, running in self._running.items()}
        listed = self._signatures.listed(Scope.FILE, made, self._size, allows=False)
        said = self._passing.said()
        if reasons := said.reasons | self._reasons:
            self._notes.gap(reasons)
        self._notes.hits(Hit(rule, 0, self._size) for rule in listed)
        self._notes.hits(map(Hit, said.rules))
