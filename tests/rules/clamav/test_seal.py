"""Behaviour of digital signatures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.clamav_signing import HEADER_KEY, INFO_KEY, SigningKey, written

from clearward.rules.clamav.seal import CLAMAV, PublicKey, signs_digest, signs_text

SMALL = SigningKey((1 << 61) - 1, (1 << 127) - 1)
DIGEST = bytes(range(16))


def test_a_signature_of_a_digest_is_known() -> None:
    seal = HEADER_KEY.sign_digest(DIGEST)
    assert signs_digest(seal, DIGEST, HEADER_KEY.public)
    assert not signs_digest(seal, bytes(16), HEADER_KEY.public)
    assert not signs_digest(seal, DIGEST, INFO_KEY.public)


@pytest.mark.parametrize("key", [HEADER_KEY, INFO_KEY], ids=["1128 bits", "1886 bits"])
@pytest.mark.parametrize("salt", [bytes(32), b"\xff" * 32])
def test_a_signature_of_a_text_is_known(key: SigningKey, salt: bytes) -> None:
    seal = key.sign_text(b"text", salt)
    assert signs_text(seal, b"text", key.public)
    assert not signs_text(seal, b"tex", key.public)
    assert not signs_text(seal[:-1] + b"a", b"text", key.public)


def test_only_the_digest_itself_may_be_signed() -> None:
    """ClamAV's own check once took the lowest bytes of whatever came out."""
    longer = HEADER_KEY.sign_digest(b"x" + DIGEST)
    assert not signs_digest(longer, DIGEST, HEADER_KEY.public)


@pytest.mark.parametrize("seal", [b"", b"X-", b"\xff", b"a" * 1025, b"/" * 400])
def test_what_is_no_signature_is_none(seal: bytes) -> None:
    assert not signs_digest(seal, DIGEST, HEADER_KEY.public)
    assert not signs_text(seal, b"text", INFO_KEY.public)


def test_a_number_that_is_too_large_for_padding_signs_nothing() -> None:
    key = HEADER_KEY.public
    seal = written(HEADER_KEY.power(key.modulus - 1))
    assert not signs_text(seal, b"text", key)


def test_a_key_too_short_for_padding_signs_nothing() -> None:
    assert not signs_text(SMALL.sign_digest(b"a"), b"text", SMALL.public)


def test_padding_has_to_be_whole() -> None:
    for value in (0xBC, 0xBB, 1 << 600):
        seal = written(HEADER_KEY.power(value))
        assert not signs_text(seal, b"text", HEADER_KEY.public)


def test_the_keys_of_clamav_are_of_their_size() -> None:
    assert CLAMAV.header.modulus.bit_length() == 1024
    assert CLAMAV.info.modulus.bit_length() == 2047


@given(st.binary(max_size=400))
def test_any_bytes_sign_nothing(seal: bytes) -> None:
    key = PublicKey(HEADER_KEY.public.modulus, 3)
    assert not signs_text(seal, b"text", key)
