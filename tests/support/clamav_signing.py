"""Keys and containers as ClamAV's makers sign them, for tests."""

import gzip
import hashlib
import io
import tarfile
from dataclasses import dataclass

from clearward.rules.clamav.seal import Keys, PublicKey

DIGITS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"
HASH = 32


@dataclass(frozen=True)
class SigningKey:
    """An RSA key of two Mersenne primes: public, and of no worth."""

    first: int
    second: int
    exponent: int = 65537

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.first * self.second, self.exponent)

    def power(self, value: int) -> int:
        order = (self.first - 1) * (self.second - 1)
        return pow(value, pow(self.exponent, -1, order), self.first * self.second)

    def sign_digest(self, digest: bytes) -> bytes:
        return written(self.power(int.from_bytes(digest, "big")))

    def sign_text(self, text: bytes, salt: bytes = b"s" * HASH) -> bytes:
        """Pad as RFC 8017, section 9.1.1, says."""
        bits = self.public.modulus.bit_length() - 1
        size = (bits + 7) // 8
        digest = hashlib.sha256(
            bytes(8) + hashlib.sha256(text).digest() + salt
        ).digest()
        plain = bytes(size - 2 * HASH - 2) + b"\x01" + salt
        mask = b"".join(
            hashlib.sha256(digest + bytes([0, 0, 0, number])).digest()
            for number in range(len(plain) // HASH + 1)
        )
        masked = bytes(one ^ other for one, other in zip(plain, mask, strict=False))
        padded = int.from_bytes(masked + digest + b"\xbc", "big")
        return written(self.power(padded & ((1 << bits) - 1)))


HEADER_KEY = SigningKey((1 << 521) - 1, (1 << 607) - 1)
INFO_KEY = SigningKey((1 << 607) - 1, (1 << 1279) - 1)
KEYS = Keys(HEADER_KEY.public, INFO_KEY.public)


def written(value: int) -> bytes:
    """Write a number in digits of 6 bits, the lowest first."""
    text = ""
    while value:
        text += DIGITS[value & 63]
        value >>= 6
    return text.encode()


def tar(*files: tuple[str, bytes]) -> bytes:
    """Return a tar of files."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return made.getvalue()


def info(*files: tuple[str, bytes], sealed: bool = True) -> bytes:
    """Return the list of files, with or without its signature."""
    text = b"ClamAV-VDB:now:6:14:81:X:X:me:1624412045\n"
    for name, content in files:
        digest = hashlib.sha256(content).hexdigest()
        text += f"{name}:{len(content)}:{digest}\n".encode()
    return text + (b"DSIG:" + INFO_KEY.sign_text(text) + b"\n") * sealed


def header(content: bytes, *, signed: bool = True) -> bytes:
    """Return the header of a container with a content."""
    digest = hashlib.md5(content, usedforsecurity=False).digest()
    seal = HEADER_KEY.sign_digest(digest) if signed else b"X"
    text = b"ClamAV-VDB:22 Jun 2021 21-34 -0400:6:14:81:%s:%s:me:1624412045"
    return (text % (digest.hex().encode(), seal)).ljust(512)


def container(kind: str, *files: tuple[str, bytes]) -> bytes:
    """Return a container, signed as its kind demands."""
    listed = info(*files, sealed=kind != "cud")
    content = tar(("COPYING", b"free"), ("a.info", listed), *files)
    if kind != "cld":
        content = gzip.compress(content, mtime=0)
    return header(content, signed=kind == "cvd") + content
