"""Open encrypted documents of OpenDocument with passwords that are worth a try.

In the zip stands "META-INF/manifest.xml"; of each file that is encrypted it says (part
2, 3.4 and 4.4), all in base64:

    <file-entry full-path="content.xml">
      <encryption-data checksum-type="...sha256-1k" checksum="...">
        <algorithm algorithm-name="...aes256-cbc" initialisation-vector="..."/>
        <key-derivation iteration-count="100000" key-size="32" salt="..."/>
        <start-key-generation start-key-generation-name="...sha256"/>

The key is PBKDF2 of a digest of the password. What comes out is deflated, and the
checksum is of its first 1024 bytes. Each file has a salt of its own, so each costs its
rounds; all of them together may take `ROUNDS`. What else is said there is not known
here (packages encrypted as a whole, Argon2), and stays encrypted.

The manifest is read for its attributes alone.
"""

import hashlib
import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Content, Cursor, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats import heavy, passwords
from clearward.formats.decompressor import Zlib
from clearward.formats.inflate import Frames

NAME = "odf"
MANIFEST = b"META-INF/manifest.xml"
MIMETYPE = b"mimetypeapplication/vnd.oasis.opendocument"
FRONT, NAMED = 30, 256  # place of the name of the first member, and bytes looked at
MANIFEST_MOST = 4 * MIB
MOST = 64 * MIB  # bytes of a file that are decrypted
ROUNDS = 8_000_000  # some seconds
CHECKED = 1024  # bytes that a checksum is of
KEY_SIZES = range(5, 33)
BLOCK, SEGMENT = 16, 8  # bytes that AES and Blowfish take at once

_ATTRIBUTE = re.compile(rb"""([\w-]{1,60})\s{0,8}=\s{0,8}["']([^"'<>]{0,2000})["']""")

_opened: list[bytes] = []  # digests of the manifests of documents that are opened


@dataclass(frozen=True, slots=True)
class Locked:
    """What a manifest says about a file.

    Attributes:
        values: attributes of its entry and of all that is in it.
    """

    values: dict[bytes, bytes]

    @property
    def rounds(self) -> int:
        """How many times a digest is made for its key.

        Raises:
            KeyError, ValueError: it is not said.
        """
        return max(int(self.values[b"iteration-count"]), 1)

    def opened(self, password: bytes, data: bytes) -> bytes | None:
        """Return it in plain, still deflated, None if it is another password.

        Raises:
            KeyError, ValueError: something is missing, or not known.
        """
        hash = "sha256" if self._says(b"start-key-generation-name", b"256") else "sha1"
        start = hashlib.new(hash, password, usedforsecurity=False).digest()
        size = int(self.values.get(b"key-size", b"16"))
        if size not in KEY_SIZES or b"argon" in self.values[b"key-derivation-name"]:
            raise ValueError(size)
        salt, rounds = b64decode(self.values[b"salt"]), self.rounds
        key = hashlib.pbkdf2_hmac("sha1", start, salt, rounds, size)
        plain = self._decrypted(key, data)
        kind = "sha256" if self._says(b"checksum-type", b"256") else "sha1"
        front = plain[:CHECKED] if self._says(b"checksum-type", b"1k") else plain
        known = b64decode(self.values[b"checksum"])
        found = hashlib.new(kind, front, usedforsecurity=False).digest()
        return plain if known == found else None

    def _decrypted(self, key: bytes, data: bytes) -> bytes:
        vector = b64decode(self.values[b"initialisation-vector"])
        if self._says(b"algorithm-name", b"blowfish"):
            blowfish = heavy.library("Blowfish")
            mode = blowfish.MODE_CFB
            stream = blowfish.new(key, mode, vector, segment_size=8 * SEGMENT)
            plain: bytes = stream.decrypt(data + bytes(-len(data) % SEGMENT))
            return plain[: len(data)]
        if not self._says(b"algorithm-name", b"-cbc"):
            raise ValueError("algorithm")
        aes = heavy.library("AES")
        blocks = aes.new(key, aes.MODE_CBC, vector)
        plain = blocks.decrypt(data[: len(data) // BLOCK * BLOCK])
        return plain[: -plain[-1]] if plain and 0 < plain[-1] <= BLOCK else plain

    def _says(self, name: bytes, word: bytes) -> bool:
        return word in self.values.get(name, b"").lower()


@dataclass(frozen=True, slots=True)
class Document:
    """An encrypted document and its password.

    Attributes:
        manifest: digest of its list of files.
        files: those that are encrypted, by name.
        password: opens at least one of them.
        left: rounds that may be made.
    """

    manifest: bytes
    files: dict[bytes, Locked]
    password: bytes
    left: int

    @contextmanager
    def known(self) -> Iterator[None]:
        """Keep the list of files from saying that they are encrypted."""
        _opened.append(self.manifest)
        try:
            yield
        finally:
            _opened.remove(self.manifest)

    def parts(self, items: Iterator[Item]) -> Iterator[Item]:
        """Yield each file in plain, of the members of the zip."""
        left = self.left
        for item in items:
            locked = self.files.get(item.name)
            if locked is None or not isinstance(item, Part):
                continue
            data = _whole(item.content, MOST)
            try:
                left -= locked.rounds
                plain = locked.opened(self.password, data) if left > 0 else None
            except (KeyError, ValueError, Base64Error):
                plain = None
            if plain is None:
                yield Gap(Reason.ENCRYPTED, item.name)
                continue
            frames = Frames(
                NAME, Cursor(Reader.of(plain)), lambda _: Zlib(-15), once=True
            )
            yield Part(Stream(iter(frames)), item.name, len(data))
            if len(data) == MOST:
                yield Gap(Reason.MEMORY_LIMIT, item.name)


def is_document(archive: Reader) -> bool:
    """Say whether a zip is a document of OpenDocument, as its first member says."""
    return MIMETYPE in archive.at(FRONT, NAMED)


def unlocked(members: Callable[[], Iterator[Item]]) -> Document | None:
    """Return an encrypted document that a password opens, None for any other.

    Args:
        members: starts reading the members of the zip.

    Raises:
        NotLoaded: decrypting takes a library that is not here.
    """
    manifest = next(
        (
            _whole(item.content, MANIFEST_MOST)
            for item in members()
            if isinstance(item, Part) and item.name == MANIFEST
        ),
        b"",
    )
    files = dict(_files(manifest))
    if not files or len(manifest) == MANIFEST_MOST:
        return None
    tried = min(
        (
            item
            for item in members()
            if isinstance(item, Part) and item.name in files and item.packed
        ),
        key=lambda item: item.packed,
        default=None,
    )
    if tried is None or not isinstance(tried.content, Reader):
        return None
    return _tried(manifest, files, files[tried.name], tried.content.at(0, MOST))


def _tried(
    manifest: bytes, files: dict[bytes, Locked], locked: Locked, data: bytes
) -> Document | None:
    left = ROUNDS
    for password in passwords.candidates():
        try:
            left -= locked.rounds
            if left < ROUNDS // 2:
                return None
            if locked.opened(password, data) is not None:
                return Document(_digest(manifest), files, password, left)
        except (KeyError, ValueError, Base64Error):
            return None
    return None


def unpack_manifest(manifest: Reader) -> Iterator[Item]:
    """Yield a gap for the list of files of a document, unless they are opened."""
    if _digest(manifest.at(0, MANIFEST_MOST)) not in _opened:
        yield Gap(Reason.ENCRYPTED)


def _digest(manifest: bytes) -> bytes:
    return hashlib.sha256(manifest).digest()


def _files(manifest: bytes) -> Iterator[tuple[bytes, Locked]]:
    for entry in manifest.split(b"file-entry"):
        if entry.find(b"encryption-data") < 0:
            continue
        values: dict[bytes, bytes] = {}
        for name, value in _ATTRIBUTE.findall(entry):
            values.setdefault(name, value)
        yield values.get(b"full-path", b""), Locked(values)


def _whole(content: Content, most: int) -> bytes:
    if isinstance(content, Reader):
        return content.at(0, most)
    return content.take(most)
