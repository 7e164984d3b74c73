"""Open a PDF that is encrypted and asks for no password.

The standard security handler makes a key of the password, here the empty one, and of
what the dictionary Encrypt holds; up to revision 4 each object has a key of its own.

    V, R    cipher
    1, 2    RC4, 40 bits            4, 4      as a crypt filter says: RC4, AES 128
    2, 3    RC4, up to 128 bits     5, 5 6    AES 256

Sources: ISO 32000-1, 7.6; ISO 32000-2, 7.6; Adobe Supplement to ISO 32000, level 3.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from Cryptodome.Cipher import AES, ARC4

from clearward.core.reader import CHUNK, Reader
from clearward.formats.pdf.objects import (
    Dictionary,
    Name,
    String,
    Value,
    Word,
)
from clearward.formats.pdf.sweep import Sweep

PADDING = bytes.fromhex(
    "28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a"
)
BLOCK = 16
FILTERED = 4  # revisions from here on have crypt filters
HASHED = 5  # revisions from here on have keys of 256 bits

# The library loads the rest of itself when it is used first, which a jail forbids.
AES.new(bytes(BLOCK), AES.MODE_CBC, bytes(BLOCK))


@dataclass(frozen=True, slots=True)
class Lock:
    """What the empty password opens.

    Attributes:
        key: of the file.
        streams, strings: names of the methods: V2, AESV2, AESV3, Identity.
        metadata: streams of metadata are encrypted, too.
    """

    key: bytes
    streams: bytes
    strings: bytes
    metadata: bool = True

    def text(self, raw: bytes, number: int, generation: int) -> bytes:
        """Return a string as it was."""
        cipher = self._cipher(self.strings, number, generation)
        return b"".join(cipher(iter((raw,))))

    def stream(self, content: Reader, number: int, generation: int) -> Iterator[bytes]:
        """Yield a stream as it was."""
        return self._cipher(self.streams, number, generation)(content.chunks())

    def _cipher(
        self, method: bytes, number: int, generation: int
    ) -> Callable[[Iterator[bytes]], Iterator[bytes]]:
        if method == b"Identity":
            return lambda chunks: chunks
        if method == b"AESV3":
            return lambda chunks: _aes(chunks, self.key)
        place = number.to_bytes(8, "little")[:3] + generation.to_bytes(4, "little")[:2]
        salt = b"sAlT" if method == b"AESV2" else b""
        digest = _md5(self.key + place + salt)
        key = digest[: min(len(self.key) + 5, 16)]
        if method == b"AESV2":
            return lambda chunks: _aes(chunks, key)
        return lambda chunks: map(ARC4.new(key).decrypt, chunks)


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def _aes(chunks: Iterator[bytes], key: bytes) -> Iterator[bytes]:
    """Yield what AES in CBC mode packed; its first block is the vector."""
    left = b""
    cipher = None
    before = b""
    for chunk in chunks:
        for place in range(0, len(chunk), CHUNK):
            data = left + chunk[place : place + CHUNK]
            if cipher is None and len(data) >= BLOCK:
                cipher = AES.new(key, AES.MODE_CBC, data[:BLOCK])
                data = data[BLOCK:]
            whole = len(data) & -BLOCK if cipher is not None else 0
            left = data[whole:]
            if cipher is not None and whole:
                if before:
                    yield before
                before = cipher.decrypt(data[:whole])
    if before:
        padding = before[-1]
        yield before[: -padding if 0 < padding <= BLOCK else len(before)]


def opened(sweep: Sweep, encrypt: Dictionary, identifier: bytes) -> Lock | None:
    """Return the lock if the empty password opens it, else None.

    Args:
        sweep: the file, in which references are looked up.
        encrypt: the dictionary.
        identifier: the first part of the file's ID.
    """

    def get(key: bytes) -> Value:
        return sweep.resolved(encrypt.get_last(key))

    revision = get(b"R")
    if get(b"Filter") != Name(b"Standard") or not isinstance(revision, int):
        return None
    text = {key: _bytes(get(key)) for key in (b"O", b"U", b"OE", b"UE")}
    metadata = get(b"EncryptMetadata") != Word(b"false")
    if revision >= HASHED:
        key = _hashed_key(text, revision)
    else:
        seed = PADDING + text[b"O"][:32] + _permissions(get(b"P")) + identifier
        if revision >= FILTERED and not metadata:
            seed += b"\xff\xff\xff\xff"
        size = BLOCK if get(b"V") == FILTERED else _size(get(b"Length"))
        key = _md5_key(seed, revision, size)
        if not _opens(key, text[b"U"], revision, identifier):
            return None
    streams, strings = b"V2", b"V2"
    if get(b"V") in {4, 5}:
        streams = _method(sweep, encrypt, b"StmF")
        strings = _method(sweep, encrypt, b"StrF")
    return Lock(key, streams, strings, metadata) if key else None


def _bytes(value: Value) -> bytes:
    return bytes(value) if isinstance(value, String) else b""


def _permissions(value: Value) -> bytes:
    number = value if isinstance(value, int) else 0
    return (number & 0xFFFFFFFF).to_bytes(4, "little")


def _size(bits: Value) -> int:
    known = isinstance(bits, int) and 40 <= bits <= 128  # noqa: PLR2004 - as V 2 allows
    return bits // 8 if known and isinstance(bits, int) else 5


def _method(sweep: Sweep, encrypt: Dictionary, which: bytes) -> bytes:
    name = sweep.resolved(encrypt.get_last(which))
    filters = sweep.resolved(encrypt.get_last(b"CF"))
    if not isinstance(name, Name) or not isinstance(filters, Dictionary):
        return b"Identity"
    chosen = sweep.resolved(filters.get_last(bytes(name)))
    if not isinstance(chosen, Dictionary):
        return b"Identity"
    method = sweep.resolved(chosen.get_last(b"CFM"))
    known = isinstance(method, Name) and method != b"None"
    return bytes(method) if known and isinstance(method, Name) else b"Identity"


def _md5_key(seed: bytes, revision: int, size: int) -> bytes:
    """Algorithm 2."""
    if revision < 3:  # noqa: PLR2004 - the first revision with longer keys
        return _md5(seed)[:5]
    key = _md5(seed)
    for _ in range(50):
        key = _md5(key[:size])
    return key[:size]


def _opens(key: bytes, user: bytes, revision: int, identifier: bytes) -> bool:
    """Algorithms 4 to 6: what the key makes of known bytes is in the dictionary."""
    if revision < 3:  # noqa: PLR2004 - see above
        return ARC4.new(key).encrypt(PADDING) == user[:32]
    known = _md5(PADDING + identifier)
    for step in range(20):
        known = ARC4.new(bytes(byte ^ step for byte in key)).encrypt(known)
    return known == user[:16]


def _hashed_key(text: dict[bytes, bytes], revision: int) -> bytes:
    """Algorithm 2.A: as user, then as owner; empty if neither opens."""
    user = text[b"U"][:48]
    for of, packed, extra in ((user, b"UE", b""), (text[b"O"][:48], b"OE", user)):
        if len(of) < 48 or len(text[packed]) < 32:  # noqa: PLR2004 - sizes of V 5
            continue
        if _hash(of[32:40], extra, revision) == of[:32]:
            key = _hash(of[40:48], extra, revision)
            cipher = AES.new(key, AES.MODE_CBC, bytes(BLOCK))
            return bytes(cipher.decrypt(text[packed][:32]))
    return b""


def _hash(salt: bytes, extra: bytes, revision: int) -> bytes:
    """Algorithm 2.B for the empty password."""
    key = hashlib.sha256(salt + extra).digest()
    if revision == HASHED:
        return key
    step, last = 0, 0
    while step < 64 or last > step - 32:  # noqa: PLR2004 - as the algorithm says
        cipher = AES.new(key[:16], AES.MODE_CBC, key[16:32])
        mixed = cipher.encrypt((key + extra) * 64)
        which = sum(mixed[:16]) % 3
        key = (hashlib.sha256, hashlib.sha384, hashlib.sha512)[which](mixed).digest()
        last = mixed[-1]
        step += 1
    return key[:32]
