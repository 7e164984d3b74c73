"""What a witness is asked, and what it answers.

    old 15
    base64 of a hash                    as many as the proof has, at most 63
                                        an empty line
    the signed checkpoint

It signs a checkpoint only if that continues the one of the same log that it signed
last. Whoever calls keeps that one: looks it up, decides and writes the new one in one
step that nothing comes between, and lets no answer out before it is written.

Source: C2SP tlog-witness.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from clearward.core.errors import Malformed
from clearward.updates import base64_text
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.keys import Kind, PublicKey
from clearward.updates.note import Note
from clearward.updates.signatures import Unsigned, check
from clearward.updates.tree import HASH_BYTES, LARGEST, Unproven, check_consistency

MOST_BODY = 1 << 20  # bytes
MOST_HASHES = 63
TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"
_MOST_HEAD = 32 + MOST_HASHES * 48  # bytes of the lines before the checkpoint
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Submission:
    """A checkpoint that somebody wants signed.

    Attributes:
        old: entries of the checkpoint that was signed last, as the client thinks.
        proof: that it is continued, from below up.
        note: as it was signed.
        checkpoint: what the note says.
    """

    old: int
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint

    @classmethod
    def parse(cls, body: bytes) -> "Submission":
        """Read the body of a request.

        Raises:
            Malformed: it is none.
        """
        if len(body) > MOST_BODY:
            raise Malformed("submission", MOST_BODY, "length")
        head, gap, rest = body.partition(b"\n\n")
        if not gap or len(head) > _MOST_HEAD:
            raise Malformed("submission", min(len(head), _MOST_HEAD), "end")
        try:
            first, *lines = head.decode("ascii").split("\n")
            proof = tuple(map(base64_text.decode, lines))
        except ValueError as error:
            raise Malformed("submission", 0, "hash") from error
        old = _OLD.fullmatch(first)
        if old is None or int(old[1]) > LARGEST:
            raise Malformed("submission", 0, "old size")
        if len(proof) > MOST_HASHES or any(len(one) != HASH_BYTES for one in proof):
            raise Malformed("submission", 0, "hash")
        note = Note.parse(rest)
        return cls(int(old[1]), proof, note, Checkpoint.parse(note.text))


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to the client.

    Attributes:
        status: of HTTP.
        body: with its last newline.
        type: of the body.
    """

    status: int
    body: str
    type: str = TEXT


@dataclass(frozen=True, slots=True)
class Head:
    """The checkpoint of a log that was signed last.

    Attributes:
        size: entries.
        root: 32 bytes.
    """

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Logs:
    """The logs that a witness watches.

    Attributes:
        keys: which count for each origin.
    """

    keys: dict[str, tuple[PublicKey, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, keys: Collection[PublicKey]) -> "Logs":
        """Let each key sign for the log of its name.

        Raises:
            ValueError: a key is a witness's.
        """
        found: dict[str, tuple[PublicKey, ...]] = {}
        for key in keys:
            if key.kind is not Kind.ED25519:
                raise ValueError("the key of a witness, not of a log")
            found[key.name] = (*found.get(key.name, ()), key)
        return cls(found)

    def refusal(self, asked: Submission) -> Answer | None:
        """Say why a checkpoint is not one of a log that is watched, if it is not."""
        keys = self.keys.get(asked.checkpoint.origin)
        if keys is None:
            return Answer(404, "this log is not watched here\n")
        if not any(_has_signed(key, asked.note) for key in keys):
            return Answer(403, "not signed by a key of this log\n")
        return None


def _has_signed(key: PublicKey, note: Note) -> bool:
    try:
        check(note, key)
    except Unsigned:
        return False
    return True


def read(body: bytes, logs: Logs) -> Submission | Answer:
    """Read a request as far as that needs no look at what was signed before.

    Returns:
        The submission, signed by a log that is watched; else the answer.
    """
    try:
        asked = Submission.parse(body)
    except Malformed as error:
        return Answer(400, f"{error}\n")
    return logs.refusal(asked) or asked


def objection(asked: Submission, last: Head | None) -> Answer | None:
    """Say why a checkpoint is not to be signed, if it is not.

    Args:
        asked: signed by the log.
        last: of the same log; None if none was signed yet.
    """
    new = asked.checkpoint
    if asked.old > new.size:
        return Answer(400, "the old size is above that of the checkpoint\n")
    size = last.size if last is not None else 0
    if asked.old != size:
        return Answer(409, f"{size}\n", SIZE)
    if last is not None and size == new.size and last.root != new.root:
        return Answer(409, "another tree of this size was signed before\n")
    if last is None or not size:  # every tree continues an empty one
        return Answer(422, "a proof without need\n") if asked.proof else None
    try:
        check_consistency(size, new.size, last.root, new.root, asked.proof)
    except Unproven as error:
        return Answer(422, f"{error}\n")
    return None
