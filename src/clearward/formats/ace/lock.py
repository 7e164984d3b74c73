"""The lock of ACE: Blowfish, with a key that is made from a password.

The key is the first SHA that NIST published, without the turn of one bit that SHA-1
has, of one block: at most 50 bytes of the password and 80, in words that are
little-endian, and in the last word its length in bits. The content is in blocks of
eight bytes, each word little-endian; each block is combined with the one before.

Source: acefile by D. Roethlisberger, which describes it; FIPS 180.
"""

from struct import iter_unpack, pack

from clearward.formats.ace.blowfish import Blowfish

LONGEST = 50
BLOCK = 8
WORDS = 16
ROUNDS = 80
MASK = 0xFFFFFFFF
START = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0)
ADDED = (0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6)


def key_of(password: bytes) -> tuple[int, ...]:
    """Return the key that is made from a password."""
    password = password[:LONGEST]
    block = (password + b"\x80").ljust((WORDS - 1) * 4, b"\0")
    words = [word for (word,) in iter_unpack("<I", block)] + [len(password) * 8]
    for at in range(WORDS, ROUNDS):
        words.append(words[at - 16] ^ words[at - 14] ^ words[at - 8] ^ words[at - 3])
    a, b, c, d, e = START
    for at, word in enumerate(words):
        quarter = at // 20
        mixed = (b & c | ~b & d, b ^ c ^ d, b & c | b & d | c & d, b ^ c ^ d)[quarter]
        total = _turned(a, 5) + (mixed & MASK) + e + word + ADDED[quarter] & MASK
        a, b, c, d, e = total, a, _turned(b, 30), c, d
    sums = zip((a, b, c, d, e), START, strict=True)
    return tuple(each + start & MASK for each, start in sums)


def opened(data: bytes, password: bytes) -> bytes:
    """Return content as it was before it was encrypted, as far as its blocks go."""
    whole = data[: len(data) // BLOCK * BLOCK]
    words = [word for (word,) in iter_unpack("<I", whole)]
    plain = Blowfish(key_of(password)).decrypt(words)
    return pack(f"<{len(plain)}I", *plain)


def _turned(word: int, count: int) -> int:
    return (word << count | word >> 32 - count) & MASK
