"""Ask witnesses to cosign the head of a log."""

from clearward.publishing.history import Cosign, Prove
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.note import Note
from clearward.updates.policy import Policy


def asking(policy: Policy) -> Cosign:
    """Return what gives a head the signatures that a policy wants."""

    def cosign(note: Note, _head: Checkpoint, _prove: Prove) -> Note:
        policy.check(note.to_bytes())
        return note

    return cosign
