"""Bytes at their places that make a kind, read from ``magics.txt``."""

from dataclasses import dataclass

from clearward.core.kinds import How, Kind
from clearward.core.reader import Reader


@dataclass(frozen=True, slots=True)
class _Magic:
    """A line of the table: all places have to agree."""

    kind: str
    places: tuple[tuple[int, bytes], ...]

    def stands(self, head: bytes, reader: Reader) -> bool:
        return all(
            head.startswith(magic, place)
            if place >= 0
            else reader.at(reader.size + place, len(magic)) == magic
            for place, magic in self.places
        )


def _read() -> dict[bytes, list[_Magic]]:
    """Return the lines by their first byte at the front, b"" for those without one."""
    rows: dict[bytes, list[_Magic]] = {}
    with open(f"{__file__.removesuffix('.py')}.txt", encoding="ascii") as file:
        for line in file:
            if line.startswith("#") or not line.strip():
                continue
            kind, *fields = line.split()
            texts = (text.encode("ascii").decode("unicode_escape") for text in fields)
            values = [text.encode("latin-1") for text in texts]
            pairs = tuple(zip(map(int, values[::2]), values[1::2], strict=True))
            place, magic = pairs[0]
            rows.setdefault(magic[:1] if place == 0 else b"", []).append(
                _Magic(kind, pairs)
            )
    return rows


_ROWS = _read()


def by_magic(head: bytes, reader: Reader) -> Kind | None:
    """Return what the bytes at their places make a part, or None."""
    for row in (*_ROWS.get(head[:1], ()), *_ROWS[b""]):
        if row.stands(head, reader):
            place, magic = row.places[0]
            offset = place if place >= 0 else reader.size + place
            return Kind(row.kind, How.MAGIC, offset, magic)
    return None
