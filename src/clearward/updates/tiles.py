"""A log as files: its hashes in tiles of 256, its entries in bundles beside them.

A tile of level 0 holds the hashes of 256 entries, one of level L the roots of 256 tiles
of the level below. The last tile of a level may hold fewer, its name says how many.

    tile/0/000            tile/0/x001/x234/567.p/12        tile/entries/000

Source: C2SP tlog-tiles 0.1.0.
"""

from collections.abc import Callable, Iterable, Iterator

from clearward.core.errors import Malformed
from clearward.updates.tree import (
    EMPTY,
    HASH_BYTES,
    fold,
    hash_leaf,
    hash_pair,
    split,
)

WIDTH = 256
_HEIGHT = 8  # levels of the tree in one tile
_THOUSAND = 1000
_LENGTH_BYTES = 2
MOST_ENTRY = (1 << 16) - 1  # bytes

Read = Callable[[str], bytes]


def path(level: int | str, number: int, width: int = WIDTH) -> str:
    """Return the name of a tile.

    Args:
        level: from 0, or ``"entries"``.
        number: from 0.
        width: hashes or entries in it, 1 to 256.
    """
    parts = [f"{number % _THOUSAND:03}"]
    while number := number // _THOUSAND:
        parts.append(f"x{number % _THOUSAND:03}")
    part = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(reversed(parts))}{part}"


class Tiles:
    """Reads the hashes of a tree from tiles.

    They are not trusted: a proof made of wrong ones does not hold.

    Args:
        size: entries of the tree.
        read: returns a file of the log, by its name; raises `FileNotFoundError`.
    """

    def __init__(self, size: int, read: Read) -> None:
        self._size = size
        self._read = read
        self._tiles: dict[tuple[int, int], bytes] = {}

    def subtree(self, start: int, end: int) -> bytes:
        """Return the hash over some entries.

        Args:
            start: the first of them.
            end: the first behind them; where `split` would divide a tree.

        Raises:
            Malformed: a tile of another length.
            FileNotFoundError: one is missing.
        """
        count = end - start
        if not count:
            return EMPTY
        if not count & (count - 1) and not start % count:
            return self._whole(count.bit_length() - 1, start // count)
        middle = start + split(count)
        return hash_pair(self.subtree(start, middle), self.subtree(middle, end))

    def root(self) -> bytes:
        """Return the root of the tree."""
        return self.subtree(0, self._size)

    def _whole(self, height: int, number: int) -> bytes:
        """Return the root of a whole subtree of some height."""
        level, above = divmod(height, _HEIGHT)
        first = number << above
        tile = self._tile(level, first // WIDTH)
        offset = first % WIDTH * HASH_BYTES
        return _root(tile[offset : offset + (HASH_BYTES << above)])

    def _tile(self, level: int, number: int) -> bytes:
        tile = self._tiles.get((level, number))
        if tile is None:
            width = min(WIDTH, (self._size >> _HEIGHT * level) - number * WIDTH)
            try:
                tile = self._read(path(level, number, width))
            except FileNotFoundError:
                # A log that has grown may have thrown away the smaller one.
                tile = self._read(path(level, number))[: width * HASH_BYTES]
            if len(tile) != width * HASH_BYTES:
                raise Malformed("tile", len(tile), "length")
            self._tiles[level, number] = tile
        return tile


def _root(tile: bytes) -> bytes:
    """Return the root over the hashes in a tile, as many as a power of two."""
    starts = range(0, len(tile), HASH_BYTES)
    return fold([tile[at : at + HASH_BYTES] for at in starts])


def grow(old: int, entries: Iterable[bytes], read: Read) -> Iterator[tuple[str, bytes]]:
    """Yield the files that a log gets with more entries, those of a level in order.

    Args:
        old: entries that it has.
        entries: that come behind them.
        read: returns what it has.

    Raises:
        Malformed: an entry is too long, or a file of the log is not what it should be.
    """
    added = list(entries)
    yield from _bundles(old, added, read)
    new = [hash_leaf(entry) for entry in added]
    level = 0
    while new:
        number, rest = divmod(old, WIDTH)
        tile = b""
        if rest:
            tile = read(path(level, number, rest))
            if len(tile) != rest * HASH_BYTES:
                raise Malformed("tile", len(tile), "length")
        above = []
        for one in new:
            tile += one
            if len(tile) == WIDTH * HASH_BYTES:
                yield path(level, number), tile
                above.append(_root(tile))
                number, tile = number + 1, b""
        if tile:
            yield path(level, number, len(tile) // HASH_BYTES), tile
        old, new, level = old >> _HEIGHT, above, level + 1


def bundle(data: bytes) -> list[bytes]:
    """Return the entries of a bundle.

    Raises:
        Malformed: it is none.
    """
    entries, offset = [], 0
    while offset < len(data):
        length = int.from_bytes(data[offset : offset + _LENGTH_BYTES], "big")
        offset += _LENGTH_BYTES
        entry = data[offset : offset + length]
        offset += length
        if offset > len(data):
            raise Malformed("entries", len(data), "length")
        entries.append(entry)
    if len(entries) > WIDTH:
        raise Malformed("entries", offset, "count")
    return entries


def _bundles(old: int, added: list[bytes], read: Read) -> Iterator[tuple[str, bytes]]:
    number, width = divmod(old, WIDTH)
    data = read(path("entries", number, width)) if width else b""
    if len(bundle(data)) != width:
        raise Malformed("entries", len(data), "count")
    for entry in added:
        if len(entry) > MOST_ENTRY:
            raise Malformed("entries", 0, "length")
        data += len(entry).to_bytes(_LENGTH_BYTES, "big") + entry
        width += 1
        if width == WIDTH:
            yield path("entries", number), data
            number, width, data = number + 1, 0, b""
    if width:
        yield path("entries", number, width), data
