"""What the way through the parts asks of those who ask signatures."""

from collections.abc import Sequence
from typing import Protocol

from clearward.core.part import Item
from clearward.core.reader import Reader
from clearward.engine.large import Asker
from clearward.formats.format import Format


class AsksPassing(Protocol):
    """Asks about one stream as it passes; see `engine.passing_signatures`.

    Attributes:
        kind: the type of the stream.
    """

    kind: str

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""

    def finish(self) -> None:
        """Note what the signatures say."""


class Looker(Protocol):
    """Asks signatures about one part after the other; see `engine.signatures`."""

    def trusts(self, content: Reader) -> bool:
        """Say whether a part, and so all inside it, is trusted."""

    def context(self, around: Sequence[str]) -> tuple[object, ...]:
        """Return what signatures ask about what lies around a part."""

    def passes(
        self, content: Reader, formats: list[Format], around: tuple[str, ...]
    ) -> Asker:
        """Return what asks about a part too large to be held."""

    def streams(
        self, front: bytes, formats: list[Format], around: tuple[str, ...]
    ) -> AsksPassing:
        """Return what asks about a stream too large to be held, which begins so."""

    def look(
        self,
        data: bytes,
        reader: Reader,
        formats: list[Format],
        around: tuple[str, ...],
    ) -> str:
        """Ask about a part that is at hand; return its type.

        What signatures say it is of is added to `formats`.
        """

    def lists(self, item: Item, format: Format, size: int, kind: str) -> None:
        """Ask about what a container says of a member, which was looked at before."""
