"""What stands behind the signed head after a process was killed.

Nobody was told that it is written, so whole records are taken in and the rest counts as
torn.
"""

from clearward.core.errors import Malformed
from clearward.egress.head import Head
from clearward.egress.lines import blocks
from clearward.egress.record import DIGEST, Opened, parse, whole


def recovered(opened: int, head: Head, end: int) -> tuple[Head, int]:
    """Return the head with the whole records behind it, and how many bytes are torn.

    Args:
        opened: the records.
        head: the signed one.
        end: bytes of the file.
    """
    tree, length, connections = head.tree.copy(), head.length, head.connections
    found = (one for lines, _ in blocks(opened, head.length, end) for one in lines)
    for written in found:
        try:
            record = parse(written[DIGEST + 1 :])
        except Malformed:
            break
        hashed = whole(written, tree.size + 1)
        if hashed is None:
            break
        tree.add([hashed])
        length += len(written) + 1
        connections += isinstance(record, Opened)
    return Head(tree, length, connections), end - length
