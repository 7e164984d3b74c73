"""Encrypted packages of Office, opened by passwords that are known or likely.

A docx, xlsx or pptx with a password is a compound file with two streams (MS-OFFCRYPTO
2.3.4), numbers little-endian:

    EncryptionInfo      version in two numbers of 16 bits, 4 bytes, and then: for n.2
                        size of a header and that, and a verifier ("standard"); for 4.4
                        XML with salts, counts and verifiers in base64 ("agile")
    EncryptedPackage    size of the package in 8 bytes, and AES over it

A workbook that is only protected is encrypted with "VelvetSweatshop", a presentation
with the name of one of its authors; programs open them without asking. Behind these the
passwords of `formats.passwords` are tried, as many as a number of rounds allows. The
XML is read for its attributes alone. A key that takes too many rounds is not made.
"""

import hashlib
import re
import struct
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from struct import pack, unpack_from

from Cryptodome.Cipher import AES

from clearward.core.reader import Reader
from clearward.formats import passwords

PASSWORDS = ("VelvetSweatshop", "/01Hannes Ruescher/01")
INFO_MOST = 64 * 1024  # bytes of EncryptionInfo
ROUNDS_MOST = 1_000_000
ROUNDS_IN_ALL = 600_000  # for the passwords that are not of Office itself
STANDARD_ROUNDS = 50_000
AGILE, STANDARD = 4, 2  # lower number of the version
SEGMENT = 4096
FRONT = 8  # bytes of the size
AT_ONCE = 1 << 16  # bytes
HASHES = ("sha1", "sha256", "sha384", "sha512", "md5")
KEY_SIZES = (16, 24, 32)

INPUT_BLOCK = bytes.fromhex("fea7d2763b4b9e79")
VALUE_BLOCK = bytes.fromhex("d7aa0f6d3061344e")
KEY_BLOCK = bytes.fromhex("146e0be7abacd0d6")

_TAG = re.compile(rb"<(?:\w+:)?(keyData|encryptedKey)\b([^<>]*)>")
_ATTRIBUTE = re.compile(rb"""(\w+)\s*=\s*["']([^"']*)["']""")

Open = Callable[[Reader], Iterator[bytes]]

# The library imports what each mode needs on its first use, which the lock forbids.
AES.new(bytes(16), AES.MODE_CBC, bytes(16)).decrypt(bytes(16))
AES.new(bytes(16), AES.MODE_ECB).decrypt(bytes(16))


@dataclass(frozen=True, slots=True)
class Attributes:
    """Attributes of a tag of EncryptionInfo.

    Raises:
        KeyError, ValueError: on reading one that is missing or wrong.
    """

    values: dict[str, str]

    def data(self, name: str) -> bytes:
        """Return one that is base64."""
        return b64decode(self.values[name])

    def number(self, name: str) -> int:
        """Return one that is a number."""
        return int(self.values[name])

    def hash(self) -> str:
        """Return the name of the hash as hashlib knows it."""
        name = self.values["hashAlgorithm"].replace("-", "").lower()
        if name not in HASHES:
            raise ValueError(name)
        return name


def opener(information: Reader) -> Open | None:
    """Return what decrypts the package, None if no password fits."""
    data = information.at(0, INFO_MOST)
    try:
        _, version = unpack_from("<HH", data)
        if version == AGILE:
            return _agile(data)
        return _standard(data) if version == STANDARD else None
    except (KeyError, ValueError, struct.error, Base64Error):
        return None


def _tried(rounds: int) -> Iterator[str]:
    """Yield passwords, fewer the more rounds each takes."""
    yield from PASSWORDS
    known = (each.decode("utf-8", "replace") for each in passwords.candidates())
    yield from islice(known, ROUNDS_IN_ALL // max(rounds, 1))


def _digest(name: str, *data: bytes) -> bytes:
    return hashlib.new(name, b"".join(data), usedforsecurity=False).digest()


def _spun(name: str, salt: bytes, password: str, rounds: int) -> bytes:
    value = _digest(name, salt, password.encode("utf-16-le"))
    made = getattr(hashlib, name)  # there are up to a million rounds
    for count in range(rounds):
        value = made(count.to_bytes(4, "little") + value).digest()
    return value


def _fitted(data: bytes, size: int) -> bytes:
    return data[:size].ljust(size, b"\x36")


def _agile(data: bytes) -> Open | None:
    tags: dict[bytes, Attributes] = {}
    for kind, inside in _TAG.findall(data):
        found = {k.decode(): v.decode("latin-1") for k, v in _ATTRIBUTE.findall(inside)}
        tags.setdefault(kind, Attributes(found))
    about, key = tags[b"keyData"], tags[b"encryptedKey"]
    rounds, size = key.number("spinCount"), key.number("keyBits") // 8
    if rounds > ROUNDS_MOST or size not in KEY_SIZES:
        return None
    name, salt = key.hash(), key.data("saltValue")
    vector = _fitted(salt, AES.block_size)
    for password in _tried(rounds):
        spun = _spun(name, salt, password, rounds)

        def opened(block: bytes, what: str, spun: bytes = spun) -> bytes:
            made = _fitted(_digest(name, spun, block), size)
            return AES.new(made, AES.MODE_CBC, vector).decrypt(key.data(what))

        plain = opened(INPUT_BLOCK, "encryptedVerifierHashInput")
        value = opened(VALUE_BLOCK, "encryptedVerifierHashValue")
        if value.startswith(_digest(name, plain[: len(salt)])):
            secret = opened(KEY_BLOCK, "encryptedKeyValue")[:size]
            return _agile_open(about.hash(), about.data("saltValue"), secret)
    return None


def _agile_open(name: str, salt: bytes, secret: bytes) -> Open:
    def decrypted(package: Reader) -> Iterator[bytes]:
        left = int.from_bytes(package.at(0, FRONT), "little")
        for number, place in enumerate(range(FRONT, package.size, SEGMENT)):
            data = _whole_blocks(package.at(place, SEGMENT))
            seed = _digest(name, salt, number.to_bytes(4, "little"))
            cipher = AES.new(secret, AES.MODE_CBC, _fitted(seed, AES.block_size))
            yield cipher.decrypt(data)[:left]
            left = max(left - SEGMENT, 0)

    return decrypted


def _standard(data: bytes) -> Open | None:
    size = int.from_bytes(data[8:12], "little")
    bits = unpack_from("<I", data, 12 + 16)[0]
    place = 12 + size
    salt = data[place + 4 : place + 20]
    verifier = data[place + 20 : place + 36]
    value = data[place + 40 : place + 72]
    if bits // 8 not in KEY_SIZES:
        return None
    for password in _tried(STANDARD_ROUNDS):
        spun = _spun("sha1", salt, password, STANDARD_ROUNDS)
        final = _digest("sha1", spun, pack("<I", 0)).ljust(64, b"\0")
        halves = (bytes(byte ^ pad for byte in final) for pad in (0x36, 0x5C))
        key = b"".join(_digest("sha1", half) for half in halves)[: bits // 8]
        cipher = AES.new(key, AES.MODE_ECB)
        plain = cipher.decrypt(verifier)
        if cipher.decrypt(value).startswith(_digest("sha1", plain)):
            return _standard_open(key)
    return None


def _standard_open(key: bytes) -> Open:
    def decrypted(package: Reader) -> Iterator[bytes]:
        left = int.from_bytes(package.at(0, FRONT), "little")
        cipher = AES.new(key, AES.MODE_ECB)
        for place in range(FRONT, package.size, AT_ONCE):
            data = _whole_blocks(package.at(place, AT_ONCE))
            yield cipher.decrypt(data)[:left]
            left = max(left - AT_ONCE, 0)

    return decrypted


def _whole_blocks(data: bytes) -> bytes:
    return data[: len(data) // AES.block_size * AES.block_size]
