"""Talk to a zygote, from outside the jail."""

import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass

from clearward.core.errors import Unavailable
from clearward.core.names import Table
from clearward.jail import control
from clearward.jail.control import Given, Progress, Settings, SourceHead, Written
from clearward.jail.launch import Launched
from clearward.jail.nice import standing_back
from clearward.jail.wire import LOCKED

_SEND_BUFFER = 1 << 20
LOAD_SECONDS = 600.0
WRITE_SECONDS = 600.0  # between two words of it
FORK_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Forked:
    """A worker, as the broker holds it.

    Attributes:
        process: its process number; it stays taken until it is reaped.
        channel: the broker's end of its socket pair.
    """

    process: int
    channel: socket.socket


class Zygote:
    """A zygote process: give it rules, then let it fork workers.

    It prepares itself while the caller goes on.

    Args:
        settings: how its workers scan.
        launched: its process; a light one is started if there is none yet.

    Attributes:
        process: its process number.

    Raises:
        Unavailable: the process could not be started.
    """

    def __init__(self, settings: Settings, launched: Launched | None = None) -> None:
        self._settings = settings
        self._launched = launched or Launched()
        self._channel = self._launched.channel
        self.process = self._launched.process
        self._begun = False

    def fileno(self) -> int:
        """The descriptor that is readable once it has something to say."""
        return self._channel.fileno()

    def add_source(self, head: SourceHead, file: int) -> None:
        """Hand over a rule source. The descriptor stays the caller's.

        Raises:
            Unavailable: the zygote has gone.
        """
        self._send(control.encode("S", head), file)

    def begin(self) -> None:
        """Let it compile what was handed over, without waiting; once is enough.

        Raises:
            Unavailable: it has gone.
        """
        if not self._begun:
            self._send(control.encode("C", self._settings))
            self._begun = True

    def load(
        self, meanwhile: Callable[[], None] | None = None, *, nice: int = 0
    ) -> tuple[Table, Given]:
        """Let it compile what was handed over, and wait until it is ready.

        Args:
            meanwhile: is done while it works; what it raises is passed on.
            nice: how far it stands back behind others until then, as nice(1) has it,
                where we may take that back afterwards.

        Raises:
            Unavailable: it has gone, cannot go on, or takes too long.
        """
        with standing_back(self.process, nice):
            self.begin()
            if meanwhile is not None:
                meanwhile()
            table, message = self._outcome(LOAD_SECONDS)
        try:
            return Table.from_json(table), control.decode_given(message[1:])
        except (ValueError, TypeError) as error:
            raise Unavailable("the jail answered with something else") from error

    def write_image(
        self, file: int, show: Callable[[Progress], None]
    ) -> tuple[Table, Written]:
        """Let it compile what was handed over into an image; it is of no more use then.

        Args:
            file: descriptor of an empty file, which is the caller's.
            show: is told how far it is.

        Returns:
            Problems and the like, but no rules; and what was written.

        Raises:
            Unavailable: it has gone, cannot go on, or takes too long.
        """
        self._send(b"W", file)
        table, message = self._outcome(WRITE_SECONDS, show)
        try:
            return Table.from_json(table), control.decode_written(message[1:])
        except (ValueError, TypeError) as error:
            raise Unavailable("the jail answered with something else") from error

    def fork(self) -> Forked:
        """Let it fork a worker, and wait until the worker has locked itself.

        Raises:
            Unavailable: the zygote has gone, or the worker could not lock itself.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        self._channel.settimeout(FORK_SECONDS)
        try:
            self._send(b"F", theirs.fileno())
            (process,) = control.NUMBER.unpack(self._expect(b"P"))
            theirs.close()
            _await_lock(ours)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        return Forked(process, ours)

    def load_more(self, partition: int) -> bool:
        """Let it load rules that a worker lacked; new workers have them then.

        Args:
            partition: their number, as the worker said it.

        Returns:
            False if there are no such rules.

        Raises:
            Unavailable: the zygote has gone, or cannot load them.
        """
        self._channel.settimeout(LOAD_SECONDS)
        self._send(b"L" + control.NUMBER.pack(partition))
        message = self._receive()
        if message[:1] == b"X":
            raise Unavailable(_refusal(message))
        if message[:1] != b"L":
            raise Unavailable("the jail answered with something else")
        return bool(control.NUMBER.unpack(message[1:])[0])

    def reap(self, process: int) -> int:
        """Wait for a worker that was killed or has died; return its wait status.

        Raises:
            Unavailable: the zygote has gone.
        """
        self._channel.settimeout(FORK_SECONDS)
        self._send(b"R" + control.NUMBER.pack(process))
        (status,) = control.NUMBER.unpack(self._expect(b"R"))
        return int(status)

    def close(self) -> None:
        """End it and everything it forked, and wait until it is gone."""
        self._launched.end()

    def _outcome(
        self, seconds: float, show: Callable[[Progress], None] | None = None
    ) -> tuple[bytes, bytes]:
        """Wait for a table and the message behind it."""
        self._channel.settimeout(seconds)
        table = bytearray()
        while True:
            message = self._receive()
            if message[:1] == b"T":
                table += message[1:]
                _check_table(len(table), len(message))
            elif message[:1] == b"I" and show is not None:
                try:
                    show(control.decode_progress(message[1:]))
                except ValueError as error:
                    text = "the jail answered with something else"
                    raise Unavailable(text) from error
            else:
                break
        if message[:1] == b"X":
            raise Unavailable(_refusal(message))
        return bytes(table), message

    def _send(self, message: bytes, file: int | None = None) -> None:
        try:
            socket.send_fds(self._channel, [message], [] if file is None else [file])
        except OSError as error:
            raise Unavailable("the jail ended unexpectedly") from error

    def _expect(self, kind: bytes) -> bytes:
        message = self._receive()
        if message[:1] != kind:
            raise Unavailable("the jail answered with something else")
        return message[1:]

    def _receive(self) -> bytes:
        try:
            message = self._channel.recv(control.MOST_MESSAGE)
        except TimeoutError as error:
            raise Unavailable("the jail did not answer in time") from error
        except OSError as error:
            raise Unavailable("the jail ended unexpectedly") from error
        if not message:
            raise Unavailable("the jail ended unexpectedly")
        return message


def ending(status: int) -> str:
    """How a process ended, such as ``"SIGSYS"`` or ``"exit 70"``.

    A worker may send itself a signal that has no name.

    Args:
        status: as wait(2) gave it.
    """
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return f"exit {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _check_table(size: int, message: int) -> None:
    """Refuse a name table that would not end.

    Args:
        size: bytes of it so far.
        message: bytes of its last piece, with the kind of the message.

    Raises:
        Unavailable: it is too large, or does not grow.
    """
    if message <= 1:
        raise Unavailable("the jail answered with something else")
    if size > control.MOST_TABLE:
        raise Unavailable(
            "the rules have more names than can be kept; compile them into an image "
            "(clearward rules compile SRC... -o FILE.cwr)"
        )


def _refusal(message: bytes) -> str:
    reason = message[1:].decode("utf-8", errors="replace")
    return f"the rules could not be loaded: {reason}"


def _await_lock(worker: socket.socket) -> None:
    """Wait until a worker says that it is locked."""
    worker.settimeout(FORK_SECONDS)
    try:
        said = worker.recv(len(LOCKED))
    except OSError:
        said = b""
    if said != LOCKED:
        raise Unavailable("a worker could not lock itself")
    worker.settimeout(None)
