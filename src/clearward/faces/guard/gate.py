"""The gate: the one process that takes events and answers them.

It is small so that nothing can stop it: it holds all it needs in memory that is not
paged out, opens nothing but procfs, writes to no disk, and waits for nobody. Whoever
does the work behind it may be stopped, killed, out of memory or stuck: a question that
is not answered in time is answered by the policy. What can still happen to the gate
itself happens to its standby as well only if somebody means it.

The daemon ended without a word: if the policy allows, everybody is let through and the
gate ends, else it stays, and denies what it does not remember.
"""

import ctypes
import gc
import os
import resource
import select
import signal
import socket
import struct
from contextlib import suppress
from time import monotonic

from clearward.core.errors import ClearwardError
from clearward.faces.guard import protocol
from clearward.faces.guard.board import Board, Number
from clearward.faces.guard.keeper import Keeper
from clearward.faces.guard.protocol import MOST, Hello, Late, Marked, Message, Settings
from clearward.faces.guard.standby import keep_only, patience, stand_by
from clearward.jail import fanotify

GROUP, CHANNEL, BOARD = 3, 4, 5  # descriptors it is started with
_DESCRIPTORS = 65536
_BUFFER = 4 << 20  # bytes of questions on their way
_FEW = 32  # messages at a time, then the events have their turn again
_LEAST_SILENCE = 1.0  # seconds: a daemon that swaps rules is busy
_LOCK_EVERYTHING = 3  # MCL_CURRENT | MCL_FUTURE, mlockall(2)
_PRIORITY = -10
_ONE = struct.Struct("=i")
_STANDARD_ERROR = 2
_SO_SNDBUFFORCE = 32  # asm-generic/socket.h


def main() -> None:
    """Be the gate, and keep a standby; the daemon has sent the settings."""
    channel = socket.socket(fileno=CHANNEL)
    settings = Settings.from_bytes(channel.recv(MOST))
    # Not by flags of calls: `send_fds` and `recv_fds` take them, and drop them.
    channel.settimeout(0)
    if os.fork():  # nobody's child, so nobody waits for it and nobody takes it along
        os._exit(0)
    board = Board(BOARD)
    os.close(BOARD)
    gate = Gate(channel, board, settings)
    _harden()
    gc.freeze()
    gc.disable()  # nothing here goes in circles
    followed = False
    while True:
        itself = os.pidfd_open(os.getpid())
        board.beat(Number.GATE_BEAT)
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            keep_only(GROUP, CHANNEL, itself)
            _harden()
            stand_by(board, itself, settings.deadline)
            os.close(itself)
            gate.follow()
            followed = True
            continue
        os.close(itself)
        gate.serve(child, greet=not followed)
        followed = True


class Gate:
    """The loop.

    Args:
        channel: to the daemon.
        board: shared memory.
        settings: what was chosen.
    """

    def __init__(
        self, channel: socket.socket, board: Board, settings: Settings
    ) -> None:
        self._channel = channel
        self._board = board
        self._settings = settings
        self._keeper = Keeper(GROUP, board, settings, self._send)
        self._tick = patience(settings.deadline) / 4
        self._most_silence = max(settings.deadline, _LEAST_SILENCE)
        for option in (socket.SO_SNDBUF, _SO_SNDBUFFORCE):
            with suppress(OSError):  # the latter needs CAP_NET_ADMIN
                channel.setsockopt(socket.SOL_SOCKET, option, _BUFFER)

    def follow(self) -> None:
        """Take the place of a gate that is gone."""
        self._board.beat(Number.GATE_BEAT)
        self._keeper.begin_again()
        _complain("the gate had to be followed by its standby")
        self._send(Hello(os.getpid()))

    def serve(self, standby: int, *, greet: bool) -> None:
        """Answer events until the standby ends, which then needs a new one."""
        signal.signal(signal.SIGTERM, self._stop)
        watched = os.pidfd_open(standby)
        poller = select.epoll()
        poller.register(GROUP, select.EPOLLIN)
        poller.register(watched, select.EPOLLIN)
        if not self._keeper.alone:
            poller.register(CHANNEL, select.EPOLLIN)
        if greet:
            self._send(Hello(os.getpid()))
        ready: set[int] = set()
        while watched not in ready:
            ready = {number for number, _ in poller.poll(self._patience())}
            self._board.beat(Number.GATE_BEAT)
            if GROUP in ready:
                self._keeper.take()
            if CHANNEL in ready and not self._hear():
                poller.unregister(CHANNEL)
                self._be_alone()
            self._look()
        os.waitpid(standby, 0)
        os.close(watched)
        poller.close()

    def _patience(self) -> float:
        """Seconds until there is something to do, whatever happens."""
        due = self._keeper.next_due()
        if due is None:
            return self._tick
        return max(min(due - monotonic(), self._tick), 0.001)

    def _look(self) -> None:
        """See who has waited too long, and whether the daemon is still there."""
        for number in self._keeper.late():
            self._send(Late(number))
        if self._keeper.alone:
            return
        unheard = self._board.silence(Number.DAEMON_BEAT) > self._most_silence
        if unheard != self._keeper.unheard:
            self._keeper.unheard = unheard
            side = "allowed" if self._settings.allow else "denied"
            _complain(
                f"the daemon stands still: what is not remembered is {side}"
                if unheard
                else "the daemon is back"
            )

    def _hear(self) -> bool:
        """Take messages; say whether the daemon is still there."""
        for _ in range(_FEW):
            try:
                data, files, _, _ = socket.recv_fds(self._channel, MOST, 1)
            except BlockingIOError:
                return True
            except ConnectionError:
                return False
            if not data:
                return False
            try:
                self._do(protocol.decode(data), files)
            finally:
                for file in files:
                    os.close(file)
        return True

    def _do(self, message: Message, files: list[int]) -> None:
        match message:
            case protocol.Answer():
                self._keeper.answered(message)
            case protocol.Learn() if files:
                self._keeper.learned(message, files[0])
            case protocol.Mark() if files:
                self._send(Marked(message.number, self._mark(message, files[0])))
            case protocol.Ping():
                self._send(Marked(message.number, 0))
            case protocol.Trust():
                self._keeper.trusted.add(message.device)
            case protocol.Forget():
                self._keeper.forget()
            case protocol.End():
                self._stop()
            case _:
                raise ClearwardError("a message that no daemon sends")

    def _mark(self, wanted: protocol.Mark, place: int) -> int:
        try:
            fanotify.mark(GROUP, fanotify.How(wanted.how), wanted.mask, place)
            if wanted.trusted:
                self._keeper.trusted.add(os.fstat(place).st_dev)
        except OSError as error:
            return error.errno or 1
        return 0

    def _be_alone(self) -> None:
        """Do what the policy says about a daemon that has ended without a word."""
        self._keeper.alone = self._keeper.unheard = True
        self._keeper.release()
        if self._settings.allow:
            _complain("the daemon has ended: files are opened unwatched")
            self._stop()
        _complain("the daemon has ended: what is not remembered is denied")

    def _send(self, message: Message, *files: int) -> bool:
        """Send, and never wait; say whether it could be done."""
        data = protocol.encode(message)
        # Not `send_fds`, which takes as long again.
        rights = [
            (socket.SOL_SOCKET, socket.SCM_RIGHTS, _ONE.pack(file)) for file in files
        ]
        try:
            self._channel.sendmsg([data], rights)
        except OSError:
            return False
        return True

    def _stop(self, *_: object) -> None:
        """End. The kernel lets everybody through once the last descriptor is closed."""
        self._board.numbers[Number.ENDING] = 1
        os._exit(0)


def _harden() -> None:
    """Do what keeps a process running; what is not allowed here is done without."""
    for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGPIPE, signal.SIGIO):
        signal.signal(ignored, signal.SIG_IGN)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (_DESCRIPTORS, _DESCRIPTORS))
    with (
        suppress(OSError),
        open("/proc/self/oom_score_adj", "w", encoding="ascii") as f,
    ):
        f.write("-1000")
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, _PRIORITY)
    ctypes.CDLL(None).mlockall(_LOCK_EVERYTHING)


def _complain(said: str) -> None:
    """Write a line to standard error, if that does not mean to wait."""
    poller = select.poll()
    poller.register(_STANDARD_ERROR, select.POLLOUT)
    with suppress(OSError):
        if poller.poll(0):
            os.write(_STANDARD_ERROR, f"clearward: guard: {said}\n".encode())
