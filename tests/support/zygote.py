"""A zygote whose workers are threads that follow a script.

They talk to the pool over real socket pairs, so everything but the process is real.
"""

import os
import signal
import socket
import threading
from array import array
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from clearward.jail.lane import Lane
from clearward.jail.spawn import Forked, Zygote
from clearward.jail.wire import (
    BATCH,
    Code,
    Job,
    decode_request,
    encode_answer,
    encode_rules,
    encode_run,
)

# Above the largest process number there is, so that no signal goes to anybody.
NOBODY = 1 << 22


@dataclass(frozen=True, slots=True)
class Asked:
    """One file that a scripted worker was asked about.

    Attributes:
        job: what was asked for.
        identifier: to be used in the answer.
        size: as the broker measured it.
        content: the first bytes of the file.
        singly: it has to be answered by itself.
        share: which share of it is asked for.
        shares: how many there are; 1 if it may be shared, 0 if not.
        spent: milliseconds of its time that are gone.
    """

    job: Job
    identifier: int
    size: int
    content: bytes
    singly: bool
    share: int = 0
    shares: int = 0
    spent: int = 0


class Worker:
    """What a script can do: see what it is asked, and answer."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel

    def asked(self) -> Iterator[Asked]:
        """Every file, until the broker closes the channel."""
        space = socket.CMSG_SPACE(BATCH * array("i").itemsize)
        with suppress(OSError):
            while True:
                message, ancillary, _, _ = self._channel.recvmsg(4096, space)
                if not message:
                    return
                files = array("i")
                for _, _, data in ancillary:
                    files.frombytes(data)
                # Read and closed at once: nothing of the broker's stays open here.
                contents = [os.pread(file, 100, 0) for file in files]
                for file in files:
                    os.close(file)
                request = decode_request(message)
                together = zip(request.sizes, contents, strict=True)
                for number, (size, content) in enumerate(together, request.first):
                    yield Asked(
                        request.job,
                        number,
                        size,
                        content,
                        request.singly,
                        request.share,
                        request.shares,
                        request.spent,
                    )

    def send(self, message: bytes) -> None:
        """Say anything at all."""
        with suppress(OSError):
            self._channel.send(message)

    def begins(self, asked: Asked) -> None:
        """Say that this file takes longer, so that what happens now is its doing."""
        self.send(encode_run(asked.identifier, 0, longer=True))

    def answer(self, asked: Asked, rule: int | None = None, reasons: int = 0) -> None:
        """Give an honest answer."""
        self.send(honest(asked, rule, reasons))


Script = Callable[[Worker], None]


def honest(asked: Asked, rule: int | None = None, reasons: int = 0) -> bytes:
    """The honest answer for a file."""
    rules = [] if rule is None else [rule]
    code = Code.FOUND if rules else Code.UNSCANNED if reasons else Code.CLEAN
    message = encode_answer(asked.identifier, code, rules, (reasons, 0, 1))
    return message if asked.job is Job.SCAN else message + encode_rules(rules)


def good(worker: Worker) -> None:
    """Every file is clean."""
    for asked in worker.asked():
        worker.answer(asked)


def dies_after(count: int, *, begun: bool = True) -> Script:
    """A worker that ends once it has answered a number of files and has another.

    Args:
        count: how many.
        begun: it says that it has begun that other one.
    """

    def script(worker: Worker) -> None:
        for index, asked in enumerate(worker.asked()):
            if index == count:
                if begun:
                    worker.begins(asked)
                return
            worker.answer(asked)

    return script


def dies_at(content: bytes) -> Script:
    """A worker that ends at one file, wherever it meets it, before it says anything."""

    def script(worker: Worker) -> None:
        for asked in worker.asked():
            if asked.content == content:
                return
            worker.answer(asked)

    return script


def says(message: bytes, after: int = 0, *, begun: bool = True) -> Script:
    """A worker that after some honest answers says something else.

    Args:
        message: what it says.
        after: how many files it answers honestly.
        begun: before, it says that it has begun the next one.
    """

    def script(worker: Worker) -> None:
        for index, asked in enumerate(worker.asked()):
            if index == after:
                if begun:
                    worker.begins(asked)
                worker.send(message)
            else:
                worker.answer(asked)

    return script


def answers(give: Callable[[Asked], bytes]) -> Script:
    """A worker with an answer of its own for each file."""

    def script(worker: Worker) -> None:
        for asked in worker.asked():
            worker.send(give(asked))

    return script


class ScriptedZygote:
    """Forks threads.

    Args:
        scripts: for its workers in turn; the last one again and again.
        status: the wait status of each worker.

    Attributes:
        forked: workers forked so far.
        reaped: their numbers, in the order in which they were reaped.
        asked: numbers of the rules that it was to load; there are those below 3.
    """

    def __init__(self, *scripts: Script, status: int = signal.SIGKILL) -> None:
        self._scripts = scripts
        self._status = status
        self._threads: list[threading.Thread] = []
        self.reaped: list[int] = []
        self.asked: list[int] = []

    @property
    def forked(self) -> int:
        """How many workers were forked."""
        return len(self._threads)

    def fork(self) -> Forked:
        """Start a thread that plays the worker."""
        script = self._scripts[min(self.forked, len(self._scripts) - 1)]
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

        def play() -> None:
            with theirs:
                script(Worker(theirs))

        thread = threading.Thread(target=play)
        self._threads.append(thread)
        thread.start()
        return Forked(NOBODY + self.forked, ours)

    def load_more(self, partition: int) -> bool:
        """Note what is to be loaded."""
        self.asked.append(partition)
        return partition < 3

    def reap(self, process: int) -> int:
        """Note who is reaped."""
        assert process not in self.reaped
        self.reaped.append(process)
        return self._status

    def close(self) -> None:
        """End; the pool has closed every channel."""
        self.join(self.forked)

    def join(self, count: int) -> None:
        """Wait for the first few workers to end."""
        for thread in self._threads[:count]:
            thread.join(10)
            assert not thread.is_alive()


def lane(zygote: ScriptedZygote) -> Lane:
    """A lane of the pool whose workers follow a script."""
    return Lane(lambda: cast("Zygote", zygote))
