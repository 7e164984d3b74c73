"""The file around the sections: header, table, alignment, digest."""

import hashlib
from collections.abc import Iterator, Sequence

from clearward.native.layout import (
    ALIGNMENT,
    HEADER,
    MAGIC,
    MOST_SECTIONS,
    SECTION,
    VERSION,
    Section,
)

Chunk = bytes | bytearray


class Container:
    """Sections, as they are added in any order, and the file they make."""

    def __init__(self) -> None:
        self._sections: dict[tuple[int, int], tuple[int, Sequence[Chunk]]] = {}

    def add(
        self, kind: Section, chunks: Sequence[Chunk], count: int, which: int = 0
    ) -> None:
        """Add a section that is made of these chunks.

        Raises:
            ValueError: it was there before, or there are too many.
        """
        if (kind, which) in self._sections or len(self._sections) == MOST_SECTIONS:
            raise ValueError(f"no room for section {kind.name} {which}")
        self._sections[kind, which] = count, chunks

    def chunks(self, rules: int) -> list[Chunk]:
        """Return the file as chunks; they belong together in this order.

        Args:
            rules: every rule number is below this one.
        """
        body = list(self._body(rules))
        digest = hashlib.sha256()
        for chunk in body:
            digest.update(chunk)
        first = bytes(body[0])
        body[0] = first[: HEADER.size - digest.digest_size] + digest.digest()
        body[0] += first[HEADER.size :]
        return body

    def _body(self, rules: int) -> Iterator[Chunk]:
        """Yield header and table with no digest yet, then the sections, padded."""
        table: list[bytes] = []
        end = HEADER.size + SECTION.size * len(self._sections)
        for (kind, which), (count, chunks) in sorted(self._sections.items()):
            start = end + -end % ALIGNMENT
            end = start + sum(map(len, chunks))
            table.append(SECTION.pack(kind, which, start, end - start, count))
        header = HEADER.pack(MAGIC, VERSION, len(table), end, rules, bytes(32))
        place = HEADER.size + SECTION.size * len(table)
        yield b"".join((header, *table))
        for _, (_, chunks) in sorted(self._sections.items()):
            yield bytes(-place % ALIGNMENT)
            place += -place % ALIGNMENT
            yield from chunks
            place += sum(map(len, chunks))
