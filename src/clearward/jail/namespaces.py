"""The namespaces that the jail leaves behind, and in which ones a process is.

Apart from the locks, so that the broker can compare namespaces without loading them.

Source: namespaces(7), clone(2).
"""

import os
from contextlib import suppress

# The flag that makes each, by its name in /proc/PID/ns.
FLAGS = {
    "mnt": 0x00020000,
    "cgroup": 0x02000000,
    "uts": 0x04000000,
    "ipc": 0x08000000,
    "net": 0x40000000,
}
NAMES = tuple(FLAGS)


def numbers() -> dict[str, int]:
    """The inode number of each namespace this process is in."""
    found = {}
    for name in NAMES:
        with suppress(OSError):
            found[name] = os.stat(f"/proc/self/ns/{name}").st_ino
    return found
