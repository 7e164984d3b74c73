"""Private keys sign what public ones check."""

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st
from support.witnessing import numbered

from clearward.core.errors import Malformed
from clearward.updates.keys import Kind
from clearward.updates.note import Note
from clearward.updates.signatures import check
from clearward.updates.signers import Signer

TIME = 1_790_000_000


@pytest.mark.parametrize("kind", list(Kind))
def test_a_key_that_was_written_signs_what_its_public_key_checks(kind: Kind) -> None:
    made = Signer.made("w.example", kind)
    signer = Signer.parse("w.example", kind, made.pem())
    assert signer.public == made.public
    note = numbered(3).note(3)
    signed = Note.parse(note.signed(signer.sign(note, TIME)).to_bytes())
    assert check(signed, made.public) == (None if kind is Kind.ED25519 else TIME)


def test_a_witness_signs_checkpoints_only() -> None:
    signer = Signer.made("w", Kind.COSIGNATURE_ED25519)
    with pytest.raises(Malformed):
        signer.sign(Note("no checkpoint\n", ()), TIME)


def test_a_key_of_another_algorithm_is_none() -> None:
    other = X25519PrivateKey.generate()
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(Malformed, match="algorithm"):
        Signer.parse("w", Kind.ED25519, pem)
    pem = Signer.made("w", Kind.COSIGNATURE_ML_DSA_44).pem()
    with pytest.raises(Malformed, match="length"):
        Signer.parse("w", Kind.ED25519, pem)


@given(st.binary())
def test_any_bytes_are_a_key_or_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        Signer.parse("w", Kind.ED25519, data)
