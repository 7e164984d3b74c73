"""Have the head of the ledger cosigned, so that its past cannot be changed unseen.

A witness is sent the head and a proof that it continues the one that it signed last;
nothing of the records themselves. What is asked is a record of the ledger, too: the
next head covers it.

Source: C2SP tlog-witness.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clearward.core.errors import ClearwardError, Malformed, Refused, Unavailable
from clearward.egress import cosigned, folder
from clearward.egress.cosigned import Cosigned
from clearward.egress.door import Connection, Door
from clearward.egress.head import Head, public
from clearward.egress.ledger import Ledger
from clearward.egress.policy import Policy
from clearward.egress.request import Reason, Request
from clearward.egress.witnesses import Witness
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.keys import PublicKey
from clearward.updates.note import Note
from clearward.updates.signatures import Unsigned
from clearward.updates.signers import Signer
from clearward.updates.submitting import (
    CONFLICT,
    MOST,
    NAME,
    OK,
    SECONDS,
    UNPROVEN,
    Question,
    Reply,
)
from clearward.updates.tree import fold, hash_pair, prove_consistency, split
from clearward.updates.witness import SIZE, TEXT


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking one witness.

    Attributes:
        witness: it.
        size: records that it has cosigned now; 0 if it has not.
        why: it has not.
        forked: because the ledger is not the one that it knows.
    """

    witness: Witness
    size: int = 0
    why: str = ""
    forked: bool = False


class Forked(Refused):
    """A ledger that does not continue what was cosigned."""


@dataclass(frozen=True, slots=True)
class _Offer:
    """The head as it is offered.

    Attributes:
        log: key of the ledger.
        note: signed by it.
        size: records.
        leaves: their hashes.
    """

    log: PublicKey
    note: Note
    size: int
    leaves: Sequence[bytes]

    @property
    def question(self) -> Question:
        """What a witness is asked."""
        return Question(self.note, self.size, self._prove)

    def _prove(self, old: int) -> list[bytes]:
        return prove_consistency(old, self.size, self._subtree) if old else []

    def _subtree(self, start: int, end: int) -> bytes:
        count = end - start
        if not count & (count - 1):
            return fold(self.leaves[start:end])
        middle = start + split(count)
        return hash_pair(self._subtree(start, middle), self._subtree(middle, end))


def door(ledger: Ledger, witnesses: Sequence[Witness]) -> Door:
    """Return a door that leads to witnesses and nowhere else."""
    named = {Reason.WITNESS: [one.place.destination for one in witnesses]}
    return Door(ledger, Policy.of(named))


def cosign(through: Door, witnesses: Sequence[Witness]) -> list[Outcome]:
    """Ask all witnesses, one behind the other; nothing if there is no record.

    Args:
        through: the door, of the ledger that is to be cosigned.
        witnesses: who is asked.

    Raises:
        Refused: the ledger is damaged.
        Unavailable: it cannot be read.
    """
    offer = _offer(through.ledger.path)
    if offer is None:
        return []
    return [_outcome(through, one, offer) for one in witnesses]


def _offer(path: str) -> _Offer | None:
    """Return the head that is signed now."""
    try:
        with folder.locked(path, alone=True):
            private = folder.key(path)
            head = Head.read(folder.read(path, folder.HEAD), public(private))
    except FileNotFoundError:
        return None
    except (Malformed, Unsigned) as error:
        raise Refused(f"{path}: the head: {error}") from error
    size = head.tree.size
    if not size:
        return None
    leaves = cosigned.leaves(path, size)
    if cosigned.roots(path, [size]).get(size) != head.tree.root():
        raise Refused(f"{path}: records are damaged: see clearward ledger verify")
    return _signed(private, head, leaves)


def _signed(private: Ed25519PrivateKey, head: Head, leaves: Sequence[bytes]) -> _Offer:
    log = cosigned.log_key(public(private))
    note = Note(str(Checkpoint(log.name, head.tree.size, head.tree.root())), ())
    note = note.signed(Signer(log, private).sign(note, 0))
    return _Offer(log, note, head.tree.size, leaves)


def _outcome(through: Door, witness: Witness, offer: _Offer) -> Outcome:
    path = through.ledger.path
    try:
        (stood,) = cosigned.standing(path, offer.log, [witness.key])
        if stood.why:
            raise Forked(stood.why)
        place = witness.place
        with through.connection(
            place.destination, Reason.WITNESS, seconds=SECONDS
        ) as connection:
            target = place.target(NAME)
            reply = _asked(connection, target, offer, stood.head)
        _keep(path, witness, offer, reply)
    except ClearwardError as error:
        forked = isinstance(error, Forked)
        return Outcome(witness, why=str(error), forked=forked)
    return Outcome(witness, offer.size)


def _asked(
    connection: Connection, target: str, offer: _Offer, last: Cosigned | None
) -> Reply:
    """Return the answer of a witness that has cosigned.

    Raises:
        Forked: it knows more records than there are, or others.
        Unavailable: it does not sign for another reason.
    """

    def ask(body: bytes) -> Reply:
        request = Request("POST", target, body, TEXT)
        answer = connection.ask(request, most=MOST)
        return Reply(answer.status, answer.body, answer.type)

    reply = offer.question.put(ask, last.size if last else 0)
    if reply.status == OK:
        return reply
    if reply.size is not None and reply.size > offer.size:
        raise Forked(
            f"it has cosigned {reply.size:,} records, and there are {offer.size:,}"
        )
    other = reply.status == CONFLICT and reply.type != SIZE
    if other or reply.status == UNPROVEN:
        raise Forked(str(reply))
    raise Unavailable(str(reply))


def _keep(path: str, witness: Witness, offer: _Offer, reply: Reply) -> None:
    """Write down what a witness has signed, if that is more than before.

    Raises:
        Malformed: it answers something else.
        Unsigned: it has signed something else.
    """
    key = witness.key
    data = offer.note.signed(offer.question.signature(reply.body, key)).to_bytes()
    new = cosigned.parse(data, offer.log, key)
    with folder.locked(path, alone=True):
        before = cosigned.read(path, offer.log, key)
        if before is None or before.size <= new.size:
            folder.replace(path, cosigned.file_name(key), data)
