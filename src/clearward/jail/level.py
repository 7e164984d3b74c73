"""Measure which level of protection a worker has, from outside.

    A  seccomp, Landlock ABI 6 or newer, empty namespaces, another user
    B  seccomp, with one of the others missing
    C  an operating-system sandbox without a system-call filter
    D  a separate process and nothing more

What the kernel shows of the worker counts, not what the worker says. Landlock alone
cannot be seen from outside; for it the zygote's word is taken. It is noted before any
rule is read and sent once the rules are compiled, so rules that took the compiler over
could forge it; a scanned file cannot, since no worker exists until then.

Source: proc_pid_status(5).
"""

import os
from dataclasses import dataclass

from clearward.jail import namespaces
from clearward.jail.control import Given

LEVELS = ("A", "B", "C", "D")
_SECCOMP_FILTER = "2"
_BOTH_FILTERS = 2
_SCOPED_LANDLOCK = 6


@dataclass(frozen=True, slots=True)
class Protection:
    """What holds a worker.

    Attributes:
        level: one of `LEVELS`.
        missing: what keeps it from `A`, in words; empty at `A`.
        landlock: ABI; 0 if there is none.
    """

    level: str
    missing: tuple[str, ...]
    landlock: int

    def reaches(self, level: str) -> bool:
        """Say whether this is at least `level`."""
        return LEVELS.index(self.level) <= LEVELS.index(level)

    def too_low(self, level: str) -> str:
        """Say in one line that `level` is not reached, and why."""
        missing = ", ".join(self.missing)
        return (
            f"protection is at level {self.level}, below the required {level} "
            f"(missing: {missing}); nothing was scanned"
        )


def measure(process: int, given: Given) -> Protection:
    """Return the protection of a worker.

    Args:
        process: its process number.
        given: what its zygote gave up.
    """
    status = _status(process)
    own = namespaces.numbers()
    # The broker may have filters of its own, from a container; they do not count.
    before = int(_status(os.getpid()).get("Seccomp_filters", "0"))
    filters = int(status.get("Seccomp_filters", before + _BOTH_FILTERS))
    held = {
        "seccomp": given.seccomp
        and status.get("Seccomp") == _SECCOMP_FILTER
        and filters >= before + _BOTH_FILTERS
        and status.get("NoNewPrivs") == "1",
        "Landlock ABI 6": given.landlock >= _SCOPED_LANDLOCK,
        "namespaces": given.rootless
        and int(status.get("CapEff", "1"), 16) == 0
        and all(
            name in own and given.namespaces.get(name, own[name]) != own[name]
            for name in namespaces.NAMES
        ),
        "another user": status.get("Uid", "").split()[:1]
        not in ([], [str(os.geteuid())]),
    }
    missing = tuple(name for name, held_ in held.items() if not held_)
    if held["seccomp"]:
        level = "B" if missing else "A"
    else:
        level = "C" if given.landlock or held["namespaces"] else "D"
    return Protection(level, missing, given.landlock)


def _status(process: int) -> dict[str, str]:
    """The fields of /proc/PID/status; empty if it cannot be read."""
    try:
        with open(
            f"/proc/{process}/status", encoding="ascii", errors="replace"
        ) as file:
            lines = [line.split(":", 1) for line in file if ":" in line]
    except OSError:
        return {}
    return {name: value.strip() for name, value in lines}
