"""One more entry in the log of a repository: its head is cosigned before it is shown.

The head that the log will have is computed first, and signed by the log and by its
witnesses. Only then a file of the log changes.

Source: C2SP tlog-checkpoint 1.0.0, tlog-tiles 0.1.0.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass

from clearward.core.errors import Malformed, Refused
from clearward.publishing.repository import write_new
from clearward.stores.log_folder import LogFolder
from clearward.updates import tiles
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.note import Note
from clearward.updates.proof import Proof
from clearward.updates.signers import Signer
from clearward.updates.tiles import Tiles
from clearward.updates.tree import prove_consistency, prove_inclusion

Prove = Callable[[int], list[bytes]]  # that the new tree continues one of some size
Cosign = Callable[[Note, Checkpoint, Prove], Note]


@dataclass(frozen=True, slots=True)
class History:
    """The log, and who signs it.

    Attributes:
        log: its files.
        signers: finds the keys of the log.
        cosign: gives a head the signatures of enough witnesses, or raises.
    """

    log: LogFolder
    signers: Callable[[], list[Signer]]
    cosign: Cosign

    def add(self, entry: bytes) -> None:
        """Add an entry, unless it is the last one already.

        Raises:
            Refused: the log is not what its head says.
            Unwitnessed: not enough witnesses have signed; the log is as it was.
            Unavailable: the log cannot be written.
        """
        old = self.log.head()
        pending = self.log.pending()
        if old.size and self.log.entry(old.size - 1) == entry:
            if pending is not None:
                self.log.append(pending, self._unasked)
            return
        grown = _Grown.of(self.log, old, entry)
        new = grown.head(self.log.origin)
        note = self._signed(new)
        note = self.cosign(note, new, grown.prove)

        def agreed(_old: Checkpoint, written: Checkpoint) -> Note:
            if written != new:
                raise Refused(f"{self.log.folder}: the log was changed meanwhile")
            return note

        self.log.append(entry, agreed)

    def prove(self, index: int) -> bytes:
        """Return the file that proves that an entry is in the log.

        Raises:
            Refused: the log is not what its head says.
        """
        head = self.log.head()
        try:
            subtree = Tiles(head.size, self.log.read).subtree
            hashes = tuple(prove_inclusion(index, head.size, subtree))
            checkpoint = self.log.read("checkpoint")
        except (Malformed, OSError) as error:
            raise Refused(f"{self.log.folder}: {error}") from error
        entry = self.log.entry(index)
        return Proof(index, hashes, checkpoint, entry).to_bytes()

    def sign_again(self) -> None:
        """Add the signatures of keys that the log has got since to its head.

        Raises:
            Refused: the log is not what it should be.
            Unavailable: it cannot be written.
        """
        self.log.head()
        note = Note.parse(self.log.read("checkpoint"))
        new = note.signed(*(one.sign(note, 0) for one in self.signers()))
        if new != note:
            write_new(os.path.join(self.log.folder, "checkpoint"), new.to_bytes())

    def create(self) -> None:
        """Make an empty log.

        Raises:
            Unavailable: it cannot be written.
        """
        self.log.create(lambda _old, new: self._signed(new))

    def _signed(self, head: Checkpoint) -> Note:
        note = Note(str(head), ())
        return note.signed(*(one.sign(note, 0) for one in self.signers()))

    def _unasked(self, _old: Checkpoint, _new: Checkpoint) -> Note:
        raise Refused(f"{self.log.folder}: the log was changed by others")


@dataclass(frozen=True, slots=True)
class _Grown:
    """A log with one more entry that is not written yet.

    Attributes:
        size: entries.
        files: that are not in the folder.
        log: the folder.
    """

    size: int
    files: dict[str, bytes]
    log: LogFolder

    @classmethod
    def of(cls, log: LogFolder, old: Checkpoint, entry: bytes) -> "_Grown":
        try:
            if Tiles(old.size, log.read).root() != old.root:
                raise Refused(f"{log.folder}: its files are not those of its head")
            return cls(old.size + 1, dict(tiles.grow(old.size, [entry], log.read)), log)
        except (Malformed, OSError) as error:
            raise Refused(f"{log.folder}: {error}") from error

    def head(self, origin: str) -> Checkpoint:
        return Checkpoint(origin, self.size, Tiles(self.size, self.read).root())

    def prove(self, old: int) -> list[bytes]:
        """Prove that the new tree continues the one of an older size."""
        if not 0 < old < self.size:
            return []
        return prove_consistency(old, self.size, Tiles(self.size, self.read).subtree)

    def read(self, name: str) -> bytes:
        """Return a file, whether it is written yet or not."""
        found = self.files.get(name)
        return self.log.read(name) if found is None else found
