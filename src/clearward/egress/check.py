"""Check the ledger: every record is what was written, and none is missing.

What this cannot show is that a whole older ledger was put in the place of a newer one
by somebody who holds it: for that, keep a head elsewhere.
"""

from dataclasses import dataclass, replace
from hashlib import sha256

from clearward.core.errors import Malformed
from clearward.egress import folder
from clearward.egress.frontier import Frontier
from clearward.egress.head import Head
from clearward.egress.lines import blocks
from clearward.egress.record import DIGEST
from clearward.updates.keys import PublicKey
from clearward.updates.signatures import Unsigned

_FRONT = DIGEST // 2


@dataclass(frozen=True, slots=True)
class Report:
    """What was found.

    Attributes:
        records: that are whole, from the first on.
        unsigned: of these, behind the head: a process was killed before it had signed.
        torn: bytes at the end that are no record, of a process that was killed.
        root: of the tree under the head, None without a head that holds.
        key: that has signed it, as text.
        wrong: number of the first wrong record, 0 for the head; None if all is well.
        why: what is wrong with it.
    """

    records: int = 0
    unsigned: int = 0
    torn: int = 0
    root: bytes | None = None
    key: str = ""
    wrong: int | None = None
    why: str = ""


def verify(path: str, key: PublicKey | None = None) -> Report:
    """Check a ledger.

    Args:
        path: of its folder.
        key: that has to have signed it; the one that lies beside it if it is None.

    Raises:
        Unavailable: it cannot be read.
    """
    try:
        with folder.locked(path, alone=False) as opened:
            head, report = _head(path, key)
            end = folder.size(opened)
            if head and head.length == end:  # nobody will touch what is read
                folder.release(opened)
            return _verdict(_Reading(opened, end, head), head, report)
    except FileNotFoundError:
        return _without_records(path, Report())


def _head(path: str, key: PublicKey | None) -> tuple[Head | None, Report]:
    """Return the head if it holds, and what is known from it."""
    report = Report()
    try:
        used = key or folder.public_key(path)
        report = replace(report, key=str(used))
        return Head.read(folder.read(path, folder.HEAD), used), report
    except FileNotFoundError:
        return None, replace(report, why="is missing, or its key")
    except (Malformed, Unsigned) as error:
        return None, replace(report, wrong=0, why=str(error))


def _without_records(path: str, report: Report) -> Report:
    """Judge a folder without records: nothing has left, or they are gone."""
    try:
        folder.read(path, folder.HEAD)
    except FileNotFoundError:
        return report
    return replace(report, wrong=1, why="is missing, and all others")


class _Reading:
    """Reads records until the first that is none.

    Args:
        opened: the records.
        end: bytes of them.
        head: that says how many there are; None if it is not known.
    """

    def __init__(self, opened: int, end: int, head: Head | None) -> None:
        self.records = 0
        self.length = 0  # bytes of whole records
        self.under = Frontier()  # the tree of those under the head
        self.rest = b""
        self.broken = False  # a line is no record
        self._most = head.tree.size if head else 0
        for lines, self.rest in blocks(opened, 0, end):
            leaves = self._leaves(lines)
            self.under.add(leaves[: self._most - self.under.size])
            self.records += len(leaves)
            if len(leaves) < len(lines):
                self.broken = True
                return

    def _leaves(self, lines: list[bytes]) -> list[bytes]:
        leaves = []
        for number, written in enumerate(lines, self.records + 1):
            hashed = sha256(b"\0" + written[DIGEST + 1 :]).digest()
            front = b"%s %d " % (hashed[:_FRONT].hex().encode(), number)
            if not written.startswith(front):
                break
            leaves.append(hashed)
            self.length += len(written) + 1
        return leaves


def _verdict(read: _Reading, head: Head | None, report: Report) -> Report:
    report = replace(report, records=read.records)
    after = read.records + 1
    if read.broken:
        return replace(report, wrong=after, why="is not what was written")
    torn = len(read.rest)
    if head is None:
        if torn and report.wrong is None:
            return replace(report, wrong=after, why="is torn", torn=torn)
        # A process may be killed before the first head: then nothing was written.
        lost = read.records or report.wrong == 0
        return replace(report, wrong=0) if lost else Report(key=report.key)
    size = head.tree.size
    if read.records < size:
        why = "is torn" if torn else "is missing"
        return replace(report, wrong=after, why=why, torn=torn)
    return _under(read, head, replace(report, torn=torn, unsigned=read.records - size))


def _under(read: _Reading, head: Head, report: Report) -> Report:
    """Judge records that are whole and enough."""
    root = read.under.root()
    if root == head.tree.root():
        return replace(report, root=root)
    first = last = 1
    bits = [
        bit for bit in range(head.tree.size.bit_length()) if head.tree.size >> bit & 1
    ]
    peaks = zip(bits[::-1], read.under.peaks, head.tree.peaks, strict=True)
    for bit, found, signed in peaks:
        last = first + (1 << bit) - 1
        if found != signed:
            break
        first = last + 1
    why = f"or a later one up to {last} is not what was signed"
    return replace(report, wrong=first, why=why)
