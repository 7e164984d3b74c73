"""Make the files of a set from lists; the same lists give the same bytes."""

import hashlib
import sys
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clearward.core.errors import Refused
from clearward.reputation import labels as labels_file
from clearward.reputation.bucket import bucket
from clearward.reputation.filter_file import Filter
from clearward.reputation.fuse import MOST_DIGESTS
from clearward.reputation.head import Head, Prefix
from clearward.reputation.labels import Label
from clearward.reputation.records import WIDTH, order, parts, records
from clearward.reputation.source import Entries


@dataclass(frozen=True, slots=True)
class Made:
    """A set, as its files have it.

    Attributes:
        head: what the others have to be.
        records: the list.
        labels: what its records are.
    """

    head: Head
    records: memoryview
    labels: bytes

    def filter(self) -> bytes:
        """Return the filter."""
        return Filter.build(self.head.id, self.records).to_bytes()

    def buckets(self) -> Iterator[bytes]:
        """Yield the bucket of each prefix in turn."""
        for part in parts(self.records):
            yield bucket(part, self.head.fullest)


def from_lists(lists: Mapping[str, Entries]) -> Made:
    """Make a set from lists, by their names.

    Raises:
        Refused: there are too many digests.
    """
    labels: list[Label] = []
    held = bytearray()
    for source, entries in sorted(lists.items()):
        named = sorted(Label(source, name) for name in entries.names)
        numbers = {one.name: len(labels) + place for place, one in enumerate(named)}
        labels += named
        final = array("I", (numbers[name] for name in entries.names))
        chosen = array("I", (final[place] for place in entries.named))
        held += records(entries.digests, _big_endian(chosen))
    order(held)
    if len(held) // WIDTH > MOST_DIGESTS:
        raise Refused(f"more than {MOST_DIGESTS:,} digests in one set")
    return from_records(memoryview(held).toreadonly(), labels_file.encode(labels))


def from_records(held: memoryview, labels: bytes) -> Made:
    """Make a set from its list and its labels.

    Args:
        held: the records, in order.
        labels: as their file has them.
    """
    fullest = max(len(part) // WIDTH for part in parts(held))
    prefixes = (
        Prefix(len(part) // WIDTH, _sha256(part), _sha256(bucket(part, fullest)))
        for part in parts(held)
    )
    return Made(Head(_sha256(labels), tuple(prefixes)), held, labels)


def _big_endian(numbers: "array[int]") -> bytes:
    swapped = array("I", numbers)
    if sys.byteorder == "little":
        swapped.byteswap()
    return swapped.tobytes()


def _sha256(data: bytes | memoryview) -> bytes:
    return hashlib.sha256(data).digest()
