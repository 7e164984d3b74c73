"""Contexts and their tables in the memory of a PPMd model.

In `Units.heap`, little-endian:

    context  2 number of states; then either 2 sum of frequencies and 4 place of the
             table of states, or the only state itself; 4 place of the next shorter one
    state    1 byte that followed; 1 frequency; 4 place of the context that it leads to,
             or of the text behind it while that context has not been made

A table takes a unit of 12 bytes for every two states. Source: as for `decoder.py`.
"""

from clearward.formats.seven.ppmd.units import LIST_OF, SIZES, UNIT, Units

STATE = 6  # bytes
SYMBOLS = 256
MAX_FREQ = 124


class Contexts:
    """Contexts, each at its place in `heap`; 0 is none.

    Args:
        memory: bytes for them.

    Attributes:
        heap: where they lie.
        units: what of it is in use.
    """

    __slots__ = ("_halves", "_words", "heap", "units")

    def __init__(self, memory: int) -> None:
        self.units = Units(memory)
        self.heap = self.units.heap
        self._halves = memoryview(self.heap).cast("H")
        self._words = memoryview(self.heap).cast("I")

    def root(self) -> int:
        """Forget everything and make the context that has every byte once."""
        self.units.reset()
        root, table = self.units.context(), self.units.table(len(SIZES) - 1)
        half, word = root >> 1, root >> 2
        self._halves[half], self._halves[half + 1] = SYMBOLS, SYMBOLS + 1
        self._words[word + 1], self._words[word + 2] = table, 0
        for symbol in range(SYMBOLS):
            state = table + symbol * STATE
            self.heap[state : state + STATE] = bytes((symbol, 1, 0, 0, 0, 0))
        return root

    def count(self, context: int) -> int:
        """How many states a context has."""
        return self._halves[context >> 1]

    def total(self, context: int) -> int:
        """The sum of its frequencies and that of leaving it, if it has two or more."""
        return self._halves[(context >> 1) + 1]

    def table(self, context: int) -> int:
        """Where its states are, if it has two or more."""
        return self._words[(context >> 2) + 1]

    def shorter(self, context: int) -> int:
        """The next shorter context, 0 if there is none."""
        return self._words[(context >> 2) + 2]

    def state(self, context: int, symbol: int) -> int:
        """The state of a byte that a context is known to have."""
        count = self._halves[context >> 1]
        if count == 1:
            return context + 2
        table = self._words[(context >> 2) + 1]
        symbols = self.heap[table : table + count * STATE : STATE]
        return table + symbols.index(symbol) * STATE

    def target(self, state: int) -> int:
        """Where a state leads to."""
        half = state >> 1
        return self._halves[half + 1] | self._halves[half + 2] << 16

    def lead(self, state: int, place: int) -> None:
        """Make a state lead to a place."""
        half = state >> 1
        self._halves[half + 1] = place & 0xFFFF
        self._halves[half + 2] = place >> 16

    def move(self, state: int, place: int) -> None:
        """Put a state to a place further ahead in its table."""
        heap = self.heap
        moved = heap[state : state + STATE]
        heap[place + STATE : state + STATE] = heap[place:state]
        heap[place : place + STATE] = moved

    def single(self, symbol: int, freq: int, target: int, shorter: int) -> int:
        """Make a context with one state; 0 if memory is full."""
        made = self.units.context()
        if made:
            self._halves[made >> 1] = 1
            self.heap[made + 2], self.heap[made + 3] = symbol, freq
            self.lead(made + 2, target)
            self._words[(made >> 2) + 2] = shorter
        return made

    def widen(self, context: int, old: int) -> bool:
        """Give a table of `old` units room for more; False if memory is full."""
        word = (context >> 2) + 1
        which = LIST_OF[old]
        if which == LIST_OF[old + 1]:
            return True
        wider = self.units.table(which + 1)
        if not wider:
            return False
        table, size = self._words[word], old * UNIT
        self.heap[wider : wider + size] = self.heap[table : table + size]
        self.units.free[which].append(table)
        self._words[word] = wider
        return True

    def spread(self, context: int) -> int:
        """Put the only state of a context into a table of two; 0 if memory is full."""
        table = self.units.table(0)
        if table:
            state = context + 2
            self.heap[table : table + STATE] = self.heap[state : state + STATE]
            self._words[(context >> 2) + 1] = table
        return table

    def cut(self, context: int, left: int) -> None:
        """Keep only the first `left` states of a context, one at least."""
        heap, half, word = self.heap, context >> 1, (context >> 2) + 1
        table = self._words[word]
        old, new = (self._halves[half] + 1) // 2, (left + 1) // 2
        self._halves[half] = left
        if left == 1:
            kept = heap[table : table + STATE]
            self.units.free[LIST_OF[old]].append(table)
            heap[context + 2 : context + 2 + STATE] = kept
        elif old != new:
            self._words[word] = self.units.shrink(table, old, new)
