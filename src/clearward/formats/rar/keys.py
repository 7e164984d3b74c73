"""Keys of RAR archives, made of passwords.

RAR 5 (RAR 5.0 archive format, "Encryption record"): AES-256; the key is PBKDF2 with
HMAC-SHA256 over the password in UTF-8 and 16 bytes of salt, in 2 to the power of a
stored count of rounds. A value that tells a right password is the same after 32 rounds
more, its four quarters combined by exclusive or.

RAR 3 (as the manual of rarfile and its tests know it): AES-128; the SHA-1 of password
in UTF-16, 8 bytes of salt and a count of 3 bytes, low first, for 262,144 rounds. Its
first 16 bytes are the key, each four of them backwards. The initial vector is the last
byte of what the SHA-1 was behind the first of each 16,384 rounds.
"""

import hashlib
from codecs import utf_16_le_encode
from dataclasses import dataclass

MOST_POWER = 24  # what RAR itself accepts
MOST_ROUNDS = 128 << 15  # of RAR 5, for one archive
MOST_OLD = 64  # keys of RAR 3, for one archive; a round is less work
ROUNDS_OLD, PART_OLD = 1 << 18, 1 << 14
MORE = 32  # rounds to the value that tells
TELLING = 8
KEY_OLD = 16
AT_ONCE = 1 << 12  # rounds; what they are made of stays in the processor's cache
LOWS = bytes(range(256)) * (AT_ONCE // 256)  # low bytes of their counts
MIDDLES = b"".join(bytes((number,)) * 256 for number in range(256))


@dataclass(frozen=True, slots=True)
class KeyOld:
    """A key of RAR 3, and the initial vector that comes with it."""

    key: bytes
    vector: bytes


class Maker:
    """Makes each key once, and only so many for one archive."""

    __slots__ = ("_made", "_made_old", "_rounds")

    def __init__(self) -> None:
        self._made: dict[tuple[bytes, bytes, int], bytes | None] = {}
        self._made_old: dict[tuple[bytes, bytes], KeyOld] = {}
        self._rounds = MOST_ROUNDS

    def new(
        self, password: bytes, salt: bytes, power: int, telling: bytes
    ) -> bytes | None:
        """Return the key of RAR 5; None for a wrong password, or too much work."""
        known = (password, salt, power)
        if known not in self._made:
            rounds = 2 << power
            if power > MOST_POWER or rounds > self._rounds:
                return None
            self._rounds -= rounds
            self._made[known] = _key(password, salt, power, telling)
        return self._made[known]

    def old(self, password: bytes, salt: bytes) -> KeyOld | None:
        """Return the key of RAR 3; None if that is too much work."""
        known = (password, salt)
        if known not in self._made_old:
            if len(self._made_old) >= MOST_OLD:
                return None
            self._made_old[known] = key_old(password, salt)
        return self._made_old[known]


def _key(password: bytes, salt: bytes, power: int, telling: bytes) -> bytes | None:
    rounds = 1 << power
    value = hashlib.pbkdf2_hmac("sha256", password, salt, rounds + MORE)
    told = bytes(
        value[at] ^ value[at + 8] ^ value[at + 16] ^ value[at + 24]
        for at in range(TELLING)
    )
    if told != telling[:TELLING]:
        return None
    return hashlib.pbkdf2_hmac("sha256", password, salt, rounds)


def key_old(password: bytes, salt: bytes) -> KeyOld:
    """Return the key of RAR 3."""
    text, _ = utf_16_le_encode(password.decode(errors="replace"), "replace")
    front = text + salt
    place, stride = len(front), len(front) + 3
    # Rounds lie in one buffer, in which only their counts change, column by column.
    rows = bytearray((front + bytes(3)) * AT_ONCE)
    rows[place::stride] = LOWS
    view = memoryview(rows)
    digest = hashlib.sha1(usedforsecurity=False)
    vector = b""
    for number in range(0, ROUNDS_OLD, AT_ONCE):
        middles = number & 0xFFFF
        rows[place + 1 :: stride] = MIDDLES[middles : middles + AT_ONCE]
        rows[place + 2 :: stride] = bytes((number >> 16,)) * AT_ONCE
        if number % PART_OLD:
            digest.update(view)
        else:
            digest.update(view[:stride])
            vector += digest.digest()[-1:]
            digest.update(view[stride:])
    words = digest.digest()[:KEY_OLD]
    key = b"".join(words[at : at + 4][::-1] for at in range(0, KEY_OLD, 4))
    return KeyOld(key, vector)
