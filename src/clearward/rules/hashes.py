"""Digest lists: one hexadecimal digest a line, then optionally a name.

    e3b0c442...b855  Empty.File     # a comment

Lines end with a newline, a carriage return or both. Blank lines and lines that start
with ``#`` say nothing, nor does a byte order mark. A digest without a name is its own.
"""

from binascii import unhexlify
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Protocol

from clearward.core.limits import MIB
from clearward.core.names import Problem, RuleName, printable
from clearward.rules.source import Source

SIZES = {"md5": 16, "sha1": 20, "sha256": 32}
_NUMBER_SIZE = 4  # bytes of a rule number in a row
_BLOCK = 1 * MIB  # of a list that is split into lines at one time

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Digests(Protocol):
    """Digests of one algorithm, wherever they are kept."""

    @property
    def algorithm(self) -> str:
        """A key of `SIZES`."""

    def find(self, digest: bytes) -> int | None:
        """Return the number of the rule for a digest, or None."""


class DigestSet:
    """The digests of one algorithm, each with its rule number.

    Kept as one sorted buffer of rows, a digest and its number each, so that workers
    share it with the zygote untouched.

    Args:
        algorithm: a key of `SIZES`.
        entries: digest and rule number; the lowest number of a digest wins.
    """

    def __init__(self, algorithm: str, entries: Iterable[tuple[bytes, int]]) -> None:
        self.algorithm = algorithm
        self._size = SIZES[algorithm]
        self._stride = self._size + _NUMBER_SIZE
        # By first byte, so that few rows are objects of their own at one time.
        heaps = [bytearray() for _ in range(256)]
        for digest, number in entries:
            heaps[digest[0]] += digest + number.to_bytes(_NUMBER_SIZE, "big")
        self._rows = b"".join(self._sorted(heap) for heap in heaps)

    def __len__(self) -> int:
        return len(self._rows) // self._stride

    def find(self, digest: bytes) -> int | None:
        """Return the number of the rule for a digest, or None."""
        rows, stride, size = self._rows, self._stride, self._size
        place = bisect_left(
            range(len(self)),
            digest,
            key=lambda row: rows[row * stride : row * stride + size],
        )
        row = rows[place * stride : (place + 1) * stride]
        return int.from_bytes(row[size:], "big") if row[:size] == digest else None

    def _sorted(self, heap: bytearray) -> bytes:
        """Return the rows in order, of each digest the first."""
        stride, size = self._stride, self._size
        kept: list[bytes] = []
        last = b""
        for row in sorted(
            bytes(heap[start : start + stride]) for start in range(0, len(heap), stride)
        ):
            if row[:size] != last:
                kept.append(row)
                last = row[:size]
        heap.clear()
        return b"".join(kept)


def read(source: Source) -> Iterator[tuple[bytes, RuleName] | Problem]:
    """Yield what each line says: a digest and its name, or a problem."""
    for line in lines(source):
        if isinstance(line, Problem):
            yield line
        else:
            digest, name = line
            named = name or digest.hex()
            yield digest, RuleName(named, source.origin, source.number, "digest")


def lines(source: Source) -> Iterator[tuple[bytes, str] | Problem]:
    """Yield a digest and its name, which is empty if there is none, or a problem."""
    size = SIZES[source.kind]
    text = source.text.removeprefix(_BYTE_ORDER_MARK)
    for number, line in enumerate(_lines(text), start=1):
        words = line.partition(b"#")[0].split(None, 1)
        if not words:
            continue
        try:
            digest = unhexlify(words[0])
        except ValueError:
            digest = b""
        if len(digest) != size:
            message = f"not a digest of {2 * size} hexadecimal digits"
            column = line.index(words[0]) + 1
            yield Problem(source.number, number, column, message, fatal=False)
        else:
            # What is outside the allowed characters becomes an underscore.
            name = words[1].rstrip() if len(words) > 1 else b""
            yield digest, printable(name.decode("latin-1")) if name else ""


def _lines(text: bytes) -> Iterator[bytes]:
    """Yield the lines of a list, few of them objects at one time."""
    start = 0
    while start < len(text):
        end = text.find(b"\n", start + _BLOCK) + 1 or len(text)
        yield from text[start:end].splitlines()
        start = end
