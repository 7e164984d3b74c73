"""What clamd says, byte for byte: clients compare these texts.

The end of an answer (LF or NUL) is not part of them; it is that of the command.

Source: recorded from clamd 1.4.6.
"""

import time
from datetime import datetime

from clearward.faces.clamd.commands import LISTED

ENGINE = "ClamAV 1.4.6"  # clients read the first digits

PONG = b"PONG"
RELOADING = b"RELOADING"
UNKNOWN = b"UNKNOWN COMMAND"
UNAVAILABLE = b"COMMAND UNAVAILABLE"
TIMED_OUT = b"COMMAND READ TIMED OUT\n"  # even where answers end with NUL

TOO_LONG = b"INSTREAM size limit exceeded. ERROR"
NO_ROOM = b"Error writing to temporary file ERROR"
NO_DESCRIPTOR = b"No file descriptor received. ERROR"
UNASKED = b"PROTOCOL ERROR: ancillary data sent without FILDES. ERROR"
FAILED = b"Error processing command. ERROR"
NOT_IN_SESSION = b"Command invalid inside IDSESSION. ERROR"
OLD_IN_SESSION = (
    b"Only nCMDS\\n and zCMDS\\0 are accepted inside IDSESSION. ERROR"  # as written
)

OK = b"OK"
EXCLUDED = b"Excluded"
NO_ALL_MATCH = b"ALLMATCHSCAN command disabled by clamd configuration. ERROR"
NOT_SUPPORTED = b"Not supported file type ERROR"
NOT_A_FILE = b"Not a regular file ERROR"  # a descriptor
DENIED = b"Access denied. ERROR"
TIME = b"Exceeded time limit ERROR"
MEMORY = b"Can't allocate memory ERROR"
NOT_THERE = "No such file or directory"  # for `path_failure`


def path_failure(why: str) -> bytes:
    """A path that leads nowhere, with the system's word for it."""
    return f"File path check failure: {why}. ERROR".encode()


def version(number: int, built: datetime) -> bytes:
    """The engine, and number and date (UTC) of the rules: always all three.

    Without them some clients fail: they split the answer at its slashes.
    """
    return f"{ENGINE}/{number}/{time.asctime(built.utctimetuple())}".encode("ascii")


def version_commands(version: bytes) -> bytes:
    """The version and every command."""
    words = b" ".join(command.word for command in LISTED)
    return version + b"| COMMANDS: " + words


def statistics(
    *, jobs: int, busy: int, most: int, idle_timeout: int, waiting: int, used: int
) -> bytes:
    """The block that STATS gives.

    Args:
        jobs: workers that there are.
        busy: those that look at something.
        most: workers that there may be.
        idle_timeout: seconds.
        waiting: objects that no worker has yet.
        used: bytes of memory of this process.
    """
    threads = (
        f"THREADS: live {jobs}  idle {max(0, jobs - busy)} max {most} "
        f"idle-timeout {idle_timeout}"
    )
    mebibytes = f"{used / (1 << 20):.3f}M"
    memory = (
        "MEMSTATS: heap N/A mmap N/A used N/A free N/A releasable N/A pools 1 "
        f"pools_used {mebibytes} pools_total {mebibytes}"
    )
    lines = (
        "POOLS: 1",
        "",
        "STATE: VALID PRIMARY",
        threads,
        f"QUEUE: {waiting} items",
        "\tSTATS 0.000001 ",
        "",
        memory,
        "END",
    )
    return "\n".join(lines).encode("ascii")
