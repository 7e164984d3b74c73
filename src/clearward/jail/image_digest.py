"""The digest of a compiled image, by pread, so that nothing of it becomes resident.

It takes half a second for half a gigabyte, in which the jail loads its libraries and so
does the broker. So it is begun, beside both, as soon as the command line names images.

Source: `native.layout`, header.
"""

import hashlib
import os
import threading
from collections.abc import Sequence
from contextlib import suppress

from typing_extensions import override

from clearward.core.errors import Refused
from clearward.core.image_frame import DIGEST_AT, HEADER, MAGIC

_PIECE = 1 << 20  # bytes that are hashed at one time

_Identity = tuple[int, int, int, int, int]


class _Taking(threading.Thread):
    """Takes the digest of one open file; closes it."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(daemon=True)
        self._descriptor = descriptor
        self.answer: tuple[bytes, bytes] | None = None

    @override
    def run(self) -> None:
        with suppress(OSError):
            self.answer = _digests(self._descriptor)
        os.close(self._descriptor)


_begun: dict[_Identity, _Taking] = {}


def begin(paths: Sequence[str]) -> None:
    """Begin to take digests; what cannot be opened is for `check_digest` to say."""
    for path in paths:
        with suppress(OSError):
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            taking = _begun[_identity(descriptor)] = _Taking(descriptor)
            taking.start()


def check_digest(descriptor: int, label: str) -> None:
    """Compare the digest in the header of an image with all its bytes.

    Raises:
        Refused: it is no image, or not what it was when it was written.
    """
    try:
        said, found = _begun_answer(descriptor) or _digests(descriptor)
    except OSError as error:
        raise Refused(f"{label}: cannot be read: {error.strerror}") from error
    if not said:
        raise Refused(f"{label}: this is no compiled image")
    if found != said:
        raise Refused(
            f"{label}: the image is not what its digest says; compile it again"
        )


def _begun_answer(descriptor: int) -> tuple[bytes, bytes] | None:
    """Return what was begun for this very file, if it has not changed since."""
    taking = _begun.pop(_identity(descriptor), None)
    if taking is None:
        return None
    taking.join()
    return taking.answer


def _identity(descriptor: int) -> _Identity:
    status = os.fstat(descriptor)
    times = status.st_mtime_ns, status.st_ctime_ns
    return status.st_dev, status.st_ino, status.st_size, *times


def _digests(descriptor: int) -> tuple[bytes, bytes]:
    """Return the digest that the header says, none if it says none, and the true one.

    Raises:
        OSError: it cannot be read.
    """
    buffer = bytearray(_PIECE)
    view = memoryview(buffer)
    offset = 0
    digest = hashlib.sha256()
    said = b""
    while size := os.preadv(descriptor, [buffer], offset):
        if not offset:
            if size < HEADER.size or not buffer.startswith(MAGIC):
                break
            said = bytes(view[DIGEST_AT : HEADER.size])
            view[DIGEST_AT : HEADER.size] = bytes(HEADER.size - DIGEST_AT)
        digest.update(view[:size])
        offset += size
    return said, digest.digest()
