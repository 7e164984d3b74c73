"""Rows of formats/closed.toml with the predicates of one file."""

from collections.abc import Collection

from clearward.core.reader import Reader
from clearward.formats.closed import ENTRIES

HEAD = 64 * 1024


class Rows:
    """The rows that ask some predicates."""

    def __init__(self, predicates: Collection[object]) -> None:
        self.by_name = {
            each.format.name: each
            for each in ENTRIES
            if each.signature.check in set(predicates)
        }

    def recognised(self, data: bytes) -> list[str]:
        """Names of those that a part is of."""
        reader = Reader.of(data)
        return [
            name
            for name, each in self.by_name.items()
            if each.format.recognises(data[:HEAD], reader)
        ]

    def magics(self) -> list[bytes]:
        """Every magic of theirs."""
        rows = self.by_name.values()
        return sorted(magic for each in rows for magic in each.signature.magics)
