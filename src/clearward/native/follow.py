"""Signatures on one part that comes in windows: what they say is what they say of all.

Windows come front to back. Each begins so that at least the last `margin` bytes of the
one before are in it, too; the first begins at 0, the last ends where the part does. So
whatever a piece and its surroundings take lies whole in some window.

The reference waits for all of the part. The compiled one keeps nothing of a window but
how far it has come with each piece, so it says earlier what is certain, and says
SCATTERED where it takes more: byte compares and macros that the rest does not decide
(both count from where a match starts), and pieces of more than a mebibyte.

Of a part that only passes by, the size is not known before its end: it is NOWHERE then.
The compiled one says SCATTERED also of what asks for the size or counts from the end.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from clearward.core.facts import Facts
from clearward.native.layout import NOWHERE, State

Verify = Callable[[int, bytes, Facts], State | None]


class Follower:
    """Verifies signatures on one part.

    Args:
        indices: of the signatures.
        facts: about the part, its size included, which may be NOWHERE.
        verify: says what one of them says about a whole part.

    Attributes:
        taken: how many of the signatures, from the first one on, there is room for; the
            others have to be followed once more.
        margin: bytes at the end of a window that have to be in the next one, too.
    """

    def __init__(self, indices: Sequence[int], facts: Facts, verify: Verify) -> None:
        self.taken = len(indices)
        self.margin = 0
        self._indices = tuple(indices)
        self._facts = facts
        self._verify = verify
        self._data = bytearray()
        self._ended = False

    @property
    def left(self) -> int:
        """How many signatures are not decided."""
        return 0 if self._ended else self.taken

    def feed(self, data: bytes, base: int, *, last: bool) -> list[tuple[int, State]]:
        """Look at the next window; return what it decides, but for what does not match.

        Args:
            data: the window.
            base: where it begins in the part.
            last: the part ends with it.

        Raises:
            ValueError: it does not follow the one before, or the part ends elsewhere.
        """
        held = len(self._data)
        end = base + len(data)
        size = self._facts.size
        wrong = size != NOWHERE and (end > size or (end == size) != last)
        if self._ended or base > held or wrong:
            raise ValueError("that window does not follow the last one")
        self._data += data[held - base :]
        if not last:
            return []
        self._ended = True
        whole = bytes(self._data)
        facts = replace(self._facts, size=len(whole))
        states = ((one, self._verify(one, whole, facts)) for one in self._indices)
        return [(one, state) for one, state in states if state is not None]
