"""Streams of keys that AutoIt hides its data behind.

EA05   the Mersenne twister MT19937, of each word the bits 1 to 8
EA06   a lagged generator of 17 words: each is the sum of itself turned left by 9 bits
       and of the word ten behind turned by 13; of every second word the upper byte

Source: M. Matsumoto and T. Nishimura, "Mersenne Twister" (1998), init_genrand of 2002;
A. Fog, "Chaotic Random Number Generators" (RANROT); AutoIt-Ripper (MIT) for the values.
"""

from collections.abc import Iterator
from random import Random

WORDS = 624
MULTIPLIER = 0x6C078965
ALL = 0xFFFFFFFF
PIECE = 4096  # bytes of keys that are made at once

LAG, OTHER = 17, 10
SPREAD = 0x53A9B4FB
WARM = 9


def mersenne(seed: int) -> Iterator[bytes]:
    """Yield the keys of EA05, without end."""
    state = [seed & ALL]
    for number in range(1, WORDS):
        last = state[-1]
        state.append((number + MULTIPLIER * (last ^ last >> 30)) & ALL)
    # A seed that is given, so that nothing is asked of the system; it is not used.
    generator = Random(0)  # noqa: S311 - the very generator, for no secret
    generator.setstate((3, (*state, WORDS), None))
    while True:
        words = generator.getrandbits(32 * PIECE) >> 1
        yield words.to_bytes(4 * PIECE, "little")[::4]


def lagged(seed: int) -> Iterator[bytes]:
    """Yield the keys of EA06, without end."""
    words = []
    for _ in range(LAG):
        seed = (1 - seed * SPREAD) & ALL
        words.append(seed)
    one, two = 0, OTHER
    skipped = WARM
    while True:
        keys = bytearray()
        for number in range(2 * PIECE + skipped):
            left, right = words[one], words[two]
            word = (
                ((left << 9 & ALL) | left >> 23) + ((right << 13 & ALL) | right >> 19)
            ) & ALL
            words[one] = word
            one = one - 1 if one else LAG - 1
            two = two - 1 if two else LAG - 1
            if number >= skipped and (number - skipped) & 1:
                keys.append(word >> 24)
        skipped = 0
        yield bytes(keys)


def uncovered(data: bytes, keys: Iterator[bytes]) -> bytes:
    """Return bytes without the keys that they were covered with."""
    output = bytearray()
    for at in range(0, len(data), PIECE):
        piece = data[at : at + PIECE]
        key = next(keys)[: len(piece)]
        value = int.from_bytes(piece, "big") ^ int.from_bytes(key, "big")
        output += value.to_bytes(len(piece), "big")
    return bytes(output)
