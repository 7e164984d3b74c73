"""Private keys: they sign the notes of a log, and cosign checkpoints as a witness.

Which file a key is in, and who may read that, is the business of whoever stores it.

Source: C2SP signed-note 1.0.0, tlog-cosignature 1.1.0-rc.1; RFC 5958 (PKCS #8).
"""

import struct
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from clearward.core.errors import Malformed, Refused
from clearward.updates.keys import Kind, PublicKey
from clearward.updates.note import Note, Signature
from clearward.updates.signatures import cosigned

_TIME = struct.Struct(">Q")
Private = Ed25519PrivateKey | MLDSA44PrivateKey


class Signs(Protocol):
    """A private key, wherever it is; a token does not give it away."""

    def sign(self, data: bytes, /) -> bytes:
        """Return the signature of some bytes."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key, and whose it is.

    Attributes:
        public: what checks its signatures.
        private: the key; it is never shown.
    """

    public: PublicKey
    private: Private | Signs

    @classmethod
    def made(cls, name: str, kind: Kind) -> "Signer":
        """Make a new key.

        Raises:
            Malformed: nobody may be called so.
        """
        if kind is Kind.COSIGNATURE_ML_DSA_44:
            return cls.of(name, kind, MLDSA44PrivateKey.generate())
        return cls.of(name, kind, Ed25519PrivateKey.generate())

    @classmethod
    def of(cls, name: str, kind: Kind, private: Private) -> "Signer":
        """Give a key its name.

        Raises:
            Malformed: nobody may be called so, or it is a key of another kind.
        """
        data = private.public_key().public_bytes_raw()
        return cls(PublicKey(name, kind, data), private)

    @classmethod
    def parse(cls, name: str, kind: Kind, pem: bytes) -> "Signer":
        """Read a key from PKCS #8, as PEM without a password.

        Raises:
            Malformed: it is none, or of another kind.
        """
        try:
            private = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise Malformed("private key", 0, "form") from error
        if not isinstance(private, Ed25519PrivateKey | MLDSA44PrivateKey):
            raise Malformed("private key", 0, "algorithm")
        return cls.of(name, kind, private)

    def pem(self) -> bytes:
        """Return it as PKCS #8, as PEM without a password.

        Raises:
            Refused: it is in a token.
        """
        if not isinstance(self.private, Ed25519PrivateKey | MLDSA44PrivateKey):
            raise Refused(f"{self.public.name}: its key is not given away")
        return self.private.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )

    def sign(self, note: Note, time: int) -> Signature:
        """Sign a note.

        Args:
            note: for a witness, a checkpoint.
            time: seconds since 1970 UTC; the key of a log does not say it.

        Raises:
            Malformed: a witness is to sign what is no checkpoint.
        """
        if self.public.kind is Kind.ED25519:
            data = self.private.sign(note.text.encode())
        else:
            message = cosigned(note.text, self.public, time)
            data = _TIME.pack(time) + self.private.sign(message)
        return Signature(self.public.name, self.public.number, data)
