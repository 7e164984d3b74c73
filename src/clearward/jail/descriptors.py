"""How many files may be open at once: each one in the hands of a worker is one."""

import os
import resource

from clearward.jail.crew import AHEAD


def raise_limit() -> None:
    """Allow as many open files as there may be."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def most_jobs(wanted: int) -> int:
    """Say how many workers can be kept busy with the descriptors there are."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return wanted
    # In hand of the workers of both lanes, waiting for a lane, and this process's own.
    left = soft - 2 * AHEAD - len(os.listdir("/proc/self/fd"))
    return max(1, min(wanted, left // (2 * AHEAD)))
