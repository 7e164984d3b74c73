"""Blowfish as ACE has it: three digits of its tables are not those of pi.

Else it is the cipher of B. Schneier, whose tables are the digits of pi behind the
point, in words of 32 bits, changed by a key. A library has the right digits, which are
of no use here, so it is done in Python: 0.6 MB a second.

Source: B. Schneier, Description of a New Variable-Length Key, 64-Bit Block Cipher,
1993; acefile by D. Roethlisberger, whose tables were compared with pi.
"""

from collections.abc import Sequence

ROUNDS = 16
BOXES, BOX = 4, 256
MASK = 0xFFFFFFFF
# What ACE has instead, by the number of the word.
SLIPS = {66: 0x2DA9C55D, 69: 0x9B87901E, 157: 0x412C7279}


def _pi(words: int) -> list[int]:
    """Return the digits of pi behind the point (J. Machin, 1706)."""
    spare = 64
    one = 1 << 32 * words + spare

    def angle(inverse: int) -> int:
        term = total = one // inverse
        number, sign = 3, -1
        while term:
            term //= inverse * inverse
            total += sign * (term // number)
            number, sign = number + 2, -sign
        return total

    digits = 4 * (4 * angle(5) - angle(239)) - 3 * one
    high = range(32 * (words - 1) + spare, 0, -32)
    return [digits >> shift & MASK for shift in high][:words]


DIGITS = [
    SLIPS.get(number, word) for number, word in enumerate(_pi(ROUNDS + 2 + BOXES * BOX))
]


class Blowfish:
    """A cipher with its key.

    Args:
        key: words of 32 bits, not more than there are rounds.
    """

    def __init__(self, key: Sequence[int]) -> None:
        keys = enumerate(DIGITS[: ROUNDS + 2])
        self._keys = [word ^ key[number % len(key)] for number, word in keys]
        boxes = DIGITS[ROUNDS + 2 :]
        starts = range(0, BOXES * BOX, BOX)
        self._boxes = [boxes[start : start + BOX] for start in starts]
        left = right = 0
        for table in (self._keys, *self._boxes):
            for place in range(0, len(table), 2):
                left, right = self._run(self._keys, left, right)
                table[place : place + 2] = left, right

    def decrypt(self, words: Sequence[int]) -> list[int]:
        """Return the words of blocks, each of which was combined with that before."""
        keys = self._keys[::-1]
        plain: list[int] = []
        before = (0, 0)
        for place in range(0, len(words) - 1, 2):
            block = words[place], words[place + 1]
            left, right = self._run(keys, *block)
            plain += (left ^ before[0], right ^ before[1])
            before = block
        return plain

    def _run(self, keys: list[int], left: int, right: int) -> tuple[int, int]:
        first, second, third, fourth = self._boxes
        for key in keys[:ROUNDS]:
            left ^= key
            mixed = first[left >> 24] + second[left >> 16 & 255] & MASK
            mixed = (mixed ^ third[left >> 8 & 255]) + fourth[left & 255]
            left, right = right ^ mixed & MASK, left
        return right ^ keys[ROUNDS + 1], left ^ keys[ROUNDS]
