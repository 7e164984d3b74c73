"""Decode LZSS with one code that adapts, as LHA's method 1 does.

Layout, high bits first (H. Yoshizaki and H. Okumura, LZHUF, 1988): symbols of a Huffman
code whose tree changes with each one. Below 256 they are bytes; others are matches of 3
to 60 bytes, followed by a distance less 1 of 12 bits: its high six by a fixed code of 3
to 8 bits, the low six as they are.

The tree is kept as R. Gallager describes it: nodes lie in the order of their
frequencies, and one whose frequency grows changes places with the last of those that
had the same. When the root's frequency reaches 32,768 all are halved.
"""

from collections.abc import Iterator

from clearward.core.reader import Reader
from clearward.formats.lz.bits import Bits, HighBits
from clearward.formats.lz.output import Output, expanded

WINDOW = 4096
LITERALS = 256
MATCH_LEAST = 3
SYMBOLS = 314
NODES = 2 * SYMBOLS - 1
ROOT = NODES - 1
MOST_FREQUENT = 0x8000
LOW_BITS = 6
# How many values of the high six bits have words of 3 to 8 bits.
COUNTS = (1, 3, 8, 12, 24, 16)


def _distances() -> tuple[tuple[int, int], ...]:
    """For each eight bits ahead the high six bits that they begin, and their length."""
    found: list[tuple[int, int]] = []
    value = 0
    for length, count in enumerate(COUNTS, 3):
        for _ in range(count):
            found += [(value, length)] * (1 << (8 - length))
            value += 1
    return tuple(found)


DISTANCES = _distances()


class Tree:
    """The code, as it is after the symbols so far."""

    __slots__ = ("_freq", "_parent", "_son")

    def __init__(self) -> None:
        self._freq = [1] * SYMBOLS + [0] * (NODES - SYMBOLS) + [0xFFFF]
        self._son = [NODES + symbol for symbol in range(SYMBOLS)]
        self._son += [0] * (NODES - SYMBOLS)
        self._parent = [0] * (NODES + SYMBOLS)
        for node, first in zip(
            range(SYMBOLS, NODES), range(0, NODES - 1, 2), strict=True
        ):
            self._freq[node] = self._freq[first] + self._freq[first + 1]
            self._son[node] = first
        self._connect()

    def symbol(self, bits: Bits) -> int:
        """Return the next symbol, and learn from it.

        Raises:
            Truncated: the bits end before it does.
        """
        node = self._son[ROOT]
        while node < NODES:
            node = self._son[node + bits.take(1)]
        self.learn(node - NODES)
        return node - NODES

    def word(self, symbol: int) -> list[int]:
        """Return the bits that stand for a symbol now."""
        found, node = [], self._parent[symbol + NODES]
        while node != ROOT:
            found.append(node - self._son[self._parent[node]])
            node = self._parent[node]
        return found[::-1]

    def learn(self, symbol: int) -> None:
        """Count a symbol."""
        freq, son, parent = self._freq, self._son, self._parent
        if freq[ROOT] == MOST_FREQUENT:
            self._halve()
        node = parent[symbol + NODES]
        while True:
            freq[node] += 1
            count = freq[node]
            last = node
            while freq[last + 1] < count:
                last += 1
            if last != node:
                freq[node], freq[last] = freq[last], count
                son[node], son[last] = son[last], son[node]
                self._adopt(node)
                self._adopt(last)
                node = last
            if node == ROOT:
                return
            node = parent[node]

    def _adopt(self, node: int) -> None:
        """Let the sons of a node know it."""
        first = self._son[node]
        self._parent[first] = node
        if first < NODES:
            self._parent[first + 1] = node

    def _halve(self) -> None:
        """Halve all frequencies and make the tree anew, leaves in their order."""
        leaves = [
            ((self._freq[node] + 1) // 2, self._son[node])
            for node in range(NODES)
            if self._son[node] >= NODES
        ]
        freq = [count for count, _ in leaves]
        son = [leaf for _, leaf in leaves]
        for first in range(0, NODES - 1, 2):
            count = freq[first] + freq[first + 1]
            place = len(freq)
            while place > 0 and count < freq[place - 1]:
                place -= 1
            freq.insert(place, count)
            son.insert(place, first)
        self._freq, self._son = [*freq, 0xFFFF], son
        self._connect()

    def _connect(self) -> None:
        for node in range(NODES):
            self._adopt(node)


def expand(reader: Reader, format: str, size: int) -> Iterator[bytes]:
    """Yield what a stream unpacks to.

    Raises:
        Malformed: the stream is damaged. What stands before that was yielded.
        Truncated: it ends early; the same.
    """
    output = Output(WINDOW, b" " * WINDOW)
    yield from expanded(_steps(HighBits(reader, format), output, size), output)


def _steps(bits: Bits, output: Output, left: int) -> Iterator[None]:
    tree = Tree()
    while left > 0:
        symbol = tree.symbol(bits)
        if symbol < LITERALS:
            output.data.append(symbol)
            left -= 1
        else:
            high, length = DISTANCES[bits.peek(8)]
            bits.drop(length)
            distance = (high << LOW_BITS | bits.take(LOW_BITS)) + 1
            length = min(symbol - LITERALS + MATCH_LEAST, left)
            if not output.copy(distance, length):
                raise bits.bad("distance")
            left -= length
        if len(output.data) >= output.most:
            yield
