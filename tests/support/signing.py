"""Keys that tests make, and what they sign."""

import struct
from dataclasses import dataclass
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from clearward.updates.keys import Kind, PublicKey
from clearward.updates.note import Note, Signature
from clearward.updates.signatures import cosigned

TIME = 1_790_000_000


@dataclass
class Signer:
    """A log or a witness."""

    name: str
    kind: Kind = Kind.ED25519

    @cached_property
    def private(self) -> Ed25519PrivateKey | MLDSA44PrivateKey:
        """A new key."""
        if self.kind is Kind.COSIGNATURE_ML_DSA_44:
            return MLDSA44PrivateKey.generate()
        return Ed25519PrivateKey.generate()

    @cached_property
    def public(self) -> PublicKey:
        """What checks its signatures."""
        data = self.private.public_key().public_bytes_raw()
        return PublicKey(self.name, self.kind, data)

    def sign(self, note: Note, time: int = TIME) -> Note:
        """The note with one more signature."""
        if self.kind is Kind.ED25519:
            data = self.private.sign(note.text.encode())
        else:
            message = cosigned(note.text, self.public, time)
            data = struct.pack(">Q", time) + self.private.sign(message)
        return note.signed(Signature(self.name, self.public.number, data))
