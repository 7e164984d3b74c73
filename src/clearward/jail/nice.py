"""Let a process stand back while others are to be served.

Source: setpriority(2), capabilities(7).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CAP_SYS_NICE = 23


@contextmanager
def standing_back(process: int, nice: int) -> Iterator[None]:
    """Give a process less of the processor until the block ends.

    Nothing is done where that could not be taken back: whatever it forks later would
    be slow for ever.

    Args:
        process: its number; it may end meanwhile.
        nice: how far, from 1 to 19; 0 for not at all.
    """
    if not nice or not may_raise():
        yield
        return
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, nice)
    try:
        yield
    finally:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process, 0)


def may_raise() -> bool:
    """Say whether this process may raise the priority of others."""
    with open("/proc/thread-self/status", encoding="ascii", errors="replace") as file:
        for line in file:
            if line.startswith("CapEff:"):
                return bool(int(line.split()[1], 16) >> _CAP_SYS_NICE & 1)
    return False
