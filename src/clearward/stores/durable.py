"""Bring bytes and names to the disk."""

import os


def write_all(descriptor: int, data: bytes | bytearray | memoryview) -> None:
    """Write all of some bytes where a file stands.

    Raises:
        OSError: there is no room; some of them may be written.
    """
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def sync_folder(path: str) -> None:
    """Bring the names in a folder to the disk.

    Raises:
        OSError: it cannot be opened or synced.
    """
    opened = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
