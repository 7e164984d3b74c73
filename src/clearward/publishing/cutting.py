"""An image is cut where its content says so, and each piece has its digest for a name.

A cut stands behind a window of bytes whose checksum ends in zeros. So what is put in
somewhere changes the pieces around it and moves the others, which stay what they were.
An image is made of words, so windows begin at every word; nearer than the least length
there is no cut, and so most windows are never looked at.

The numbers are for images of some ten megabytes, of which every host fetches what is
new, with a request for each piece: see docs/decisions/0032.
"""

import hashlib
import mmap
import os
from collections.abc import Iterator
from zlib import crc32

from clearward.core.errors import Refused
from clearward.publishing.repository import Repository
from clearward.updates.pieces import LARGEST, Piece, Pieces

WORTH = 1 << 17  # bytes of an image that is cut at all
_LEAST = 1 << 14  # bytes of a piece, but for the last one
_WORD = 8  # bytes
_WINDOW = 32  # bytes
_ZEROS = (1 << 12) - 1  # one window of 4,096, so about 32 kB after the least length


def cuts(data: memoryview) -> Iterator[int]:
    """Yield where pieces of an image end; the last one is its length."""
    begin, size = 0, len(data)
    while size - begin > _LEAST:
        end = min(begin + LARGEST, size)
        for place in range(begin + _LEAST, end, _WORD):
            if not crc32(data[place - _WINDOW : place]) & _ZEROS:
                end = place
                break
        yield end
        begin = end
    if begin < size:
        yield size


def publish_pieces(repository: Repository, image: str) -> Pieces | None:
    """Put the pieces of an image into their places; None for one that is not worth it.

    Args:
        repository: that gets them.
        image: path of a file that nobody changes.

    Raises:
        Refused: it cannot be read.
        Unavailable: there is no room, or no right, to publish.
    """
    found = []
    try:
        with open(image, "rb") as file:
            if os.fstat(file.fileno()).st_size < WORTH:
                return None
            with (
                mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
                memoryview(mapped) as data,
            ):
                begin = 0
                for end in cuts(data):
                    found.append(_put(repository, bytes(data[begin:end])))
                    begin = end
    except OSError as error:
        raise Refused(f"{image}: cannot be read: {error.strerror}") from error
    return Pieces(tuple(found))


def _put(repository: Repository, content: bytes) -> Piece:
    piece = Piece(hashlib.sha256(content).hexdigest(), len(content))
    if not (repository.has(piece.place) and repository.read(piece.place) == content):
        repository.write(piece.place, content)
    return piece
