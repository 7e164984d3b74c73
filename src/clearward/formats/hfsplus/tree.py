"""The leaves of a tree of HFS+: catalog, extents, attributes.

A node, numbers big-endian:

    offset  length  field
    0       4, 4    next node, previous node
    8       1       kind: FF a leaf, 01 the header, which is the first node
    10      2       records
    14              records; of the header: at 32 the bytes of a node (2)
    end             place of each record (2), the first one last

Nodes are read from front to back, not from the root: no broken link hides a record.

Source: Apple TN1150, B-trees.
"""

from collections.abc import Iterator
from itertools import pairwise
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader

NAME = "hfsplus"
LEAF = b"\xff"
SIZE_PLACE = 32
SIZES = frozenset(1 << bits for bits in range(9, 16))
NODE = Struct(">8scxH")
NUMBER = Struct(">H")


def records(tree: Reader) -> Iterator[tuple[bytes, bytes]]:
    """Yield key, without its length, and data of each record in a leaf.

    Raises:
        Truncated: the tree ends before its header does.
        Malformed: its nodes are of no possible length.
    """
    head = tree.at(SIZE_PLACE, NUMBER.size)
    if len(head) < NUMBER.size:
        raise Truncated(NAME, 0, "tree")
    (size,) = NUMBER.unpack(head)
    if size not in SIZES:
        raise Malformed(NAME, 0, "length of a node")
    for place in range(size, tree.size, size):
        node = tree.at(place, size)
        if node[8:9] == LEAF and len(node) == size:
            yield from _records(node)


def _records(node: bytes) -> Iterator[tuple[bytes, bytes]]:
    _, _, count = NODE.unpack_from(node)
    most = (len(node) - 14) // 2
    places = [
        int.from_bytes(node[at : at + 2], "big")
        for at in range(len(node) - 2, len(node) - 2 - 2 * min(count + 1, most), -2)
    ]
    for start, end in pairwise(places):
        record = node[start:end]
        length = int.from_bytes(record[:2], "big")
        yield record[2 : 2 + length], record[2 + length + length % 2 :]
