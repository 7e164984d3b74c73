"""The encryption of 7z archives: AES-256 with a key that takes time to make.

Properties of the coder (7zAes in the LZMA SDK's documentation of methods, 06 F1 07 01):

    a byte: bits 0-5 rounds, as a power of two; 40 hex: an initial vector follows;
            80 hex: salt follows
    if either follows, a byte: high half, length of the salt; low half, of the vector;
            to each its bit above is added
    salt, vector

The key is the SHA-256 of salt, password in UTF-16 and a count of 8 bytes, low byte
first, for each round; with 3F hex as the power it is salt and password themselves. The
stream is in cipher block chaining, filled up to 16 bytes.
"""

import hashlib
from codecs import utf_16_le_encode
from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.reader import CHUNK, Forward
from clearward.formats.heavy import library

METHOD = b"\x06\xf1\x07\x01"
PLAIN_KEY = 0x3F
MOST_POWER = 24  # what the archiver itself accepts
KEY, BLOCK = 32, 16
AT_ONCE = 1 << 16  # rounds that are digested together


@dataclass(frozen=True, slots=True)
class Lock:
    """How a stream is encrypted.

    Attributes:
        power: rounds, as a power of two.
        salt: bytes in front of the password.
        vector: initial vector, 16 bytes.
    """

    power: int
    salt: bytes
    vector: bytes

    @property
    def rounds(self) -> int:
        """How much work a key is."""
        return 1 if self.power == PLAIN_KEY else 1 << self.power

    def key(self, password: bytes) -> bytes:
        """Return the key that a password makes."""
        text, _ = utf_16_le_encode(password.decode(errors="replace"), "replace")
        if self.power == PLAIN_KEY:
            return (self.salt + text)[:KEY].ljust(KEY, b"\0")
        front = self.salt + text
        count = min(self.rounds, AT_ONCE)
        rows, stride = _rows(front, count), len(front) + 8
        digest = hashlib.sha256()
        for high in range(max(self.rounds // AT_ONCE, 1)):
            for place, byte in enumerate(high.to_bytes(6, "little")):
                rows[len(front) + 2 + place :: stride] = bytes((byte,)) * count
            digest.update(rows)
        return digest.digest()


def _rows(front: bytes, count: int) -> bytearray:
    """What is digested in the first rounds; the two low bytes of the count vary."""
    rows = bytearray((front + bytes(8)) * count)
    place, stride = len(front), len(front) + 8
    rows[place::stride] = (bytes(range(256)) * (count // 256 + 1))[:count]
    later = b"".join(bytes((byte,)) * 256 for byte in range(256))
    rows[place + 1 :: stride] = later[:count]
    return rows


def lock_of(method: bytes, properties: bytes) -> Lock | None:
    """Return how a coder encrypts, None if it is not known or too much work."""
    if method != METHOD or not properties:
        return None
    first, second = properties[0], (properties[1:2] or b"\0")[0]
    power = first & 0x3F
    if power > MOST_POWER and power != PLAIN_KEY:
        return None
    salt_size = (first >> 7 & 1) + (second >> 4)
    vector_size = (first >> 6 & 1) + (second & 15)
    salt = properties[2 : 2 + salt_size]
    vector = properties[2 + salt_size : 2 + salt_size + vector_size]
    if len(salt) < salt_size or len(vector) < vector_size:
        return None
    return Lock(power, salt, vector.ljust(BLOCK, b"\0"))


def decrypted(source: Forward, lock: Lock, key: bytes) -> Iterator[bytes]:
    """Yield a stream in plain; a piece of a block at its end is left out."""
    cipher = library("AES")
    plain = cipher.new(key, cipher.MODE_CBC, iv=lock.vector)
    while data := source.take(CHUNK):
        data = data[: len(data) // BLOCK * BLOCK]
        yield plain.decrypt(data)
