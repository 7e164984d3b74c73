"""What is looked up: digests as they are given, and those of files."""

import hashlib
import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass

from clearward.faces.text import raw

_HEX = re.compile(r"[0-9A-Fa-f]{64}")
_PIECE = 1 << 20  # bytes
_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK  # a FIFO has no one to wait for


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to look up.

    Attributes:
        digest: SHA-256; empty if the file could not be read.
        path: of the file; None if the digest was given.
        error: why the file could not be read; empty if it was.
    """

    digest: bytes
    path: bytes | None = None
    error: str = ""


def subjects(words: Sequence[str]) -> list[Subject]:
    """Return what words of a command line mean: 64 hexadecimal digits are a digest."""
    return [
        Subject(bytes.fromhex(word)) if _HEX.fullmatch(word) else _file(raw(word))
        for word in words
    ]


def _file(path: bytes) -> Subject:
    try:
        opened = os.open(path, _FLAGS)
        with os.fdopen(opened, "rb", buffering=0) as file:
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                return Subject(b"", path, "is no regular file")
            digest = hashlib.sha256()
            while piece := file.read(_PIECE):
                digest.update(piece)
            return Subject(digest.digest(), path)
    except (OSError, ValueError) as error:  # a name may hold a zero byte
        return Subject(b"", path, getattr(error, "strerror", None) or "no such name")
