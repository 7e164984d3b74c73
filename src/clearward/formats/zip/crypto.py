"""The two ways in which members of a zip archive are encrypted with a password.

ZipCrypto (APPNOTE 6.1): 12 bytes that end with the highest byte of the CRC-32, or of
the time if the CRC-32 was not known yet, then the data, all under one stream of keys.

WinZip AES (AE-1 and AE-2; APPNOTE annex E): salt of 8, 12 or 16 bytes, 2 bytes that
check the password, the data in counter mode, 10 bytes of HMAC-SHA1. The keys come from
PBKDF2 with 1,000 rounds. The true method stands in the extra field 0x9901:

    offset  length  field
    0       2       version, 1 or 2; in 2 there is no CRC-32
    2       2       "AE"
    4       1       strength: 1, 2, 3 for keys of 128, 192 and 256 bits
    5       2       method
"""

import hashlib
import hmac
from dataclasses import dataclass
from struct import Struct

from clearward.formats.heavy import library

HEADER = 12
KEYS = (0x12345678, 0x23456789, 0x34567890)
ALL = 0xFFFFFFFF
MULTIPLIER = 134775813


def _table() -> tuple[int, ...]:
    words = []
    for word in range(256):
        for _ in range(8):
            word = word >> 1 ^ (0xEDB88320 if word & 1 else 0)  # noqa: PLW2901
        words.append(word)
    return tuple(words)


CRC = _table()


class ZipCrypto:
    """The keys of one password, as they go on with every byte.

    Args:
        password: as the archive's program had it.
    """

    __slots__ = ("_first", "_second", "_third")

    def __init__(self, password: bytes) -> None:
        self._first, self._second, self._third = KEYS
        for byte in password:
            self._first = self._first >> 8 ^ CRC[(self._first ^ byte) & 255]
            self._second += self._first & 255
            self._second = (self._second * MULTIPLIER + 1) & ALL
            self._third = (
                self._third >> 8 ^ CRC[(self._third ^ self._second >> 24) & 255]
            )

    def decrypted(self, data: bytes) -> bytes:
        """Return the next bytes in plain."""
        first, second, third = self._first, self._second, self._third
        table = CRC
        output = bytearray(data)
        for place, byte in enumerate(data):
            key = third | 2
            plain = byte ^ (key * (key ^ 1) >> 8 & 255)
            output[place] = plain
            first = first >> 8 ^ table[(first ^ plain) & 255]
            second = ((second + (first & 255)) * MULTIPLIER + 1) & ALL
            third = third >> 8 ^ table[(third ^ second >> 24) & 255]
        self._first, self._second, self._third = first, second, third
        return bytes(output)


AES_FIELD = b"\x01\x99\x07\x00"
AES_LAYOUT = Struct("<4xH2sBH")
AES_ROUNDS = 1000
AES_CHECK = 2
AES_SUM = 10


@dataclass(frozen=True, slots=True)
class Aes:
    """How a member is encrypted with AES.

    Attributes:
        version: 1 or 2; in 2 there is no CRC-32.
        size: bytes of the key.
        method: how it is compressed.
    """

    version: int
    size: int
    method: int

    def decrypted(self, data: bytes, password: bytes) -> bytes | None:
        """Return the content in plain, or None for a wrong password or wrong data.

        Raises:
            NotLoaded: the library is not here.
        """
        salt_size = self.size // 2
        start = salt_size + AES_CHECK
        if len(data) < start + AES_SUM:
            return None
        salt = data[:salt_size]
        keys = hashlib.pbkdf2_hmac(
            "sha1", password, salt, AES_ROUNDS, 2 * self.size + AES_CHECK
        )
        if keys[-AES_CHECK:] != data[salt_size:start]:
            return None
        packed = data[start:-AES_SUM]
        right = hmac.digest(keys[self.size : 2 * self.size], packed, "sha1")
        if right[:AES_SUM] != data[-AES_SUM:]:
            return None
        cipher = library("AES")
        plain: bytes = cipher.new(
            keys[: self.size],
            cipher.MODE_CTR,
            counter=library("Counter").new(128, initial_value=1, little_endian=True),
        ).decrypt(packed)
        return plain


def aes_of(extra: bytes) -> Aes | None:
    """Return what an extra field says about AES, or None.

    Args:
        extra: the field, and maybe bytes before it.
    """
    place = extra.rfind(AES_FIELD)
    if place < 0 or len(extra) < place + AES_LAYOUT.size:
        return None
    version, vendor, strength, method = AES_LAYOUT.unpack_from(extra, place)
    if vendor != b"AE" or strength not in (1, 2, 3):
        return None
    return Aes(version, 8 + 8 * strength, method)
