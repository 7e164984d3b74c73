"""Workbooks of Excel 97 to 2003 with RC4 over them, opened by likely passwords.

Behind the first record stands FilePass (MS-XLS 2.4.117), numbers little-endian:

    2 bytes   1 RC4; 0 a mere XOR, which is not known here
    2, 2      version; of 1.1 (MS-OFFCRYPTO 2.3.6.1): salt, verifier and its digest, 16
              bytes each. Of n.2 (2.3.5.1): flags (4), size of a header (4) and that,
              with the bits of a key at 16; size of the salt (4), salt (16), verifier
              (16), size of its digest (4), digest (20)

The stream is encrypted in blocks of 1024 bytes, each with a key of its own, as if all
of it were; but the four bytes in front of each record stand as they are, and so do some
records (2.2.10).

A workbook that is only protected is encrypted with "VelvetSweatshop"; Excel opens it
without asking. Behind that the passwords of `formats.passwords` are tried.
"""

import hashlib
from collections.abc import Callable, Iterator
from itertools import chain
from struct import Struct, error

from Cryptodome.Cipher import ARC4

from clearward.core.limits import MIB
from clearward.core.reader import Reader
from clearward.formats import passwords

DEFAULT = "VelvetSweatshop"
MOST = 64 * MIB  # bytes of a workbook
BLOCK = 1024
FILE_PASS, SHEET = 0x2F, 0x85
# Begin, FilePass, UsrExcl, FileLock, InterfaceHdr, RRDInfo, RRDHead.
PLAIN = (0x0809, FILE_PASS, 0x0194, 0x0195, 0x00E1, 0x0196, 0x0138)
PLACE = 4  # bytes of a sheet's place in its record, which stand as they are
RC4 = 1
OLD, NEW = (1, 1), 2  # version; lower number of the version
SALT, VERIFIER, OLD_DIGEST, NEW_DIGEST = 16, 16, 16, 20
OLD_KEY = 5  # bytes that count
LEAST_KEY, MOST_KEY = 5, 16
RECORD = Struct("<HH")
KIND = Struct("<HHH")
HEADER = Struct("<4xI16xI")  # size of the header, bits of a key

Keys = Callable[[int], bytes]  # the key of a block


def opened(book: Reader, file_pass: bytes) -> Reader | None:
    """Return a workbook in plain and without FilePass, None if no password fits.

    Args:
        book: the encrypted stream.
        file_pass: content of the record.
    """
    try:
        keys = _keys(file_pass)
    except error:
        return None
    if keys is None or book.size > MOST:
        return None
    return Reader.of(_decrypted(book.at(0, book.size), keys))


def _tried() -> Iterator[bytes]:
    known = (each.decode("utf-8", "replace") for each in passwords.candidates())
    for password in chain((DEFAULT,), known):
        yield password.encode("utf-16-le")


def _keys(file_pass: bytes) -> Keys | None:
    """Return what makes keys, with the password that fits.

    Raises:
        error: the record is cut short.
    """
    kind, major, minor = KIND.unpack_from(file_pass)
    if kind != RC4:
        return None
    rest = file_pass[KIND.size :]
    if (major, minor) == OLD:
        salt, locked = rest[:SALT], rest[SALT:]
        digest, size = "md5", OLD_DIGEST
        makers = (_old_keys(salt, each) for each in _tried())
    elif minor == NEW:
        length, bits = HEADER.unpack_from(rest)
        bytes_ = min(max(bits // 8, LEAST_KEY), MOST_KEY)
        place = 8 + length + 4
        salt = rest[place : place + SALT]
        locked = rest[place + SALT :]
        locked = locked[:VERIFIER] + locked[VERIFIER + 4 :]
        digest, size = "sha1", NEW_DIGEST
        makers = (_new_keys(salt, each, bytes_) for each in _tried())
    else:
        return None
    whole = locked[: VERIFIER + size]
    return next((keys for keys in makers if _fits(keys, whole, digest)), None)


def _fits(keys: Keys, locked: bytes, digest: str) -> bool:
    plain = ARC4.new(keys(0)).decrypt(locked)
    return plain[VERIFIER:] == _digest(digest, plain[:VERIFIER])


def _digest(name: str, *data: bytes) -> bytes:
    return hashlib.new(name, b"".join(data), usedforsecurity=False).digest()


def _old_keys(salt: bytes, password: bytes) -> Keys:
    first = _digest("md5", password)[:OLD_KEY]
    base = _digest("md5", (first + salt) * 16)[:OLD_KEY]
    return lambda block: _digest("md5", base, block.to_bytes(4, "little"))


def _new_keys(salt: bytes, password: bytes, size: int) -> Keys:
    base = _digest("sha1", salt, password)
    # A key of 40 bits is filled up with zeros.
    full = MOST_KEY if size == LEAST_KEY else size
    return lambda block: _digest("sha1", base, block.to_bytes(4, "little"))[
        :size
    ].ljust(full, b"\0")


def _decrypted(data: bytes, keys: Keys) -> bytes:
    plain = bytearray()
    for block, place in enumerate(range(0, len(data), BLOCK)):
        plain += ARC4.new(keys(block)).decrypt(data[place : place + BLOCK])
    at = 0
    while at + RECORD.size <= len(data):
        kind, size = RECORD.unpack_from(data, at)
        start = at + RECORD.size
        kept = size if kind in PLAIN else PLACE if kind == SHEET else 0
        plain[at : start + kept] = data[at : start + kept]
        if kind == FILE_PASS:
            plain[at : at + 2] = b"\xff\xff"  # a type that nothing has
        at = start + size
    return bytes(plain)
