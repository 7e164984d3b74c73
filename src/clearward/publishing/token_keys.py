"""Keys in a PKCS#11 token: what is signed goes in, and no private byte comes out.

The label of the private key says what it is; the public key is found by the id that
they share. A token has no rename, and a pair of keys is two objects. So each change
ends with the label of the private key, and everything before can be done again:

    make      a pair under LABEL.unfinished; a signature is checked; the public key is
              called LABEL; the private key is called LABEL
    rename    the old private key is destroyed; then its public key; the public key gets
              the new label; the private key gets the new label

Source: PKCS#11 3.0 (OASIS), attributes of keys: CKA_LABEL, CKA_ID, CKA_EC_POINT.
"""

from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from clearward.core.errors import Refused, Unavailable
from clearward.publishing.keys import is_label_of
from clearward.publishing.signing_key import SigningKey
from clearward.publishing.token import Token, told

_SIZE = 32
# A point is an OCTET STRING in DER; some tokens have a BIT STRING, or no DER at all.
_WRAPPINGS = (b"\x04\x20", b"\x03\x21\x00", b"")
_PROOF = b"clearward: a new key signs this once"


@dataclass(frozen=True, slots=True)
class KeyInToken:
    """A key that signs in its token.

    Attributes:
        public: the public key, 32 bytes.
        label: of the private key.
        token: where it is.
        handle: of the private key, for the library.
    """

    public: bytes
    label: str
    token: Token
    handle: Any

    def sign(self, data: bytes, /) -> bytes:
        """Return the signature, 64 bytes; it is checked before it is believed.

        Raises:
            Unavailable: the token was removed, or what it says is no signature.
        """
        signature = self.token.sign(self.handle, data)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, data)
        except InvalidSignature as error:
            said = f"{self.token.name}: {self.label}: its signature is wrong"
            raise Unavailable(said) from error
        return signature


@dataclass(frozen=True, slots=True)
class TokenKeys:
    """Keys in a token.

    Attributes:
        token: is opened when it is first needed.
    """

    token: Token

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.token.name

    def find(self, role: str) -> list[SigningKey]:
        """Return all keys that there are of a role.

        Raises:
            Refused: one cannot be used, or the token cannot be opened.
            Unavailable: the token does not answer.
        """
        labels = {self._label(one) for one in self.token.objects(private=True)}
        found = (
            self.get(label) for label in sorted(labels) if is_label_of(role, label)
        )
        return [one for one in found if one is not None]

    def get(self, label: str) -> SigningKey | None:
        """Return the key of a label, if there is one.

        Raises:
            As `find`.
        """
        handle = self._private(label)
        if handle is None:
            return None
        return KeyInToken(self._public(label, handle), label, self.token, handle)

    def make(self, label: str) -> None:
        """Make a key, if there is none of this label.

        Raises:
            As `find`.
        """
        if self._private(label) is not None:
            return
        unfinished = f"{label}.unfinished"
        self._sweep(unfinished)
        public, private = self.token.generate(unfinished)
        made = KeyInToken(
            self._public(unfinished, private), unfinished, self.token, private
        )
        made.sign(_PROOF)
        self._call(public, label)
        self._call(private, label)

    def rename(self, old: str, new: str) -> None:
        """Give a key another label; one that had it is destroyed.

        Raises:
            As `find`.
        """
        private = self._private(old)
        if private is None:
            raise Refused(f"{self.name}: {old}: the key is not there")
        former = self._private(new)
        if former is not None:
            self._destroy(former)
        own = self._id(private)
        for one in self.token.objects(private=False):
            if self._id(one) == own:
                self._call(one, new)
            elif self._label(one) == new:
                self._destroy(one)
        self._call(private, new)

    def state(self) -> str | None:
        """Return nothing: there is no folder."""
        return None

    def _sweep(self, unfinished: str) -> None:
        """Destroy what somebody who was killed has left; the private keys last."""
        left = [
            one
            for one in self.token.objects(private=True)
            if self._label(one) == unfinished
        ]
        ids = {self._id(one) for one in left}
        for one in self.token.objects(private=False):
            if self._label(one) == unfinished or self._id(one) in ids:
                self._destroy(one)
        for one in left:
            self._destroy(one)

    def _private(self, label: str) -> Any:  # noqa: ANN401 - of the library
        found = [
            one for one in self.token.objects(private=True) if self._label(one) == label
        ]
        if len(found) > 1:
            raise Refused(f"{self.name}: {len(found)} keys have the label {label}")
        return found[0] if found else None

    def _public(self, label: str, private: Any) -> bytes:  # noqa: ANN401
        own = self._id(private)
        found = [
            one for one in self.token.objects(private=False) if self._id(one) == own
        ]
        if not own or len(found) != 1:
            raise Refused(
                f"{self.name}: {label}: {len(found)} public keys have its id, "
                "and it has to be one"
            )
        point = self._read(found[0], "EC_POINT")
        for head in _WRAPPINGS:
            if len(point) == len(head) + _SIZE and point.startswith(head):
                return point[-_SIZE:]
        raise Refused(f"{self.name}: {label}: no public key of Ed25519")

    def _id(self, key: Any) -> bytes:  # noqa: ANN401
        return self._read(key, "ID")

    def _label(self, key: Any) -> str:  # noqa: ANN401
        with told(self.name):
            return str(key.label)

    def _read(self, key: Any, name: str) -> bytes:  # noqa: ANN401
        from pkcs11 import Attribute  # noqa: PLC0415 - an extra

        with told(self.name):
            return bytes(key[Attribute[name]])

    def _call(self, key: Any, label: str) -> None:  # noqa: ANN401
        from pkcs11 import Attribute  # noqa: PLC0415 - an extra

        with told(self.name):
            key[Attribute.LABEL] = label

    def _destroy(self, key: Any) -> None:  # noqa: ANN401
        with told(self.name):
            key.destroy()
