"""A file whose members several workers look at, each at its share.

    a worker   it can be shared                      Code.SHARES
    broker     the same descriptor to n workers, with a number each
    workers    clean, or: it takes one to tell       Code.WHOLE, or a match
    broker     all clean: clean; else: scanned once more by one worker, which is what
               counts

A share that dies or hangs is the doing of the file. A match that a share has met is
kept, should the last scan not come to it. Why so is in docs/decisions/0013.
"""

from dataclasses import dataclass, replace

from clearward.core.limits import MIB
from clearward.core.reasons import NONE, Reason
from clearward.core.verdict import Verdict
from clearward.jail.broker import Before, OpenFile

ANYWAY = 16 * MIB  # files of so many bytes are shared though no worker is idle
MOST_SHARES = 16  # every one costs a look at the directory


@dataclass(slots=True)
class Shared:
    """A file in the hands of several workers.

    Attributes:
        file: it is open until the last share has an answer, or one has decided.
        of: how many shares there are.
        left: shares without an answer.
        parts: of the shares that were answered, together.
        depth: deepest nesting of any of them.
        seconds: that the slowest of them took.
        over: nobody waits for a share any more.
    """

    file: OpenFile
    of: int
    left: int = 0
    parts: int = 0
    depth: int = 0
    seconds: float = 0.0
    over: bool = False

    def shares(self) -> list["Share"]:
        """Part it."""
        self.left = self.of
        return [Share(self, number) for number in range(self.of)]

    def add(self, verdict: Verdict, seconds: float) -> None:
        """Take the answer of a share that is clean."""
        self.left -= 1
        self.parts += verdict.parts
        self.depth = max(self.depth, verdict.depth)
        self.seconds = max(self.seconds, seconds)

    def verdict(self, reasons: Reason) -> Verdict:
        """What all shares together amount to.

        Args:
            reasons: what the broker knows.
        """
        return Verdict((), reasons, self.parts, self.depth)

    def as_a_whole(self, seconds: float, rules: tuple[int, ...]) -> OpenFile:
        """Return the file, to be scanned by one worker.

        Args:
            seconds: that the share took which makes it necessary.
            rules: those that it found.
        """
        self.over = True
        self.file.before = Before(max(self.seconds, seconds), rules)
        return self.file


@dataclass(slots=True)
class Share:
    """What one worker is asked for; in its hands it stands for the file.

    Attributes:
        whole: the file.
        number: counted from 0.
        again: a worker that had it has ended.
    """

    whole: Shared
    number: int
    again: bool = False

    @property
    def descriptor(self) -> int:
        """Of the file."""
        return self.whole.file.descriptor

    @property
    def size(self) -> int:
        """Of the file, in bytes."""
        return self.whole.file.size

    @property
    def gone(self) -> bool:
        """Nobody waits for its answer."""
        return self.whole.over

    @property
    def tenant(self) -> str:
        """Of the file."""
        return self.whole.file.tenant

    @property
    def every(self) -> bool:
        """A share is only asked whether anything matches."""
        return False

    def close(self) -> Reason:
        """Close the file, unless that is done or it is needed; say what came of it."""
        if self.whole.over:
            return NONE
        self.whole.over = True
        return self.whole.file.close()


def may_be_shared(file: OpenFile | Share) -> bool:
    """Say whether a worker may answer that a file can be shared."""
    return isinstance(file, OpenFile) and file.before is None


def with_before(verdict: Verdict, changed: Reason, before: Before | None) -> Verdict:
    """A verdict with what else is known: of the file, and by its shares."""
    if changed:
        verdict = replace(verdict, reasons=verdict.reasons | changed)
    if before is not None and before.rules and not verdict.rules:
        verdict = replace(verdict, rules=before.rules)
    return verdict
