"""Descriptors that clients pass over a Unix socket.

What is passed may be anything: a folder, a pipe, a device, a file that is open for
writing alone. Only regular files are looked at, through a descriptor of our own that
can read and nothing else.

Source: unix(7), SCM_RIGHTS; proc(5), /proc/self/fd.
"""

import os
import socket
import stat
from array import array

from clearward.core.reasons import Reason
from clearward.jail.broker import Entry, OpenFile, Unopened, admit

# Room for two: a second one is noticed, and whatever is more the kernel drops.
_ROOM = socket.CMSG_SPACE(2 * array("i").itemsize)
_OPEN = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY


def receive(sock: socket.socket, buffer: memoryview) -> tuple[int, int]:
    """Read one packet and the descriptor that came with it.

    Args:
        sock: a Unix socket that does not block.
        buffer: takes the bytes.

    Returns:
        How many bytes, 0 at the end; and the descriptor, or -1. If several came
        together they are closed, as if there were none.

    Raises:
        OSError: as `recvmsg`.
    """
    count, control, _, _ = sock.recvmsg_into([buffer], _ROOM, socket.MSG_CMSG_CLOEXEC)
    if not control:
        return count, -1
    found = array("i")
    for level, kind, data in control:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            found.frombytes(data[: len(data) - len(data) % found.itemsize])
    if len(found) == 1 and count:
        return count, found[0]
    for descriptor in found:
        os.close(descriptor)
    return count, -1


def entry_of(descriptor: int, path: bytes, most_size: int | None) -> Entry:
    """Take over a passed descriptor and open its file again, for reading alone.

    Args:
        descriptor: is closed in every case.
        path: what to call it.
        most_size: larger files are `size-limit`; None for no limit.
    """
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return Unopened(path, Reason.NOT_REGULAR, status.st_size)
        again = os.open(f"/proc/self/fd/{descriptor}", _OPEN)
        entry = admit(again, path, most_size)
        if isinstance(entry, OpenFile) and not _same(status, entry.status):
            entry.close()
            return Unopened(path, Reason.CHANGED, status.st_size)
    except OSError:
        # Not even we may read it, as with a sealed or a write-only one elsewhere.
        return Unopened(path, Reason.PERMISSION)
    finally:
        os.close(descriptor)
    return entry


def _same(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)
