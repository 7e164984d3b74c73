"""Ask witnesses to cosign the head of a log.

All are asked at the same time, each with a proof that the new tree continues the one
that it should have signed last. Whether their signatures are enough is what the policy
says that clients are given.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass

from clearward.core.errors import Malformed, Refused, Unavailable
from clearward.publishing.history import Cosign, Prove
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.note import Note, Signature
from clearward.updates.policy import Party, Policy
from clearward.updates.signatures import Unsigned
from clearward.updates.submitting import OK, Question, Reply

Ask = Callable[[bytes], Reply]  # raises Refused or Unavailable
Reach = Callable[[str], AbstractContextManager[Ask]]  # given an address


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking one witness.

    Attributes:
        name: of its key.
        why: it has not cosigned; empty if it has.
    """

    name: str
    why: str = ""


def asking(reach: Reach, tell: Callable[[Asked], None], policy: Policy) -> Cosign:
    """Return what gives a head the signatures that a policy wants.

    Args:
        reach: makes a connection to a witness; it bounds time and length.
        tell: is told what came of each, in the order of the policy.
        policy: names the witnesses and their addresses.
    """

    def cosign(note: Note, head: Checkpoint, prove: Prove) -> Note:
        question = Question(note, head.size, prove)
        parties = list(policy.witnesses.values())

        def ask(party: Party) -> Signature | str:
            return _asked(reach, party, question)

        with ThreadPoolExecutor(max(len(parties), 1)) as threads:
            answers = list(threads.map(ask, parties))
        signed = []
        for party, answer in zip(parties, answers, strict=True):
            if isinstance(answer, Signature):
                signed.append(answer)
            tell(Asked(party.key.name, answer if isinstance(answer, str) else ""))
        note = note.signed(*signed)
        policy.check(note.to_bytes())
        return note

    return cosign


def _asked(reach: Reach, party: Party, question: Question) -> Signature | str:
    """Return the signature of a witness, or why there is none."""
    if not party.address:
        return "the policy has no address of it"
    try:
        with reach(party.address) as ask:
            reply = question.put(ask, question.size - 1)
    except (Refused, Unavailable) as error:
        return str(error)
    if reply.status != OK:
        return str(reply)
    try:
        return question.signature(reply.body, party.key)
    except (Malformed, Unsigned) as error:
        return str(error)
