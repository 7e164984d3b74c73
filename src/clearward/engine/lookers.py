"""Let the signatures of several images look at a part."""

from collections.abc import Callable, Sequence

from clearward.core.part import Item
from clearward.core.reader import Reader
from clearward.engine.large import Asker
from clearward.engine.looker import AsksPassing
from clearward.engine.looker import Looker as Looking
from clearward.engine.notes import Notes
from clearward.engine.signatures import Looker
from clearward.formats.format import Format
from clearward.rules.signatures import Signatures


def looker(signatures: Sequence[Signatures], notes: Notes) -> Looking:
    """Return what asks signatures about parts.

    Args:
        signatures: an entry for each image; at least one.
        notes: where what they say goes.
    """
    made = [Looker(each, notes) for each in signatures]
    return made[0] if len(made) == 1 else Lookers(made)


class Lookers:
    """Asks one image after the other. What one trusts is trusted."""

    def __init__(self, lookers: Sequence[Looking]) -> None:
        self._lookers = lookers

    def trusts(self, content: Reader) -> bool:
        """Say whether any image trusts a part."""
        return any(each.trusts(content) for each in self._lookers)

    def context(self, around: Sequence[str]) -> tuple[object, ...]:
        """Return what the signatures of all ask about what lies around a part."""
        return tuple(each.context(around) for each in self._lookers)

    def passes(
        self, content: Reader, formats: list[Format], around: tuple[str, ...]
    ) -> Asker:
        """Return what asks all about a part too large to be held."""
        return Askers([each.passes(content, formats, around) for each in self._lookers])

    def streams(
        self, front: bytes, formats: list[Format], around: tuple[str, ...]
    ) -> AsksPassing:
        """Return what asks all about a stream too large to be held."""
        asked = [each.streams(front, formats, around) for each in self._lookers]
        return AskersPassing(asked)

    def look(
        self,
        data: bytes,
        reader: Reader,
        formats: list[Format],
        around: tuple[str, ...],
    ) -> str:
        """Ask all about a part that is at hand; return its type."""
        kinds = [each.look(data, reader, formats, around) for each in self._lookers]
        return kinds[0]

    def lists(self, item: Item, format: Format, size: int, kind: str) -> None:
        """Ask all about what a container says of a member."""
        for each in self._lookers:
            each.lists(item, format, size, kind)


class Askers:
    """Asks one image after the other about a large part.

    Attributes:
        may_be_trusted, kind: as in `large.Asker`.
    """

    def __init__(self, askers: Sequence[Asker]) -> None:
        self._askers = askers
        self.may_be_trusted = any(each.may_be_trusted for each in askers)
        self.kind = askers[0].kind

    def feed(self, chunk: bytes) -> None:
        """Give all the next bytes."""
        for each in self._askers:
            each.feed(chunk)

    def is_trusted(self) -> bool:
        """Say whether any image trusts the part."""
        return any(each.is_trusted() for each in self._askers)

    def look(self, check: Callable[[], None]) -> None:
        """Ask all about the part."""
        for each in self._askers:
            each.look(check)


class AskersPassing:
    """Asks one image after the other about a stream.

    Attributes:
        kind: the type of the stream.
    """

    def __init__(self, askers: Sequence[AsksPassing]) -> None:
        self._askers = askers
        self.kind = askers[0].kind

    def feed(self, chunk: bytes) -> None:
        """Give all the next bytes."""
        for each in self._askers:
            each.feed(chunk)

    def finish(self) -> None:
        """Let all note what they say."""
        for each in self._askers:
            each.finish()
