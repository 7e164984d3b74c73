"""Tell the service manager how the server is: ready, reloading, alive, stopping.

One datagram a message, lines of ``NAME=value``, to the socket that NOTIFY_SOCKET names:
a path, or a name in the abstract space behind an ``@``. Without that variable nothing
is sent and nothing is wrong. What the manager cannot be told is not an error either: a
server that answers is worth more than one that ends because nobody listens.

A message names nothing that comes from outside; states are words of ours and numbers.

Source: sd_notify(3), sd_watchdog_enabled(3), systemd.service(5).
"""

import asyncio
import os
import socket
import time
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass

_PATIENCE = 0.2  # seconds that a full queue of the manager is waited for
_MICROSECONDS = 1_000_000
_MOST_STATUS = 200  # characters


@dataclass(frozen=True, slots=True)
class Notifier:
    """Sends states to the service manager, or nowhere.

    Attributes:
        address: of the manager's socket, as `socket.sendto` takes it; empty for none.
        interval: seconds between two signs of life, half of what the manager allows;
            0 if it does not ask for any.
    """

    address: str = ""
    interval: float = 0.0

    def ready(self, status: str = "") -> bool:
        """Say that every face listens and the rules are loaded, or again after reload.

        Returns:
            Whether the manager was told.
        """
        return self._send("READY=1", *_status(status))

    def reloading(self) -> bool:
        """Say that a reload has begun; `ready` ends it.

        The time goes along, by which the manager knows this from an older message.
        """
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        return self._send("RELOADING=1", f"MONOTONIC_USEC={now}")

    def stopping(self) -> bool:
        """Say that the end has begun."""
        return self._send("STOPPING=1")

    def status(self, text: str) -> bool:
        """Say in a few words what is going on, for `systemctl status`."""
        return self._send(*_status(text))

    def alive(self) -> bool:
        """Give one sign of life."""
        return self._send("WATCHDOG=1")

    async def watch(self, healthy: Callable[[], bool]) -> None:
        """Give signs of life as often as they are asked for, until cancelled.

        Args:
            healthy: asked each time; a no is not hidden by a sign of life. That the
                event loop runs at all is shown by this being reached.
        """
        while self.interval:
            if healthy():
                self.alive()
            await asyncio.sleep(self.interval)

    def _send(self, *lines: str) -> bool:
        if not self.address or not lines:
            return False
        with (
            suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender,
        ):
            sender.settimeout(_PATIENCE)
            sender.sendto("\n".join(lines).encode("utf-8", "replace"), self.address)
            return True
        return False


def notifier(environment: MutableMapping[str, str]) -> Notifier:
    """Read what the manager asked for, and take it out of the environment.

    Otherwise a process that we start could speak for us.

    Args:
        environment: usually `os.environ`.
    """
    address = environment.pop("NOTIFY_SOCKET", "")
    allowed = environment.pop("WATCHDOG_USEC", "")
    process = environment.pop("WATCHDOG_PID", "")
    return Notifier(_address(address), _interval(allowed, process))


def _address(text: str) -> str:
    """Return the address to send to; empty for a kind that is not known here."""
    if text.startswith("@") and len(text) > 1:
        return "\0" + text[1:]
    return text if text.startswith("/") else ""


def _interval(allowed: str, process: str) -> float:
    """Half of the time that may pass without a sign of life, if it is asked of us."""
    if process and process != str(os.getpid()):
        return 0.0
    if not (allowed.isascii() and allowed.isdigit()):
        return 0.0
    return int(allowed) / _MICROSECONDS / 2


def _status(text: str) -> tuple[str, ...]:
    """Return the line of a state; a line break would begin another assignment."""
    words = " ".join(text.split())[:_MOST_STATUS]
    return (f"STATUS={words}",) if words else ()
