"""The bytes of a part too large to be held, read as they are asked for."""

from collections.abc import Callable
from typing import overload

PAGE = 1 << 20
KEPT = 8  # pages


class Paged:
    """What the reference asks of bytes, for a part that can be read at random.

    Args:
        read: gives the bytes at an offset, fewer at the end of the part.
        size: bytes in the part.
        page: bytes read at once.

    Attributes:
        changed: somewhere there were fewer bytes than there should be; zeros stand for
            those that are missing.
    """

    __slots__ = ("_page", "_pages", "_read", "_size", "changed")

    def __init__(
        self, read: Callable[[int, int], bytes], size: int, page: int = PAGE
    ) -> None:
        self._read = read
        self._size = size
        self._page = page
        self._pages: dict[int, bytes] = {}  # the one asked for last is the last
        self.changed = False

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> bytes: ...
    def __getitem__(self, place: int | slice) -> int | bytes:
        if isinstance(place, int):
            number, within = divmod(place, self._page)
            return self._at(number)[within]
        start, stop, _ = place.indices(self._size)
        return self._span(start, stop)

    def startswith(self, prefix: bytes | tuple[bytes, ...], start: int) -> bool:
        """Say whether a prefix, or one of some, stands at `start`."""
        given = prefix if isinstance(prefix, tuple) else (prefix,)
        return any(self._span(start, start + len(one)) == one for one in given)

    def find(self, key: bytes, start: int, end: int) -> int:
        """Return where a key first stands between two places, -1 if nowhere."""
        end = min(end, self._size)
        while len(key) <= end - start:
            page = start // self._page * self._page
            # With as much of the next page as a key that begins in this one may take.
            stop = min(page + self._page + len(key) - 1, end)
            found = self._span(start, stop).find(key)
            if found >= 0:
                return start + found
            start = page + self._page
        return -1

    def _span(self, start: int, stop: int) -> bytes:
        stop = min(stop, self._size)
        if start >= stop:
            return b""
        first, last = start // self._page, (stop - 1) // self._page
        base = first * self._page
        data = b"".join([self._at(number) for number in range(first, last + 1)])
        return data[start - base : stop - base]

    def _at(self, number: int) -> bytes:
        page = self._pages.pop(number, None)
        if page is None:
            start = number * self._page
            size = max(min(self._page, self._size - start), 0)
            page = self._read(start, size)
            if len(page) < size:
                self.changed = True
                page = page.ljust(size, b"\0")
            if len(self._pages) >= KEPT:
                del self._pages[next(iter(self._pages))]
        self._pages[number] = page
        return page


Data = bytes | Paged  # of a part
