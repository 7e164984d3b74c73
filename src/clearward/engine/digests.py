"""Digests of parts, made only where something of that size is listed."""

import hashlib
from collections.abc import Iterable

from clearward.core.reader import Reader
from clearward.native.layout import Scope
from clearward.rules.signatures import Signatures


class Digests:
    """The digests of the part that is looked at.

    Args:
        signatures: what lists digests.
    """

    def __init__(self, signatures: Signatures) -> None:
        self._signatures = signatures
        self._made: tuple[Reader, dict[str, bytes]] | None = None

    def of(self, content: Reader) -> dict[str, bytes]:
        """Return those that any list may have, made when a part is first asked for."""
        if self._made is None or self._made[0] is not content:
            chunks = content.chunks() if content.held is None else [content.held]
            asked = (
                self._signatures.algorithms(Scope.FILE, allows=it, size=content.size)
                for it in (True, False)
            )
            self._made = content, digests(frozenset[str]().union(*asked), chunks)
        return self._made[1]

    def forget(self) -> None:
        """Let go of the part."""
        self._made = None


def span(reader: Reader, start: int, size: int) -> Reader:
    """Return what of a span lies in the part."""
    start = min(start, reader.size)
    return reader.slice(start, min(size, reader.size - start))


def digests(algorithms: Iterable[str], chunks: Iterable[bytes]) -> dict[str, bytes]:
    """Return the digests of a part, all made in one pass."""
    running = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
    if running:
        for chunk in chunks:
            for made in running.values():
                made.update(chunk)
    return {name: made.digest() for name, made in running.items()}
