"""Extract indicators from a file and everything inside it, on the way of a scan.

The way through the parts asks a `Looker` about each; this one reads their text. So
whatever a scan opens is read, within the same limits.
"""

import time
from collections.abc import Callable, Sequence

from clearward.core.limits import Limits
from clearward.core.part import Item
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.engine.large import Asker
from clearward.engine.looker import AsksPassing
from clearward.engine.notes import Notes
from clearward.engine.result import Result
from clearward.engine.scan import Engine
from clearward.formats.extraction.gathered import Gathered, Tell
from clearward.formats.extraction.reading import PLAIN, kind_of, text_of
from clearward.formats.format import Format
from clearward.rules.ruleset import RuleSet

UNREAD = Reason.MEMORY_LIMIT  # a part too large to be held is not read


def extract(file: Reader, limits: Limits, tell: Tell) -> tuple[Result, bool]:
    """Look for indicators in a file; return what was unread, and if there was more.

    Args:
        file: its bytes.
        limits: for it and everything inside.
        tell: takes what is found, as it is found.
    """
    gathered = Gathered(tell)

    def looker(notes: Notes) -> Texts:
        return Texts(gathered, notes)

    engine = Engine(RuleSet(None, (), None), limits, time.monotonic, looker)
    return engine.scan(file, every=True), gathered.cut


class Texts:
    """Reads the text of one part after the other."""

    def __init__(self, gathered: Gathered, notes: Notes) -> None:
        self._gathered = gathered
        self._notes = notes

    def trusts(self, content: Reader) -> bool:  # noqa: ARG002 - as in `Looker`
        """No part is left out."""
        return False

    def context(self, around: Sequence[str]) -> tuple[object, ...]:
        """Return what tells how a part is read: what it lies in."""
        return tuple(around[-1:])

    def passes(
        self, content: Reader, formats: list[Format], around: tuple[str, ...]
    ) -> Asker:
        """Leave out what is too large to be held, and say so."""
        return self._unread(content.at(0, 1 << 12), formats, around)

    def streams(
        self, front: bytes, formats: list[Format], around: tuple[str, ...]
    ) -> AsksPassing:
        """Leave out what is too large to be held, and say so."""
        return self._unread(front, formats, around)

    def look(
        self,
        data: bytes,
        reader: Reader,  # noqa: ARG002 - as in `Looker`
        formats: list[Format],
        around: tuple[str, ...],
    ) -> str:
        """Read the text of a part that is at hand; return what it is."""
        kind = kind_of([format.name for format in formats])
        text = text_of(data, kind, around[-1] if around else PLAIN)
        if text:
            self._gathered.take(text)
        return kind

    def lists(self, item: Item, format: Format, size: int, kind: str) -> None:
        """Pass over what a container says of a member."""

    def _unread(
        self, front: bytes, formats: list[Format], around: tuple[str, ...]
    ) -> "Unread":
        kind = kind_of([format.name for format in formats])
        if text_of(front, kind, around[-1] if around else PLAIN) is not None:
            self._notes.gap(UNREAD)
        return Unread(kind)


class Unread:
    """A part that is too large to be read.

    Attributes:
        may_be_trusted, kind: as in `large.Asker`.
    """

    may_be_trusted = False

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def feed(self, chunk: bytes) -> None:
        """Let it pass."""

    def finish(self) -> None:
        """Say nothing more."""

    def is_trusted(self) -> bool:
        """No part is left out."""
        return False

    def look(self, check: Callable[[], None]) -> None:
        """Say nothing more."""
