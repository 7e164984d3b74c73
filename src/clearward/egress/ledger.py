"""Write down what is about to leave, so that it cannot leave unseen.

An append returns when the record is on the disk and under a signed head. Threads that
wait at the same time share one write, one signature and one sync; processes take turns.
A process may be killed at any point: the records that it was told about are there.
"""

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clearward.core.errors import ClearwardError, Malformed, Refused, Unavailable
from clearward.egress import folder
from clearward.egress.frontier import Frontier
from clearward.egress.head import Head, public
from clearward.egress.record import Asked, Closed, Opened, Record, Torn, leaf, line
from clearward.egress.recovery import recovered
from clearward.stores.durable import sync_folder, write_all
from clearward.updates.signatures import Unsigned
from clearward.updates.tree import hash_leaf

_Make = Callable[[int], Record]  # a record, given how many connections there are


@dataclass(slots=True, eq=False)
class _Waiting:
    """Who waits for a record.

    Attributes:
        make: the record.
        turn: a lock that is held until there is something to do.
        leads: that is to write for everybody who waits.
    """

    make: _Make
    turn: threading.Lock = field(default_factory=threading.Lock)
    leads: bool = False
    seq: int = 0
    error: ClearwardError | None = None


class Ledger:
    """The ledger of a home. Threads may share it.

    Args:
        home: the folder that holds everything kept; made when first written to.
    """

    def __init__(self, home: str) -> None:
        self.path = os.path.join(home, folder.NAME)
        self._lock = threading.Lock()  # of the two below
        self._waiting: list[_Waiting] = []
        self._writing = False
        self._key: Ed25519PrivateKey | None = None
        self._head: Head | None = None
        self._seen = (0, 0)  # of the head's file, when it was ours

    def open(
        self,
        reason: str,
        destination: str,
        requests: Sequence[str] = (),
        bodies: Sequence[str] = (),
    ) -> int:
        """Write down a connection before it is made; return its number, from 1.

        Args:
            reason: the word for what it is needed for.
            destination: host and port.
            requests: request lines that are about to be sent.
            bodies: SHA-256 of what is sent behind them, hexadecimal.

        Raises:
            Refused: the ledger is damaged, so nothing may leave.
            Unavailable: there is no room, or no right, to write.
        """
        time = datetime.now(UTC).isoformat(timespec="microseconds")
        asked = (tuple(requests), tuple(bodies))
        return self._append(
            lambda known: Opened(known + 1, time, reason, destination, *asked)
        )

    def ask(
        self, seq: int, requests: Sequence[str], bodies: Sequence[str] = ()
    ) -> None:
        """Write down further requests on a connection before they are sent.

        Raises:
            Refused: as for `open`, or there is no such connection.
            Unavailable: as for `open`.
        """
        record = Asked(seq, tuple(requests), tuple(bodies))
        self._append(lambda known: _known(record, known))

    def close(
        self, seq: int, sent: int, received: int, answers: Sequence[str] = ()
    ) -> None:
        """Write down the end of a connection.

        Args:
            seq: its number.
            sent: bytes given to the socket.
            received: bytes taken from it.
            answers: SHA-256 of the bodies of answers, hexadecimal.

        Raises:
            Refused: as for `ask`.
            Unavailable: as for `open`.
        """
        record = Closed(seq, sent, received, tuple(answers))
        self._append(lambda known: _known(record, known))

    def _append(self, make: _Make) -> int:
        mine = _Waiting(make)
        mine.turn.acquire()
        with self._lock:
            self._waiting.append(mine)
            mine.leads, self._writing = not self._writing, True
        try:
            if not mine.leads:  # one lock each: nobody wakes for what is another's
                mine.turn.acquire()
        except BaseException:
            self._leave(mine)
            raise
        if mine.leads:
            self._lead()
        if mine.error is not None:
            raise mine.error
        return mine.seq

    def _leave(self, mine: _Waiting) -> None:
        """Wait no more; who was to write lets another one do so."""
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
        if mine.leads:
            self._pass_on()

    def _pass_on(self) -> None:
        """Let one of those who wait write, if there is one."""
        with self._lock:
            self._writing = bool(self._waiting)
            if self._waiting:
                self._waiting[0].leads = True
                self._waiting[0].turn.release()

    def _lead(self) -> None:
        """Write what waits, for everybody who does."""
        with self._lock:
            batch, self._waiting = self._waiting, []
        failed: ClearwardError | None = Unavailable("the ledger: writing was ended")
        try:
            self._write(batch)
            failed = None
        except ClearwardError as error:
            failed = error
        except OSError as error:
            failed = Unavailable(f"{self.path}: cannot be written: {error.strerror}")
        finally:
            self._pass_on()
            for one in batch:
                one.error = one.error or failed
                one.turn.release()

    def _write(self, batch: list[_Waiting]) -> None:
        folder.make(self.path)
        with folder.locked(self.path, alone=True) as opened:
            try:
                key, head = self._load(opened)
                length = folder.size(opened)
                before, lost = recovered(opened, head, length)
                written, after = _records(before, lost, batch)
                os.lseek(opened, before.length, os.SEEK_SET)
                write_all(opened, written)
                os.ftruncate(opened, after.length)
                os.fdatasync(opened)
                folder.replace(self.path, folder.HEAD, after.sign(key))
                self._head, self._seen = after, self._identity()
            except BaseException:
                self._head = None  # what is there has to be read again
                raise

    def _load(self, opened: int) -> tuple[Ed25519PrivateKey, Head]:
        """Return the key and the head in force."""
        length = folder.size(opened)
        key, head = self._key, self._head
        if key is None or head is None or self._seen != self._identity():
            key = self._key = folder.key(self.path)
            head = self._read_head(key, length)
        if length < head.length:
            raise Refused(
                f"{self.path}: records are missing: see clearward ledger verify"
            )
        return key, head

    def _read_head(self, key: Ed25519PrivateKey, length: int) -> Head:
        try:
            return Head.read(folder.read(self.path, folder.HEAD), public(key))
        except FileNotFoundError:
            if length:
                raise Refused(f"{self.path}: the head is missing") from None
        except (Malformed, Unsigned) as error:
            raise Refused(f"{self.path}: the head: {error}") from error
        head = Head(Frontier())
        folder.replace(self.path, folder.HEAD, head.sign(key))
        sync_folder(self.path)
        sync_folder(os.path.dirname(self.path))
        return head

    def _identity(self) -> tuple[int, int]:
        try:
            status = os.stat(os.path.join(self.path, folder.HEAD))
        except FileNotFoundError:
            return 0, 0
        return status.st_ino, status.st_mtime_ns


def _known(record: Asked | Closed, connections: int) -> Record:
    """Return a record, if there is such a connection."""
    if not 0 < record.seq <= connections:
        raise Refused(f"the ledger has no connection {record.seq}")
    return record


def _records(head: Head, lost: int, batch: Sequence[_Waiting]) -> tuple[bytes, Head]:
    """Return what is written behind a head, and the head after it.

    Who waits for a record that cannot be is told so; the others are not held up.
    """
    tree, connections = head.tree.copy(), head.connections
    lines: list[bytes] = []
    leaves: list[bytes] = []

    def add(record: Record) -> None:
        entry = leaf(tree.size + len(leaves) + 1, record)
        leaves.append(hash_leaf(entry))
        lines.append(line(entry, leaves[-1]))

    if lost:
        add(Torn(connections, lost))
    for one in batch:
        try:
            record = one.make(connections)
        except Refused as error:
            one.error = error
            continue
        connections += isinstance(record, Opened)
        one.seq = record.seq
        add(record)
    tree.add(leaves)
    written = b"".join(lines)
    return written, Head(tree, head.length + len(written), connections)
