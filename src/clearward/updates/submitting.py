"""How a witness is asked: what it is sent, and what its answer says.

Who asks may think of another size than the witness signed last; it names that one then,
and is asked once more from there. Whatever else it answers, it has not cosigned: what
counts is its own signature, which is checked here.

Source: C2SP tlog-witness; tlog-cosignature 1.1.0-rc.1.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from typing_extensions import override

from clearward.updates import base64_text
from clearward.updates.keys import PublicKey
from clearward.updates.note import Note, Signature
from clearward.updates.signatures import Unsigned, check

NAME = "add-checkpoint"  # below the address of a witness
SECONDS = 20.0  # for both questions to a witness
MOST = 1 << 16  # bytes of an answer; nobody has 100 signatures of ML-DSA
OK, CONFLICT, UNPROVEN = 200, 409, 422
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n?")
_SHOWN = 200  # bytes of what a witness says

Prove = Callable[[int], Sequence[bytes]]  # that a tree continues one of some size


@dataclass(frozen=True, slots=True)
class Reply:
    """What a witness says.

    Attributes:
        status: of HTTP.
        body: at most `MOST` bytes.
        type: of the body.
    """

    status: int
    body: bytes
    type: str = ""

    @property
    def size(self) -> int | None:
        """The size that it signed last, if it names one."""
        found = _SIZE.fullmatch(self.body) if self.status == CONFLICT else None
        return int(found[1]) if found else None

    @override
    def __str__(self) -> str:
        said = self.body[:_SHOWN].decode("ascii", "backslashreplace")
        return f"it answers {self.status}: {' '.join(said.split())}"


@dataclass(frozen=True, slots=True)
class Question:
    """A head that is to be cosigned.

    Attributes:
        note: signed by the log.
        size: entries of its tree.
        prove: that it continues one of some size.
    """

    note: Note
    size: int
    prove: Prove

    def body(self, old: int) -> bytes:
        """Return the request, with a proof from an older size."""
        lines = [f"old {old}", *map(base64_text.encode, self.prove(old))]
        return "\n".join(lines).encode() + b"\n\n" + self.note.to_bytes()

    def put(self, ask: Callable[[bytes], Reply], old: int) -> Reply:
        """Ask, and once more if the witness knows another size.

        Args:
            ask: sends a body to the witness; what it raises goes on.
            old: the size that it should have signed last.
        """
        reply = ask(self.body(old))
        if reply.size is not None and reply.size <= self.size:
            reply = ask(self.body(reply.size))
        return reply

    def signature(self, body: bytes, key: PublicKey) -> Signature:
        """Return the witness's own signature from the lines that it gives.

        Raises:
            Malformed: they are none.
            Unsigned: its own is missing or wrong.
        """
        given = Note.parse(self.note.text.encode() + b"\n" + body)
        own = (key.name, key.number)
        for one in given.by(lambda one: (one.name, one.number) == own):
            check(Note(self.note.text, (one,)), key)
            return one
        raise Unsigned(f"not signed by {key.name} with the key that was named")
