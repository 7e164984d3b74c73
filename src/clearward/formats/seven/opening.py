"""Whether a key is the one of a folder: what it holds says so.

There is no sum of the password in a 7z archive. A wrong key gives noise, which no
method decodes for long, and whose CRC-32 is not the stored one. A header may have been
stored without one; it begins and ends with bytes that are known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from clearward.core.errors import Malformed
from clearward.core.limits import MIB
from clearward.core.reader import CHUNK, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Undecoded
from clearward.formats.seven import lock
from clearward.formats.seven.chain import KeyOf, content
from clearward.formats.seven.streams import Content

MOST_TRIED = 1 * MIB  # of the first member, if it is packed
MOST_COPIED = 32 * MIB  # if it is not
COPY = b"\0"
HEADER_STARTS, HEADER_END = b"\x01\x17", 0


@dataclass(frozen=True, slots=True)
class Opening:
    """A folder, and what gives the keys for it.

    Attributes:
        held: the folder.
        packed: its packed streams.
        key_of: gives the key of an encryption.
        header: it holds a header.
    """

    held: Content
    packed: Sequence[Reader]
    key_of: KeyOf
    header: bool

    def content(self) -> Stream:
        """The content of the folder.

        Raises:
            Undecoded: as `chain.content`.
        """
        return content(self.held.folder, self.held.sizes, self.packed, self.key_of)

    def fits(self) -> bool:
        """Say whether the keys are right.

        Raises:
            Undecoded: the folder cannot be decoded, whatever the key.
        """
        folder = self.held.folder
        size = self.held.sizes[folder.last]
        crc = None
        if self.held.members:
            size, crc = self.held.members[0].size, self.held.members[0].crc
        plain = (COPY, lock.METHOD)
        is_packed = any(coder.method not in plain for coder in folder.coders)
        tried = min(size, MOST_TRIED if is_packed else MOST_COPIED)
        try:
            whole = self.content()
        except Undecoded as error:
            if error.reason is Reason.ENCRYPTED:
                return False
            raise
        found = place = 0
        ends = b""
        try:
            while place < tried and (data := whole.take(min(tried - place, CHUNK))):
                found = crc32(data, found)
                ends = (ends or data)[:1] + data[-1:]
                place += len(data)
        except Malformed:
            return False
        if self.header and tried == size and not _is_header(ends):
            return False
        return place == tried and (tried < size or crc is None or found == crc)


def _is_header(ends: bytes) -> bool:
    """Say whether the first and the last byte are those of a header."""
    return bool(ends) and ends[0] in HEADER_STARTS and ends[-1] == HEADER_END
