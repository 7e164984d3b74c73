"""Who may open everything, and what everybody may open.

Asked only about files that are not known yet, or found: each question costs a look into
procfs, and what is remembered as clean is clean for everybody.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from clearward.faces.guard.protocol import Settings
from clearward.jail.exclude import compile_patterns

_MOST_PARENTS = 3  # a worker is a child of a zygote, and that of the daemon
_SHORT = 1.0  # seconds in which the number of a process is not given to another one
_MOST_STRANGERS = 4096
_PARENT = 1  # field of /proc/PID/stat behind the name; proc(5)


class Exclusion:
    """Says who is let through without a question.

    Args:
        settings: of the gate.
    """

    def __init__(self, settings: Settings) -> None:
        self._daemon = settings.daemon
        self._program = os.fsencode(settings.program)
        self._roots = tuple(os.fsencode(root) for root in settings.roots)
        self._programs = frozenset(os.fsencode(path) for path in settings.programs)
        self._users = frozenset(settings.users)
        self._apart = tuple(os.fsencode(path) for path in settings.apart)
        self._looks_at_paths = bool(self._roots or self._apart or settings.patterns)
        self._strangers: dict[int, float] = {}
        self._fits: Callable[[str], bool] | None = None
        if settings.patterns:
            self._fits = compile_patterns(settings.patterns)

    def covers(self, file: int, process: int) -> bool:
        """Say whether a process may open a file that it waits for.

        Args:
            file: descriptor of the file.
            process: its number; 0 if it is of another process namespace.
        """
        if self._is_outside(file):
            return True
        if process <= 0:
            return False
        return self.is_own(process) or self._is_chosen(process)

    def is_own(self, process: int) -> bool:
        """Say whether a process is the daemon, or was started by it."""
        if process == self._daemon:
            return True
        now = monotonic()
        if self._strangers.get(process, 0.0) > now:
            return False
        parent = process
        for _ in range(_MOST_PARENTS):
            parent = _parent(parent)
            if parent == self._daemon:
                return True
            if parent <= 1:
                break
        if len(self._strangers) >= _MOST_STRANGERS:
            self._strangers.clear()
        self._strangers[process] = now + _SHORT
        return False

    def may_begin(self, file: int, process: int) -> bool:
        """Say whether an open may belong to a new start of the daemon, which has ended.

        That is what the first process opens, the interpreter itself, and what it opens
        for the superuser: else nothing could ever end a policy that denies.
        """
        try:
            if process == 1 or os.readlink(b"/proc/self/fd/%d" % file) == self._program:
                return True
            if process <= 0 or os.stat(f"/proc/{process}").st_uid:
                return False
            return os.readlink(b"/proc/%d/exe" % process) == self._program
        except OSError:
            return False

    def _is_outside(self, file: int) -> bool:
        if not self._looks_at_paths:
            return False
        try:
            path = os.readlink(b"/proc/self/fd/%d" % file)
        except OSError:
            return False
        if self._roots and not any(_is_below(path, root) for root in self._roots):
            return True
        if any(_is_below(path, apart) for apart in self._apart):
            return True
        return self._fits is not None and self._fits(os.fsdecode(path))

    def _is_chosen(self, process: int) -> bool:
        with suppress(OSError):
            if self._users and os.stat(f"/proc/{process}").st_uid in self._users:
                return True
            if self._programs:
                return os.readlink(b"/proc/%d/exe" % process) in self._programs
        return False


def _is_below(path: bytes, root: bytes) -> bool:
    return path == root or path.startswith(root.rstrip(b"/") + b"/")


def _parent(process: int) -> int:
    """The number of the process that started another; 0 if it is not known."""
    try:
        opened = os.open(f"/proc/{process}/stat", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return 0
    try:
        fields = os.read(opened, 1024).rpartition(b")")[2].split()
        return int(fields[_PARENT])
    except (OSError, ValueError, IndexError):
        return 0
    finally:
        os.close(opened)
