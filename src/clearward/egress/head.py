"""The signed head of the ledger: how many records there are, and the root over them.

    clearward/ledger
    5
    base64 of the root
    bytes 812                  of the records
    connections 2
    peak BASE64                a line for each whole subtree, the largest first

as the text of a signed note. The last lines let the ledger grow without being read.

Source: C2SP tlog-checkpoint 1.0.0, signed-note 1.0.0.
"""

import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clearward.core.errors import Malformed
from clearward.egress.frontier import Frontier
from clearward.updates import base64_text
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.keys import Kind, PublicKey
from clearward.updates.note import Note, Signature
from clearward.updates.signatures import check

ORIGIN = "clearward/ledger"  # the same everywhere: it names no host
_COUNT = re.compile(r"(bytes|connections) (0|[1-9][0-9]{0,18})")
_NAMES = ("bytes", "connections")


@dataclass(frozen=True, slots=True)
class Head:
    """What is signed.

    Attributes:
        tree: over all records.
        length: bytes of the records.
        connections: that they tell of.
    """

    tree: Frontier
    length: int = 0
    connections: int = 0

    def sign(self, key: Ed25519PrivateKey) -> bytes:
        """Return it as a signed note."""
        peaks = (f"peak {base64_text.encode(one)}" for one in self.tree.peaks)
        more = (f"bytes {self.length}", f"connections {self.connections}", *peaks)
        text = str(Checkpoint(ORIGIN, self.tree.size, self.tree.root(), more))
        signature = key.sign(text.encode())
        number = public(key).number
        return Note(text, (Signature(ORIGIN, number, signature),)).to_bytes()

    @classmethod
    def read(cls, data: bytes, key: PublicKey) -> "Head":
        """Read a signed note.

        Raises:
            Malformed: it is no head.
            Unsigned: it is not signed by `key`.
        """
        note = Note.parse(data)
        check(note, key)
        found = Checkpoint.parse(note.text)
        counts = [_COUNT.fullmatch(text) for text in found.more[:2]]
        named = tuple(one[1] for one in counts if one)
        if found.origin != ORIGIN or named != _NAMES:
            raise Malformed("head", 0, "lines")
        length, connections = (int(one[2]) for one in counts if one)
        try:
            peaks = [_peak(text) for text in found.more[2:]]
            tree = Frontier(found.size, peaks)
        except ValueError as error:
            raise Malformed("head", 0, "peak") from error
        if tree.root() != found.root:
            raise Malformed("head", 0, "root")
        return cls(tree, length, connections)


def public(key: Ed25519PrivateKey) -> PublicKey:
    """Return what checks the signatures of a key."""
    return PublicKey(ORIGIN, Kind.ED25519, key.public_key().public_bytes_raw())


def _peak(text: str) -> bytes:
    word, _, coded = text.partition(" ")
    if word != "peak":
        raise ValueError(word)
    return base64_text.decode(coded)
