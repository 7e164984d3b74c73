"""Decrypt what RAR 1.5 and 2.0 encrypted.

Both ciphers go from front to back, and are made of the password alone. CRC stands for
the row of the table of CRC-32 (polynomial EDB88320 hex) of a byte.

RAR 1.5: four numbers of 16 bits: the halves of the CRC-32 of the password, not
complemented at the end; each byte and its CRC combined; the sum of each and the upper
half of its CRC. They change with each byte, and the upper half of the first one is
combined with it by exclusive or.

RAR 2.0: blocks of 16 bytes, four numbers of 32 bits, 32 rounds of a Feistel network
over a table of 256 bytes (``ciphers.txt``). The password exchanges rows of the table,
and encrypted in pieces of 16 bytes it changes the key, as each block does afterwards.

Source: XADMaster's reader of RAR, read as a description of the format.
"""

from collections.abc import Callable
from struct import Struct
from zlib import crc32

from clearward.core.reader import Reader

Cipher = Callable[[bytes], bytes]

BLOCK = 16
MOST = 32 << 20  # bytes that are kept in plain
AT_ONCE = 1 << 12
LONGEST = 127  # bytes of a password
ROUNDS = 32
WORDS = Struct("<4I")
FIRST_KEY = (0xD3A3B879, 0x3F6D12F7, 0x7515A235, 0xA4E7F123)
CRC = tuple(crc32(bytes((n ^ 0xFF,))) ^ 0xFF000000 for n in range(256))
WHOLE = 0xFFFFFFFF

with open(f"{__file__.removesuffix('.py')}.txt", encoding="ascii") as file:
    TABLE = bytes.fromhex("".join(row for row in file if not row.startswith("#")))


def first(password: bytes) -> Cipher:
    """Return the cipher of RAR 1.5."""
    crc = crc32(password) ^ WHOLE
    keys = [crc & 0xFFFF, crc >> 16, 0, 0]
    for byte in password:
        keys[2] ^= (byte ^ CRC[byte]) & 0xFFFF
        keys[3] = (keys[3] + byte + (CRC[byte] >> 16)) & 0xFFFF

    def decrypt(data: bytes) -> bytes:
        one, two, three, four = keys
        plain = bytearray()
        for byte in data:
            one = (one + 0x1234) & 0xFFFF
            row = CRC[one >> 1 & 0xFF]
            two ^= row & 0xFFFF
            three = (three - (row >> 16)) & 0xFFFF
            four = _turned(_turned(four) ^ two)
            one ^= three ^ four
            plain.append(byte ^ one >> 8)
        keys[:] = one, two, three, four
        return bytes(plain)

    return decrypt


def second(password: bytes) -> Cipher:
    """Return the cipher of RAR 2.0; it takes whole blocks."""
    key = Key(password)

    def decrypt(data: bytes) -> bytes:
        plain = bytearray()
        for at in range(0, len(data) - BLOCK + 1, BLOCK):
            block = data[at : at + BLOCK]
            plain += key.turned(block, range(ROUNDS - 1, -1, -1))
            key.change(block)
        return bytes(plain)

    return decrypt


class Key:
    """The key of RAR 2.0, which every block changes."""

    __slots__ = ("_table", "_words")

    def __init__(self, password: bytes) -> None:
        password = password[:LONGEST]
        self._words = list(FIRST_KEY)
        self._table = bytearray(TABLE)
        self._exchange(password)
        for at in range(0, len(password), BLOCK):
            piece = password[at : at + BLOCK].ljust(BLOCK, b"\0")
            self.change(self.turned(piece, range(ROUNDS)))

    def _exchange(self, password: bytes) -> None:
        table = self._table
        lows = bytes(row & 0xFF for row in CRC)
        filled = password + b"\0"
        for number in range(256):
            for at in range(0, len(password), 2):
                here = lows[(filled[at] - number) & 0xFF]
                end = lows[(filled[at + 1] + number) & 0xFF]
                other = here + at + 1
                while here != end:
                    row = other & 0xFF
                    table[here], table[row] = table[row], table[here]
                    here = (here + 1) & 0xFF
                    other += 2

    def turned(self, block: bytes, rounds: range) -> bytes:
        """Return a block encrypted, or decrypted if the rounds are counted down."""
        key = self._words
        one, two, three, four = (
            word ^ mine for word, mine in zip(WORDS.unpack(block), key, strict=True)
        )
        for number in rounds:
            mine = key[number & 3]
            left = ((three + (four << 11 | four >> 21)) & WHOLE) ^ mine
            right = ((four ^ (three << 17 | three >> 15)) + mine) & WHOLE
            one, two, three, four = (
                three,
                four,
                one ^ self._substituted(left & WHOLE),
                two ^ self._substituted(right),
            )
        words = zip((three, four, one, two), key, strict=True)
        return WORDS.pack(*(word ^ mine for word, mine in words))

    def change(self, block: bytes) -> None:
        """Take an encrypted block into the key."""
        for at, byte in enumerate(block):
            self._words[at & 3] ^= CRC[byte]

    def _substituted(self, word: int) -> int:
        table = self._table
        return (
            table[word & 0xFF]
            | table[word >> 8 & 0xFF] << 8
            | table[word >> 16 & 0xFF] << 16
            | table[word >> 24] << 24
        )


def plain(content: Reader, cipher: Cipher) -> Reader | None:
    """Return a reader over content in plain, None if it is too long to be kept."""
    if content.size > MOST:
        return None
    known = bytearray()

    def read(offset: int, size: int) -> bytes:
        while len(known) < offset + size:
            data = cipher(content.at(len(known), AT_ONCE))
            if not data:
                break
            known.extend(data)
        return bytes(known[offset : offset + size])

    return Reader(read, content.size)


def _turned(word: int) -> int:
    """A number of 16 bits, turned right by one."""
    return word >> 1 | (word & 1) << 15
