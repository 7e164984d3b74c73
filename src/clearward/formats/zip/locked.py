"""Open encrypted members with passwords that are worth a try.

A password that opened one member is tried first on the next. Once as many members as
`MOST_LOCKED` stayed locked, nothing more is tried: that bounds the work on an archive
of many.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from zlib import crc32

from clearward.core.limits import MIB
from clearward.formats.passwords import candidates
from clearward.formats.zip.claim import (
    AES,
    DEFLATED,
    DESCRIPTOR,
    ENCRYPTED,
    STORED,
    STRONG,
    Claim,
)
from clearward.formats.zip.crypto import HEADER, ZipCrypto, aes_of
from clearward.formats.zip.window import Window

MOST_LOCKED = 32
FRONT = 4096  # bytes that are tried first
MOST_UNCHECKED = 256 * 1024  # of stored data, which only its CRC-32 can tell
MOST_PACKED = 16 * MIB  # ZipCrypto takes about a second for 3 MB
BEFORE = 512  # bytes before the data in which the extra field ends


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A member as a password shows it.

    Attributes:
        data: its bytes in plain, still compressed.
        claim: what is said about them.
    """

    data: bytes
    claim: Claim


class Keys:
    """What is known about the passwords of one archive."""

    __slots__ = ("_last", "_locked", "_tried")

    def __init__(self) -> None:
        self._last: list[bytes] = []
        self._locked = 0
        self._tried: tuple[bytes, ...] | None = None

    def opening(self, window: Window, start: int, claim: Claim) -> Iterator[Unlocked]:
        """Yield a member as each password that may be right shows it.

        Whoever finds one to be right reads no further.

        Args:
            window: the archive.
            start: offset of the data.
            claim: what the header says.
        """
        packed = claim.packed
        if packed is None or packed > min(MOST_PACKED, window.size - start):
            return
        if claim.flags & STRONG or self._locked >= MOST_LOCKED:
            return
        if self._tried is None:
            self._tried = candidates()
        data = window.at(start, packed)
        show = _aes if claim.method == AES else _zip_crypto
        before = window.at(max(start - BEFORE, 0), min(start, BEFORE))
        for password in dict.fromkeys(chain(self._last, self._tried)):
            shown = show(data, before, claim, password)
            if shown is not None:
                self._last[:] = [password]
                yield shown
        self._locked += 1


def _zip_crypto(
    data: bytes,
    before: bytes,  # noqa: ARG001 - both ways are asked alike
    claim: Claim,
    password: bytes,
) -> Unlocked | None:
    if len(data) < HEADER:
        return None
    keys = ZipCrypto(password)
    check = keys.decrypted(data[:HEADER])[-1]
    later = claim.flags & DESCRIPTOR
    if claim.crcs and not later and check not in {crc >> 24 for crc in claim.crcs}:
        return None
    plain = keys.decrypted(data[HEADER:FRONT])
    if claim.method == DEFLATED and not _inflates(plain):
        return None
    if claim.method == STORED and later and len(data) > MOST_UNCHECKED:
        return None
    plain += keys.decrypted(data[FRONT:])
    if claim.method == STORED and later and crc32(plain) not in claim.crcs:
        return None
    return Unlocked(plain, _plain(claim, claim.method, len(plain)))


def _inflates(data: bytes) -> bool:
    try:
        zlib.decompressobj(-15).decompress(data, FRONT)
    except zlib.error:
        return False
    return True


def _aes(data: bytes, before: bytes, claim: Claim, password: bytes) -> Unlocked | None:
    aes = aes_of(before)
    plain = aes.decrypted(data, password) if aes is not None else None
    if aes is None or plain is None:
        return None
    said = _plain(claim, aes.method, len(plain))
    # With AE-2 the field is zero, and the sum of the encrypted data was right.
    return Unlocked(plain, said if aes.version == 1 else replace(said, crcs=()))


def _plain(claim: Claim, method: int, packed: int) -> Claim:
    flags = claim.flags & ~(ENCRYPTED | DESCRIPTOR)
    return replace(claim, method=method, flags=flags, packed=packed)
