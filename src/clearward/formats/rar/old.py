"""Write an archive of RAR 1.5 to 4 anew without its encryption.

Blocks are drawn in `formats/rar_blocks`. With flag 80 hex of the archive's own block
the headers behind it are encrypted, each with 8 bytes of salt in front and filled up to
16 bytes. With flag 4 of a file's block its data are; with 400 hex their salt stands
behind the name. That is AES for RAR 3; what is older has `ciphers` of its own and no
salt. Nothing tells a right password but the CRC-32 of a file or the CRC of a
header: the first files of an archive are tried, and one that does not fit stays locked.
"""

from collections.abc import Iterator
from zlib import crc32

from typing_extensions import override

from clearward.core.errors import Malformed
from clearward.core.limits import MIB
from clearward.core.part import Gap, Part
from clearward.core.reader import Content, Reader
from clearward.formats import rar_blocks
from clearward.formats.rar import ciphers, members
from clearward.formats.rar.joined import BLOCK, decrypted, plain
from clearward.formats.rar.keys import Maker
from clearward.formats.rar.writing import MOST_BLOCKS, Writing, first_right
from clearward.formats.rar_blocks import LOCKED, LOCKED_HEADERS, SALTED, Block

SALT = 8
MOST_TRIED = 1 * MIB  # of a file
MOST_FILES = 16


def unlocked(archive: Reader, passwords: Iterator[bytes]) -> Reader | None:
    """Return the archive in plain if a password opens it, None if none does."""
    maker = Maker()
    return first_right(_Writing(archive, word, maker) for word in passwords)


class _Writing(Writing):
    """One attempt with one password."""

    def __init__(self, archive: Reader, password: bytes, maker: Maker) -> None:
        super().__init__(archive, password, maker, rar_blocks.FIRST)
        self._locked_headers = False
        self._front: Block | None = None
        self._tried = 0

    @override
    def write(self) -> bool:
        """Write it; say whether the password is right."""
        known = False
        for _ in range(MOST_BLOCKS):
            block, length = self._block()
            if block is None:
                break
            known |= self._locked_headers
            content = self._content(length, block.data)
            if block.kind == rar_blocks.ARCHIVE:
                self._locked_headers = bool(block.flags & LOCKED_HEADERS)
                flags = block.flags & ~LOCKED_HEADERS
                self._front = block = Block(rar_blocks.changed(block.header, flags))
            elif _is_locked_file(block) and (known or block.kind == rar_blocks.FILE):
                opened, plainly = self._opened(block, content)
                if self._is_right(opened, plainly, known=known):
                    known |= block.kind == rar_blocks.FILE
                    block, content = opened, plainly
                elif not known:
                    return False
            self.joined.add(Reader.of(block.header))
            self.joined.add(content)
        return known

    def _opened(self, block: Block, content: Reader) -> tuple[Block, Reader]:
        place, header = block.name_end, block.header
        salt = header[place : place + SALT] if block.flags & SALTED else b""
        decrypted = self._plain(block.version, salt, content)
        if decrypted is None:
            return block, content
        content = decrypted
        if block.method == rar_blocks.STORED and not block.is_large:
            content = content.slice(0, min(block.unpacked, content.size))
        front = header[:7] + (content.size & 0xFFFFFFFF).to_bytes(4, "little")
        header = front + header[11:place] + header[place + len(salt) :]
        return Block(
            rar_blocks.changed(header, block.flags & ~(LOCKED | SALTED))
        ), content

    def _plain(self, version: int, salt: bytes, content: Reader) -> Reader | None:
        if version < rar_blocks.SECOND:
            return ciphers.plain(content, ciphers.first(self._password))
        if version < rar_blocks.THIRD:
            return ciphers.plain(content, ciphers.second(self._password))
        key = self._maker.old(self._password, salt)
        return None if key is None else plain(content, key.key, key.vector)

    def _is_right(self, block: Block, content: Reader, *, known: bool) -> bool:
        """Say whether a file is in plain now, as far as that can be known."""
        solid = block.flags & rar_blocks.SOLID
        if block.kind != rar_blocks.FILE or solid or self._tried >= MOST_FILES:
            return known
        self._tried += 1
        return self._fits(block, content)

    def _fits(self, block: Block, content: Reader) -> bool:
        """Say whether a file in plain has the CRC-32 that its header says."""
        alone = members.alone(self._front, block, content)
        crc = size = 0
        try:
            for item in members.unpack(alone):
                if isinstance(item, Gap):
                    return False
                if isinstance(item, Part):
                    for data in _chunks(item.content):
                        crc = crc32(data, crc)
                        size += len(data)
                        if size >= MOST_TRIED:
                            break
        except Malformed:
            return False
        return size >= MOST_TRIED or crc == block.crc

    def _block(self) -> tuple[Block | None, int]:
        """The next block, and the bytes that its header takes."""
        if not self._locked_headers:
            block = rar_blocks.block_at(self._archive, self._place)
            return block, len(block.header) if block is not None else 0
        salt = self._archive.at(self._place, SALT)
        first = self._archive.at(self._place + SALT, BLOCK)
        key = self._maker.old(self._password, salt) if len(first) == BLOCK else None
        if key is None:
            return None, 0
        begin = Block(decrypted(first, key.key, key.vector))
        length = -(-begin.size // BLOCK) * BLOCK
        whole = self._archive.at(self._place + SALT, length)
        header = decrypted(whole, key.key, key.vector)[: begin.size]
        # Only comments have less of themselves in their CRC, and none stands here.
        if crc32(header[2:]) & 0xFFFF != int.from_bytes(header[:2], "little"):
            return None, 0
        return Block(header), SALT + length


def _is_locked_file(block: Block) -> bool:
    whole = len(block.header) >= rar_blocks.FILE_HEADER
    return block.is_file and whole and bool(block.flags & LOCKED)


def _chunks(content: Content) -> Iterator[bytes]:
    return content.chunks() if isinstance(content, Reader) else content.rest()
