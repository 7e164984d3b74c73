"""A key in memory signs, and what is none is refused."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner

from clearward.core.errors import Refused
from clearward.publishing.signing_key import KeyInMemory, MetadataSigner, read_key
from clearward.updates.keys import Kind
from clearward.updates.signers import Signer


def test_metadata_is_signed_as_by_the_library_itself() -> None:
    private = Ed25519PrivateKey.generate()
    ours, theirs = MetadataSigner(KeyInMemory(private)), CryptoSigner(private)
    assert ours.public_key == theirs.public_key
    assert ours.sign(b"some bytes") == theirs.sign(b"some bytes")


def test_a_key_of_another_kind_is_refused() -> None:
    pem = Signer.made("log", Kind.COSIGNATURE_ML_DSA_44).pem()
    with pytest.raises(Refused, match="here: a key that cannot be used"):
        read_key(pem, "here")


def test_a_key_comes_from_nowhere_else() -> None:
    signer = MetadataSigner(KeyInMemory(Ed25519PrivateKey.generate()))
    with pytest.raises(NotImplementedError):
        MetadataSigner.from_priv_key_uri("file:key.pem", signer.public_key)
