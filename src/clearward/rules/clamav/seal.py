"""The digital signatures of ClamAV's databases.

Two kinds, each with an RSA key of its own. The header of a cvd holds the MD5 of what
follows it, signed without any padding: the signature to the power of the exponent is
that MD5. The .info of a cvd or cld ends with a line ``DSIG:`` and a signature over the
SHA-256 of everything before that line, padded as RSASSA-PSS with a salt of 32 bytes.
Signatures are written in digits of 6 bits, the lowest first.

The keys are facts, found in public programs that check these files (ClamAV calls the
numbers CLI_NSTR, CLI_ESTR, INFO_NSTR and INFO_ESTR), and tried on a database that
ClamAV's makers signed.

Source: RFC 8017, sections 8.1.2, 9.1.2 and B.2.1, for the padding.
"""

import hashlib
from dataclasses import dataclass

_DIGITS = {
    digit: value
    for value, digit in enumerate(
        b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"
    )
}
_DIGIT_BITS = 6
_MOST_DIGITS = 1024
_HASH_SIZE = 32  # of SHA-256, and of the salt
_TRAILER = 0xBC


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An RSA key: what signatures are checked with."""

    modulus: int
    exponent: int


@dataclass(frozen=True, slots=True)
class Keys:
    """Who may sign databases.

    Attributes:
        header: signs the MD5 in a header.
        info: signs the list of members.
    """

    header: PublicKey
    info: PublicKey


CLAMAV = Keys(
    header=PublicKey(
        int(
            "a8f34c7b2bae902e1e608cfcec44c024375370c09cd460e1917a98546ddfc53a90c608bb"
            "48ba8cb7eed1ff342085ecdd1491428ca8a895972403a3db2a452dd80173bb07e1e23acb"
            "c84fab2e2586930f62909d56d2e25256c989d399fa722ab25ab628df79bcfce43b86a0e0"
            "49263171352b75048f2d4778b69a5e574a6130ad",
            16,
        ),
        100001027,
    ),
    info=PublicKey(
        int(
            "57d749b7e7d61160421a14aeadb263bbaec4422cabda76e94db3fa98cd63bfe32a54c72b"
            "3026f2356dfa9543f9020219cbdcbdae9e642c4441c23a2523cf4fa6d444722ec227b89e"
            "04dad097c38eeef93b588baabecc6fc20199fea6ea47a66c736d4fec15b5a8d4411e1ae8"
            "38e2a0a55b7398f4d48b346a7d747134c62bfdf95a4bce381fa151a2118b6788ccb32895"
            "12a6c8b3a84d640e0fca01d0f4611d7dd1a47452027ddecfc1572d08370e63c51d9bd477"
            "3153ce7ad95c4ffb2f4a1147e35304f827f34a4d5ef388bab077f7cae0b2fbbbfea09936"
            "b656b4c0c7c4e9907c6c6d392e01b047746d2b8694bede7a5e0861f8d95ef844a29b71e7"
            "f8b8f0c9",
            16,
        ),
        100002049,
    ),
)


def signs_digest(signature: bytes, digest: bytes, key: PublicKey) -> bool:
    """Say whether a header's signature is one of a digest.

    Args:
        signature: as it is written.
        digest: 16 bytes.
        key: who has to have signed.
    """
    opened = _open(signature, key)
    return opened is not None and opened == int.from_bytes(digest, "big")


def signs_text(signature: bytes, text: bytes, key: PublicKey) -> bool:
    """Say whether a signature behind ``DSIG:`` is one of a text."""
    opened = _open(signature, key)
    if opened is None:
        return False
    bits = key.modulus.bit_length() - 1
    size = (bits + 7) // 8
    if opened >> bits or size < 2 * _HASH_SIZE + 2:
        return False
    padded = opened.to_bytes(size, "big")
    masked = padded[: size - _HASH_SIZE - 1]
    digest = padded[len(masked) : -1]
    mask = int.from_bytes(_mask(digest, len(masked)), "big")
    plain = int.from_bytes(masked, "big") ^ mask
    plain &= (1 << bits - 8 * (_HASH_SIZE + 1)) - 1  # unused bits on the left
    salt = plain & ((1 << 8 * _HASH_SIZE) - 1)
    made = bytes(8) + hashlib.sha256(text).digest() + salt.to_bytes(_HASH_SIZE, "big")
    return (
        padded[-1] == _TRAILER
        and plain >> 8 * _HASH_SIZE == 1
        and hashlib.sha256(made).digest() == digest
    )


def _open(signature: bytes, key: PublicKey) -> int | None:
    if not signature or len(signature) > _MOST_DIGITS:
        return None
    value = 0
    for place, digit in enumerate(signature):
        number = _DIGITS.get(digit)
        if number is None:
            return None
        value |= number << _DIGIT_BITS * place
    return pow(value, key.exponent, key.modulus) if value < key.modulus else None


def _mask(seed: bytes, size: int) -> bytes:
    """Return the mask that RFC 8017 calls MGF1."""
    made = b"".join(
        hashlib.sha256(seed + number.to_bytes(4, "big")).digest()
        for number in range(size // _HASH_SIZE + 1)
    )
    return made[:size]
