"""What is remembered of a block of inodes, as it lies in the store.

A slot is 44 bytes, little-endian, for one clean file:

    offset  length  field
    0       32      its stamp, see `jail.listing`
    32      8       when this expires, seconds since 1970
    40      4       parts that it had

A block is at most 64 slots, one for an inode, and behind them 16 bytes: BLAKE2b over
the device, the number of the block and the slots, keyed with a secret of the store and
the digest of rules and settings. So nobody without the secret can make a block, move it
or take one of other rules for it, and damage can only forget.
"""

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from clearward.core.errors import ClearwardError

SLOT = struct.Struct("<32sqI")
MOST_PARTS = (1 << 32) - 1
_PLACE = struct.Struct("<QQ")
SEAL_BYTES = 16
_WORD = (1 << 64) - 1

Slot = tuple[bytes, int, int]  # stamp, expiry and parts: as the struct has them


class Spoiled(ClearwardError):
    """Something in the store is not what was put there."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Says where a block lies, and that it is ours.

    Attributes:
        key: 32 bytes.
    """

    key: bytes

    @classmethod
    def of(cls, secret: bytes, space: bytes) -> "Seal":
        """Make the seal of a store for some rules and settings."""
        return cls(hashlib.blake2b(space, key=secret, digest_size=32).digest())

    def number(self, device: int, block: int) -> int:
        """Return the number of a block's row, 63 bits."""
        place = _PLACE.pack(device & _WORD, block)
        taken = hashlib.blake2b(place, key=self.key, digest_size=8, person=b"row")
        return int.from_bytes(taken.digest(), "little") >> 1

    def close(self, device: int, block: int, slots: Iterable[Slot]) -> bytes:
        """Return a block for the store."""
        body = b"".join([SLOT.pack(*slot) for slot in slots])
        return body + self._sign(device, block, body)

    def open(self, device: int, block: int, data: object) -> list[Slot]:
        """Return the slots of a block from the store.

        Raises:
            Spoiled: it is not one that was closed for this place.
        """
        if not isinstance(data, bytes) or len(data) % SLOT.size != SEAL_BYTES:
            raise Spoiled("a block of another length")
        body = data[:-SEAL_BYTES]
        # Not a secret that somebody could guess byte by byte: nobody is answered.
        if self._sign(device, block, body) != data[-SEAL_BYTES:]:
            raise Spoiled("a block with a wrong seal")
        return list(SLOT.iter_unpack(body))

    def _sign(self, device: int, block: int, body: bytes) -> bytes:
        place = _PLACE.pack(device & _WORD, block)
        signed = hashlib.blake2b(
            place, key=self.key, digest_size=SEAL_BYTES, person=b"seal"
        )
        signed.update(body)
        return signed.digest()
