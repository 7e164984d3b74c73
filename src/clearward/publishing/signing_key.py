"""A key that signs, wherever it is: in memory, or in a token that never gives it away.

Source: RFC 8032 (Ed25519); TUF 1.0.31, section 4.2 (signatures and ids of keys).
"""

from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from securesystemslib.signer import (
    Key,
    SecretsHandler,
    Signature,
    Signer,
    SSlibKey,
)
from typing_extensions import override

from clearward.core.errors import Malformed, Refused
from clearward.updates import signers
from clearward.updates.keys import Kind

_UNNAMED = "log"  # a key is named when it is used


class SigningKey(Protocol):
    """A private key of Ed25519 that one can sign with and not look at."""

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""

    def sign(self, data: bytes, /) -> bytes:
        """Return the signature, 64 bytes.

        Raises:
            Unavailable: what holds the key does not answer.
        """


@dataclass(frozen=True, slots=True)
class KeyInMemory:
    """A key that was in a file or a variable.

    Attributes:
        private: the key; it is never shown.
    """

    private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self.private.public_key().public_bytes_raw()

    def sign(self, data: bytes, /) -> bytes:
        """Return the signature, 64 bytes."""
        return self.private.sign(data)


class MetadataSigner(Signer):
    """What signs metadata of TUF with a key.

    Args:
        key: wherever it is.
    """

    def __init__(self, key: SigningKey) -> None:
        self._key = key
        public = Ed25519PublicKey.from_public_bytes(key.public)
        self._public: Key = SSlibKey.from_crypto(public)

    @property
    @override
    def public_key(self) -> Key:
        return self._public

    @override
    def sign(self, payload: bytes) -> Signature:
        return Signature(self._public.keyid, self._key.sign(payload).hex())

    @classmethod
    @override
    def from_priv_key_uri(
        cls,
        priv_key_uri: str,
        public_key: Key,
        secrets_handler: SecretsHandler | None = None,
    ) -> "MetadataSigner":
        raise NotImplementedError  # keys are found by `keys` alone


def read_key(pem: bytes, where: str) -> KeyInMemory:
    """Read a key from PKCS #8, as PEM without a password.

    Args:
        pem: of a file or a variable.
        where: it was, for messages.

    Raises:
        Refused: it is none.
    """
    try:
        private = signers.Signer.parse(_UNNAMED, Kind.ED25519, pem).private
    except Malformed as error:
        raise Refused(f"{where}: a key that cannot be used: {error}") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise Refused(f"{where}: a key that cannot be used: not of Ed25519")
    return KeyInMemory(private)
