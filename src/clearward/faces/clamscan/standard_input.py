"""Standard input as something that can be scanned."""

import os
import stat
import sys
import tempfile

from clearward.core.errors import Refused
from clearward.jail.broker import Entry, admit

_CHUNK = 1 << 20


def opened(name: bytes, most_size: int | None) -> Entry:
    """Return standard input: the file itself, or else a copy that has no name.

    Args:
        name: what to call it.
        most_size: in bytes; None for no limit.

    Raises:
        Refused: it cannot be read, or there is no room for the copy.
    """
    given = sys.stdin.fileno()
    try:
        if stat.S_ISREG(os.fstat(given).st_mode):
            return admit(_anew(given), name, most_size)
        with tempfile.TemporaryFile(buffering=0) as copy:
            while chunk := os.read(given, _CHUNK):
                copy.write(chunk)
            return admit(_anew(copy.fileno()), name, most_size)
    except OSError as error:
        raise Refused(f"standard input cannot be kept: {error.strerror}") from error


def _anew(descriptor: int) -> int:
    """Open the same file to read only, with a position of its own."""
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    return os.open(f"/proc/self/fd/{descriptor}", flags)
