"""What one header says about the bytes of a member; both views speak in it."""

from dataclasses import dataclass

STORED = 0
DEFLATED = 8
AES = 99  # APPNOTE annex E: the true method stands in an extra field

ENCRYPTED = 1 << 0
DESCRIPTOR = 1 << 3  # sizes and CRC-32 follow the data
STRONG = 1 << 6
MASKED = 1 << 13  # the directory is encrypted, local headers hold no true values


@dataclass(frozen=True, slots=True)
class Claim:
    """A header's word on a member, not yet believed.

    Attributes:
        method: compression method (APPNOTE 4.4.5).
        flags: general purpose bits (APPNOTE 4.4.4).
        crcs: CRC-32 of the content; any of them is right, none means unknown.
        packed: compressed bytes, or None if the header does not say.
        size: bytes of the content, or None if the header does not say.
    """

    method: int
    flags: int
    crcs: tuple[int, ...]
    packed: int | None
    size: int | None

    @property
    def locked(self) -> bool:
        """The header says that a password is needed."""
        return bool(self.flags & (ENCRYPTED | STRONG)) or self.method == AES

    @property
    def nothing(self) -> bool:
        """The header names no byte of content."""
        return not self.packed and not self.size
