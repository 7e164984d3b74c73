"""Who opened a file, as far as procfs still knows."""

import os

from clearward.faces.guard.seen import Access, What


def access(file: int, process: int, what: What) -> Access:
    """Look at the file's path and at the process, which may have ended.

    Args:
        file: descriptor of the event.
        process: its number; 0 if it is of another process namespace.
        what: was done.
    """
    program, user = b"", -1
    if process > 0:
        program = _link(b"/proc/%d/exe" % process)
        try:
            user = os.stat(f"/proc/{process}").st_uid
        except OSError:
            user = -1
    return Access(_link(b"/proc/self/fd/%d" % file), what, process, program, user)


def _link(path: bytes) -> bytes:
    try:
        return os.readlink(path)
    except OSError:
        return b""
