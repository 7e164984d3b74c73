"""A ledger, and a witness on the loopback that answers as ours does."""

import re
from collections.abc import Callable
from pathlib import Path

from clearward.egress.cosigned import log_key
from clearward.egress.cosigning import Outcome, cosign, door
from clearward.egress.folder import public_key
from clearward.egress.ledger import Ledger
from clearward.egress.witnesses import Witness
from clearward.updates.keys import Kind
from clearward.updates.witness import Answer, Head, Logs, objection, read
from support.scripted import Script, Talk, scripted
from support.signing import Signer

NOW = 1_700_000_000


class Seen:
    """What a witness has signed, and its key."""

    def __init__(self, kind: Kind = Kind.COSIGNATURE_ED25519) -> None:
        self.signer = Signer("witness.example", kind)
        self.last: Head | None = None
        self.bodies: list[bytes] = []

    def script(self, home: Path, *, times: int = 2) -> Script:
        """Answer on one connection, up to some times."""

        def play(talk: Talk) -> None:
            for _ in range(times):
                head = talk.hear()
                length = re.search(rb"Content-Length: (\d+)", head)
                assert length
                while len(talk.left) < int(length[1]):
                    talk.left += talk.socket.recv(65536)
                body, talk.left = talk.left, b""
                self.bodies.append(body)
                answer = self.answer(home, body)
                status = f"{answer.status} Said"
                content = f"Content-Type: {answer.type}"
                talk.answer(answer.body.encode(), status, content)

        return play

    def answer(self, home: Path, body: bytes) -> Answer:
        """Decide as a witness does."""
        key = log_key(public_key(str(home / "ledger")))
        asked = read(body, Logs.of([key]))
        if isinstance(asked, Answer):
            return asked
        refused = objection(asked, self.last)
        if refused is not None:
            return refused
        self.last = Head(asked.checkpoint.size, asked.checkpoint.root)
        signed = self.signer.sign(asked.note, NOW)
        return Answer(200, signed.signatures[-1].line())


def filled(home: Path, count: int) -> Ledger:
    """Write some connections down."""
    ledger = Ledger(str(home))
    for _ in range(count):
        ledger.open("update", "127.0.0.1:80", ["GET /a"])
    return ledger


def cosigned_by(
    seen: Seen, home: Path, change: Callable[[Script], Script] = lambda one: one
) -> Outcome:
    """Have a ledger cosigned."""
    with scripted(change(seen.script(home))) as (port, _):
        witness = Witness(f"http://127.0.0.1:{port}", seen.signer.public)
        (outcome,) = cosign(door(Ledger(str(home)), [witness]), [witness])
    return outcome
