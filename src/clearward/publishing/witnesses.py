"""Ask witnesses to cosign the head of a log.

All are asked at the same time, each with a proof that the new tree continues the one
that it should have signed last. One that has signed another names its size, and is
asked once more from there. Whatever else it answers, it has not cosigned: what counts
is its own signature, which is checked here. Whether that is enough is what the policy
says that clients are given.

Source: C2SP tlog-witness; tlog-cosignature 1.1.0-rc.1.
"""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass

from clearward.core.errors import Malformed, Refused, Unavailable
from clearward.publishing.history import Cosign, Prove
from clearward.updates import base64_text
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.keys import PublicKey
from clearward.updates.note import Note, Signature
from clearward.updates.policy import Party, Policy
from clearward.updates.signatures import Unsigned, check

_OK, _CONFLICT = 200, 409
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n?")
_SHOWN = 200  # characters of what a witness says


@dataclass(frozen=True, slots=True)
class Reply:
    """What a witness says.

    Attributes:
        status: of HTTP.
        body: of any length that was let through.
    """

    status: int
    body: bytes


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


@dataclass(frozen=True, slots=True)
class _Question:
    """What every witness is asked.

    Attributes:
        note: signed by the log.
        size: entries of its tree.
        prove: that it continues one of some size.
    """

    note: Note
    size: int
    prove: Prove

    def body(self, old: int) -> bytes:
        lines = [f"old {old}", *map(base64_text.encode, self.prove(old))]
        return "\n".join(lines).encode() + b"\n\n" + self.note.to_bytes()


def asking(reach: Reach, tell: Callable[[Asked], None], policy: Policy) -> Cosign:
    """Return what gives a head the signatures that a policy wants.

    Args:
        reach: makes a connection to a witness; it bounds time and length.
        tell: is told what came of each, in the order of the policy.
        policy: names the witnesses and their addresses.
    """

    def cosign(note: Note, head: Checkpoint, prove: Prove) -> Note:
        question = _Question(note, head.size, prove)
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


def _asked(reach: Reach, party: Party, question: _Question) -> Signature | str:
    """Return the signature of a witness, or why there is none."""
    if not party.address:
        return "the policy has no address of it"
    try:
        with reach(party.address) as ask:
            reply = ask(question.body(question.size - 1))
            other = _size(reply, question.size)
            if other is not None:
                reply = ask(question.body(other))
    except (Refused, Unavailable) as error:
        return str(error)
    if reply.status != _OK:
        said = reply.body[:_SHOWN].decode("utf-8", errors="backslashreplace")
        return f"it answers {reply.status}: {' '.join(said.split())}"
    try:
        return _own(reply.body, party.key, question.note)
    except (Malformed, Unsigned) as error:
        return str(error)


def _size(reply: Reply, most: int) -> int | None:
    """Return the size that a witness wants a proof from, if it names one."""
    found = _SIZE.fullmatch(reply.body)
    if reply.status != _CONFLICT or found is None or int(found[1]) > most:
        return None
    return int(found[1])


def _own(body: bytes, key: PublicKey, note: Note) -> Signature:
    """Return the signature of a witness from the lines that it gives.

    Raises:
        Malformed: they are none.
        Unsigned: its own is missing or wrong.
    """
    given = Note.parse(note.text.encode() + b"\n" + body)
    for one in given.by(lambda one: (one.name, one.number) == (key.name, key.number)):
        check(Note(note.text, (one,)), key)
        return one
    raise Unsigned("it has not signed with the key that the policy names")
