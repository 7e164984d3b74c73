"""Measure how rare four bytes are in ordinary files, and print the table.

    python tools/byte_frequencies.py FOLDER... >frequencies.txt

Files are told apart by their first bytes: PE, ELF, text, other. Of each kind the same
number of bytes is looked at, text once as it is and once as signatures see it, in lower
case and with single spaces. Four bytes are as rare as in the kind where they are least
rare. What is in many files, however long they are, would make work in each of them: it
counts as `IN_ALL` bits rare if it is in all, and one more for each halving. Which files
are taken does not depend on their order on the disk.

Never measure the corpora that the choice of anchors is judged by.
"""

import datetime as dt
import hashlib
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

SAMPLE = 64 * 1024 * 1024  # bytes of a kind
OF_ONE_FILE = 8  # blocks
BLOCK = 64 * 1024
PRUNED = 16 * 1024 * 1024  # bytes after which what was seen once is forgotten
RAREST = 18  # bits: what is rarer is not in the table, unless it is
IN_ALL = 18
FEWEST = 3  # halvings: in one of so many files
HEAD = 4096
GRAM = 4

Counts = Counter[int]


def files(folders: Iterable[str]) -> list[str]:
    """Return the regular files below folders, in an order of no meaning."""
    found = [
        os.path.join(place, name)
        for folder in folders
        for place, _, names in os.walk(folder)
        for name in names
    ]
    regular = [path for path in found if os.path.isfile(path)]
    plain = [path for path in regular if not os.path.islink(path)]
    return sorted(plain, key=lambda path: hashlib.sha256(os.fsencode(path)).digest())


def kind_of(head: bytes) -> str:
    """Say what a file is that begins so."""
    if head.startswith(b"MZ"):
        return "PE"
    if head.startswith(b"\x7fELF"):
        return "ELF"
    control = re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", head)
    return "other" if control else "text"


def blocks(path: str) -> Iterator[bytes]:
    """Yield blocks of a file, spread evenly."""
    size = os.path.getsize(path)
    count = min(OF_ONE_FILE, -(-size // BLOCK))
    with open(path, "rb") as file:
        for number in range(count):
            file.seek(size * number // count)
            yield file.read(BLOCK)


def normalised(block: bytes) -> bytes:
    """Return text as signatures of text see it."""
    spaced = re.sub(rb"[\t\n\f\v\r ]+", b" ", block)
    return re.sub(rb"[^ -\x7e]", b"", spaced).lower()


class Kind:
    """Counts of one kind of file."""

    def __init__(self) -> None:
        self.counts: Counts = Counter()
        self.holders: Counts = Counter()  # files, by what they hold
        self.size = 0
        self.files = 0
        self._new = 0

    def add(self, blocks: Iterable[bytes]) -> None:
        """Count the four bytes at every place of the blocks of a file."""
        held: set[int] = set()
        for block in blocks:
            for start in range(GRAM):
                whole = (len(block) - start) // GRAM * GRAM
                grams = memoryview(block)[start : start + whole].cast("I")
                self.counts.update(grams)
                held.update(grams)
            self.size += len(block)
            self._new += len(block)
        self.holders.update(held)
        self.files += 1
        if self._new > PRUNED:
            self._new = 0
            self.counts, self.holders = _pruned(self.counts), _pruned(self.holders)

    def rarities(self) -> Iterator[tuple[int, int]]:
        """Yield what is common and how rare it is."""
        for gram, count in self.counts.items():
            rarity = (self.size // count).bit_length() - 1
            if rarity <= RAREST:
                yield gram, rarity
        for gram, count in self.holders.items():
            halvings = (self.files // count).bit_length() - 1
            if halvings < FEWEST:
                yield gram, IN_ALL + halvings
        self.counts.clear()
        self.holders.clear()


def _pruned(counts: Counts) -> Counts:
    return Counter({gram: count for gram, count in counts.items() if count > 1})


def measure(folders: list[str]) -> tuple[dict[bytes, int], dict[str, Kind]]:
    """Return the rarities, and what they were measured on."""
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for path in files(folders):
        try:
            with open(path, "rb") as file:
                by_kind[kind_of(file.read(HEAD))].append(path)
        except OSError:
            continue
    rarities: dict[int, int] = {}
    kinds: dict[str, Kind] = {}
    for name, paths in sorted(by_kind.items()):
        for label in (name, "normalised text") if name == "text" else (name,):
            kinds[label] = kind = count(paths, plain=label == name)
            for gram, rarity in kind.rarities():
                rarities[gram] = min(rarity, rarities.get(gram, rarity))
    return {
        gram.to_bytes(GRAM, sys.byteorder): it for gram, it in rarities.items()
    }, kinds


def count(paths: list[str], *, plain: bool) -> Kind:
    """Count files of a kind until the sample is full."""
    kind = Kind()
    for path in paths:
        kind.add(block if plain else normalised(block) for block in blocks(path))
        if kind.size >= SAMPLE:
            break
    return kind


def lines(rarities: dict[bytes, int]) -> Iterator[str]:
    """Yield the table."""
    rows: defaultdict[bytes, list[str]] = defaultdict(list)
    for gram, rarity in sorted(rarities.items()):
        rows[gram[:2]].append(f"{gram[2:].hex()}{chr(ord('a') + rarity)}")
    for start, ends in rows.items():
        yield f"{start.hex()} {' '.join(ends)}"


def main() -> None:
    """Print the table of the folders on the command line."""
    rarities, kinds = measure(sys.argv[1:])
    today = dt.datetime.now(dt.UTC).date()
    print("# Rarity of four bytes in ordinary files, by tools/byte_frequencies.py.")
    print(
        f"# {today}, from Debian packages and Windows wheels; at most 64 MiB of a kind:"
    )
    for name, kind in kinds.items():
        print(f"#   {name}: {kind.size} bytes of {kind.files} files")
    print(
        f"# {len(rarities)} of four bytes, at least as common as one in 2**{RAREST + 1}"
    )
    print(f"# bytes, or in one of {1 << FEWEST} files of a kind.")
    for line in lines(rarities):
        print(line)


if __name__ == "__main__":
    main()
