"""Keeps marks on the mounts that belong to the guarded paths, also on new ones.

Nothing of what happens to be mounted later is left out: the kernel says when the list
of mounts changes, as an exceptional condition on the file that holds it.

Source: proc_pid_mountinfo(5).
"""

import asyncio
import os
import select
from collections.abc import Awaitable, Callable
from contextlib import suppress

from clearward.core.errors import Refused
from clearward.faces.guard.marks import Mount, Root, mount_number, mounts, watched
from clearward.faces.guard.seen import Trouble
from clearward.faces.text import shown

Watch = Callable[[int, bool], Awaitable[str]]


class Places:
    """The mounts that are watched.

    Args:
        roots: the guarded paths.
        watch: puts a mark on the mount of an open folder; is also told whether times
            of files there move with every change; returns what is wrong, or nothing.
        tell: is told of mounts that cannot be watched.
    """

    def __init__(
        self,
        roots: tuple[Root, ...],
        watch: Watch,
        tell: Callable[[Trouble], None],
    ) -> None:
        self._roots = roots
        self._watch = watch
        self._tell = tell
        self._known: set[int] = set()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Watch what is mounted now, and begin to look for more.

        Raises:
            Refused: the mount of one of the paths cannot be watched.
        """
        self._loop = asyncio.get_running_loop()
        self._list = os.open("/proc/self/mountinfo", os.O_RDONLY | os.O_CLOEXEC)
        self._poller = select.epoll()
        self._poller.register(self._list, select.EPOLLPRI | select.EPOLLERR)
        self._poller.poll(0)
        for mount in watched(self._roots, mounts()):
            said = await self._add(mount)
            if said and any(mount.number == root.mount for root in self._roots):
                raise Refused(f"{shown(mount.place)}: cannot be guarded: {said}")
            if said:
                self._complain(mount, said)
        self._loop.add_reader(self._poller, self._changed)

    def close(self) -> None:
        """Look for no more."""
        self._loop.remove_reader(self._poller)
        self._poller.close()
        os.close(self._list)
        if self._task is not None:
            self._task.cancel()

    def _changed(self) -> None:
        with suppress(OSError):
            self._poller.poll(0)
        if self._task is None or self._task.done():
            self._task = self._loop.create_task(self._look())

    async def _look(self) -> None:
        now = watched(self._roots, mounts())
        self._known &= {mount.number for mount in now}
        for mount in now:
            if mount.number not in self._known:
                said = await self._add(mount)
                if said:
                    self._complain(mount, said)

    async def _add(self, mount: Mount) -> str:
        """Watch one mount; say what is wrong, or nothing."""
        self._known.add(mount.number)
        try:
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
            place = os.open(mount.place, flags)
        except OSError as error:
            return error.strerror or "?"
        try:
            if mount_number(place) != mount.number:
                return ""  # another one lies over it
            return await self._watch(place, mount.word == "trusted")
        finally:
            os.close(place)

    def _complain(self, mount: Mount, said: str) -> None:
        self._tell(Trouble("mount", f"{shown(mount.place)}: is not watched: {said}"))
