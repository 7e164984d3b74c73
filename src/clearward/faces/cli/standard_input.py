"""Standard input as a file that can be scanned."""

import os
import shutil
import stat
import sys
import tempfile
from contextlib import suppress

from clearward.core.errors import Refused
from clearward.jail.broker import Entry, admit

_READ = 1 << 20


def opened(name: bytes, most_size: int | None) -> Entry:
    """Return standard input, opened anew if it is a file, else a copy without a name.

    Whoever started this may have opened it for writing, too, and keeps the position.

    Args:
        name: what to call it.
        most_size: in bytes; None for no limit.

    Raises:
        Refused: there is no room for the copy.
    """
    given = sys.stdin.fileno()
    with suppress(OSError):
        if stat.S_ISREG(os.fstat(given).st_mode):
            return admit(_opened_anew(given), name, most_size)
    with tempfile.TemporaryFile() as copy:
        try:
            shutil.copyfileobj(sys.stdin.buffer, copy, _READ)
            copy.flush()
        except OSError as error:
            raise Refused(
                f"standard input cannot be kept for scanning: {error.strerror}"
            ) from error
        return admit(_opened_anew(copy.fileno()), name, most_size)


def _opened_anew(descriptor: int) -> int:
    """A descriptor of the same file that can only read, with a position of its own."""
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
    return os.open(f"/proc/self/fd/{descriptor}", flags)
