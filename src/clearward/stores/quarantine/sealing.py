"""Encrypt and authenticate, a chunk at a time, so that a file may have any size.

Every entry has keys of its own, derived from the one that is kept and from a random
salt (HKDF, RFC 5869). Its content is sealed as a stream of chunks by AES-256-GCM:

    nonce    7 bytes, derived with the key
             4 bytes, number of the chunk, from 0, big-endian
             1 byte, 1 for the last chunk, else 0

So chunks that are left out, doubled, moved or cut off at the end do not open. This is
the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, "Online
Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", CRYPTO 2015.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from clearward.stores.quarantine.damage import Damaged

CHUNK = 1 << 20  # bytes of content in every chunk but the last
TAG = 16  # bytes that sealing adds
KEY = 32
_PREFIX = 7
_MOST = 1 << 32  # chunks
_ONCE = bytes(12)  # the nonce of a key that seals one thing

Bytes = bytes | bytearray | memoryview


def derived(master: bytes, salt: bytes, purpose: bytes, length: int = KEY) -> bytes:
    """Return bytes that are good for one purpose and tell nothing about `master`."""
    return HKDF(SHA256(), length, salt, b"clearward quarantine 1 " + purpose).derive(
        master
    )


class Stream:
    """The chunks of one content, to be sealed or opened in their order.

    Args:
        master: the key that is kept.
        header: front of the entry; the chunks open only behind this one.
        salt: of the entry, random.
    """

    def __init__(self, master: bytes, header: bytes, salt: bytes) -> None:
        made = derived(master, salt, b"content", KEY + _PREFIX)
        self._cipher = AESGCM(made[:KEY])
        self._prefix = made[KEY:]
        self._header = header
        self._number = 0

    def seal(self, content: Bytes, *, last: bool) -> bytes:
        """Return the next chunk, `TAG` bytes longer than its content."""
        return self._cipher.encrypt(self._nonce(last=last), content, self._header)

    def open(self, chunk: Bytes, *, last: bool) -> bytes:
        """Return the content of the next chunk.

        Raises:
            Damaged: it is not the one that was sealed in this place.
        """
        nonce = self._nonce(last=last)
        try:
            return self._cipher.decrypt(nonce, chunk, self._header)
        except InvalidTag as error:
            raise Damaged(f"chunk {self._number - 1} was changed or cut") from error

    def _nonce(self, *, last: bool) -> bytes:
        if self._number >= _MOST:
            raise ValueError("more chunks than there are nonces")
        counted = self._number.to_bytes(4, "big")
        self._number += 1
        return self._prefix + counted + bytes((last,))


def seal_once(key: bytes, content: bytes, around: bytes) -> bytes:
    """Seal one thing with a key that seals nothing else.

    Args:
        key: from `derived`, with a salt that is used once.
        content: what is sealed.
        around: is authenticated with it.
    """
    return AESGCM(key).encrypt(_ONCE, content, around)


def open_once(key: bytes, sealed: bytes, around: bytes) -> bytes:
    """Return what was sealed by `seal_once`.

    Raises:
        Damaged: it is not that.
    """
    try:
        return AESGCM(key).decrypt(_ONCE, sealed, around)
    except InvalidTag as error:
        raise Damaged("the record was changed, or sealed with another key") from error
