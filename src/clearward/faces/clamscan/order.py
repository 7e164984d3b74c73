"""Give results in the order in which their files were met.

Workers answer in any order, and a script that compares two runs, or reads the line
behind another one, counts on theirs. At most some thousand results are held back for
one that takes long; then what is there is given.
"""

from collections import deque
from collections.abc import Iterator

from clearward.faces.clamscan.walk import Item, Said
from clearward.jail.broker import Entry
from clearward.jail.scanned import Scanned

MOST_HELD = 4096


class InOrder:
    """Stands between a walk and the scanner.

    Args:
        items: what the walk yields.
    """

    def __init__(self, items: Iterator[Item]) -> None:
        self._items = items
        self._waiting: deque[Item] = deque()
        self._done: dict[int, Scanned] = {}

    def entries(self) -> Iterator[Entry]:
        """Yield what is to be scanned, and remember what was met."""
        for item in self._items:
            self._waiting.append(item)
            if not isinstance(item, Said):
                yield item

    def take(self, scanned: Scanned) -> Iterator[Scanned | Said]:
        """Take a result; yield what can be shown now."""
        self._done[id(scanned.entry)] = scanned
        while self._waiting:
            item = self._waiting[0]
            if isinstance(item, Said):
                yield item
            elif id(item) in self._done:
                yield self._done.pop(id(item))
            else:
                break
            self._waiting.popleft()
        if len(self._done) > MOST_HELD:
            yield from self._let_go()

    def rest(self) -> Iterator[Scanned | Said]:
        """Yield what is left when everything is scanned."""
        yield from self._let_go()

    def _let_go(self) -> Iterator[Scanned | Said]:
        """Yield everything that is there, over the heads of what is not."""
        kept = deque[Item]()
        while self._waiting:
            item = self._waiting.popleft()
            if isinstance(item, Said):
                yield item
            elif id(item) in self._done:
                yield self._done.pop(id(item))
            else:
                kept.append(item)
        self._waiting = kept
