"""Read what an unpacker yields, both at random and from front to back."""

from collections.abc import Callable, Iterable, Iterator

import pytest

from clearward.core.errors import Malformed
from clearward.core.part import Gap, Item, Link, Mention, Part
from clearward.core.reader import CHUNK, Content, Cursor, Forward, Reader, Stream
from clearward.core.reasons import Reason

Ahead = Callable[[Forward], Iterator[Item]]


def read(content: Content) -> bytes:
    """All bytes of a part."""
    if isinstance(content, Reader):
        return content.at(0, content.size)
    return b"".join(content.rest())


def contents(items: Iterable[Item]) -> list[bytes]:
    """The bytes of each part, in order; gaps are left out."""
    return [read(item.content) for item in items if isinstance(item, Part)]


def gaps(items: Iterable[Item]) -> list[Reason]:
    """The reason of each gap, in order; parts are read and left out."""
    found = []
    for item in items:
        if isinstance(item, Gap):
            found.append(item.reason)
        elif not isinstance(item, Mention | Link):
            read(item.content)
    return found


def collect(items: Iterable[Item]) -> tuple[list[bytes], list[Reason], str]:
    """What an archive gives, whatever ends it: contents, gaps, field of the error."""
    parts: list[bytes] = []
    found: list[Reason] = []
    try:
        for item in items:
            parts += contents([item])
            found += gaps([item])
    except Malformed as error:
        return parts, found, error.field
    return parts, found, ""


def named(items: Iterable[Item]) -> list[tuple[bytes, bytes]]:
    """Name and bytes of each part, in order."""
    return [(item.name, read(item.content)) for item in items if isinstance(item, Part)]


def at_random(data: bytes) -> Forward:
    """Bytes that are at hand."""
    return Cursor(Reader.of(data))


def passing_by(data: bytes, piece: int = CHUNK) -> Forward:
    """The same bytes as a stream, in pieces of a given length."""
    return Stream(iter([data[at : at + piece] for at in range(0, len(data), piece)]))


Way = Callable[[bytes], Forward]
WAYS = pytest.mark.parametrize("way", [at_random, passing_by])
