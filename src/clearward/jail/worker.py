"""The locked process: takes batches of descriptors, answers one by one.

Started by a fork of the zygote. It keeps one descriptor, number 3, its channel to the
broker; files come through it and are closed as soon as they have been looked at. They
are read with pread alone: mapping a file that somebody else cuts short would kill the
worker, and a moved offset would be seen outside.
"""

import os
import socket
import time
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from clearward.core.limits import KIB, WHOLE
from clearward.core.reader import CHUNK, Reader
from clearward.engine.result import Result
from clearward.engine.scan import QUICK, Engine
from clearward.engine.share import Numbered
from clearward.jail import explanation, lock, wire
from clearward.jail.wire import BATCH, Code, Job, Request

CHANNEL = 3
_REQUEST_SIZE = 4096
_ANCILLARY = socket.CMSG_SPACE(BATCH * array("i").itemsize)
SHARED_FROM = 256 * KIB  # bytes; smaller files are not worth the trouble
_KEPT_BACK = 0.01  # seconds for which the answer to a clean file may wait for others

FAILED = 70  # exit status of a worker that could not lock itself; EX_SOFTWARE


@dataclass(frozen=True, slots=True)
class Lock:
    """How a worker locks itself.

    Attributes:
        memory: bytes of data it may use, the zygote's own included.
        seconds: of processor time it may take in its whole life.
        required: the zygote has its filter, so the worker must get one, too.
    """

    memory: int
    seconds: int
    required: bool


def become_worker(channel: int, how: Lock, work: Callable[[], None]) -> NoReturn:
    """Lock this fork of the zygote, then work until the end of the process.

    An error prints nothing: a traceback would try to read source files.

    Args:
        channel: descriptor of the worker's end of the socket pair.
        how: what to lock.
        work: what to do behind the lock; the channel is at `CHANNEL` then.
    """
    status = FAILED
    try:
        os.dup2(channel, CHANNEL)
        os.closerange(CHANNEL + 1, 1 << 20)
        os.closerange(0, CHANNEL)
        lock.die_with_parent()
        lock.limit_worker(how.memory, how.seconds)
        lock.lock_worker(CHANNEL, required=how.required)
        work()
        status = 0
    except BaseException:  # noqa: BLE001, S110 - whatever it is, this process ends
        pass
    finally:
        os._exit(status)


def serve(channel: socket.socket, engine: Engine) -> None:
    """Answer requests until the broker closes the channel."""
    os.write(CHANNEL, wire.LOCKED)
    while True:
        message, ancillary, _, _ = channel.recvmsg(_REQUEST_SIZE, _ANCILLARY)
        if not message:
            return
        files = array("i")
        for _, _, data in ancillary:
            files.frombytes(data[: len(data) - len(data) % files.itemsize])
        if not _look(engine, wire.decode_request(message), files):
            return


def _look(engine: Engine, request: Request, files: Sequence[int]) -> bool:
    """Look at the files of one request, and close them.

    Returns:
        False if this worker is of no more use, since it lacks rules.
    """
    patience = 0.0 if request.singly else _KEPT_BACK
    plain = 0  # files right before this one whose answer was kept back
    since = 0.0
    numbered = enumerate(zip(files, request.sizes, strict=True), start=request.first)
    for identifier, (file, size) in numbered:
        if request.shares <= 1 and _is_plain(engine, request.job, file, size):
            os.close(file)
            plain += 1
            now = time.monotonic()
            if plain == 1:
                since = now
            if now - since >= patience:
                os.write(CHANNEL, wire.encode_run(identifier + 1 - plain, plain))
                plain = 0
        else:
            os.write(CHANNEL, wire.encode_run(identifier - plain, plain, longer=True))
            plain = 0
            result = _scan(engine, request, reader_of(file, size))
            os.close(file)
            os.write(CHANNEL, _encode(result, request.job, identifier))
            if result.unloaded is not None:
                return False
    if plain:
        end = request.first + len(request.sizes)
        os.write(CHANNEL, wire.encode_run(end - plain, plain))
    return True


def _is_plain(engine: Engine, job: Job, file: int, size: int) -> bool:
    """Say whether a quick look at a small file finds nothing to tell."""
    if size > QUICK or job is Job.EXPLAIN:
        return False
    try:
        # One byte of an empty file: there may be some, as in those of procfs.
        data = os.pread(file, size or 1, 0)
    except OSError:
        return False  # met again on the long way, and named
    return len(data) == size and engine.is_plain(data)


def _scan(engine: Engine, request: Request, file: Reader) -> Result:
    """Look at one file for as long as it takes."""
    job = request.job
    if request.shares > 1:
        return engine.scan_share(file, Numbered(request.share, request.shares))
    if request.shares and file.size >= SHARED_FROM and engine.may_be_shared(file):
        return Result(shares=True)
    return engine.scan(
        file,
        every=job is not Job.SCAN,
        explain=job is Job.EXPLAIN,
        spent=request.spent / 1000,
    )


def reader_of(file: int, size: int) -> Reader:
    """Return what reads a file by its descriptor, and never moves its position."""

    def read(offset: int, length: int) -> bytes:
        return os.pread(file, length, offset)

    if size == 0:
        try:
            if start := read(0, CHUNK):
                return _unsized(file, start)
        except OSError as error:
            return _unreadable(error)
    return Reader(read, size)


def _unreadable(error: OSError) -> Reader:
    """Leave an error to the engine, which knows what to say about it."""

    def read(_offset: int, _length: int) -> bytes:
        raise error

    return Reader(read, 1)


def _unsized(file: int, start: bytes) -> Reader:
    """Read a file that says it is empty and is not, as those of procfs do.

    More than `WHOLE` bytes of it are not read; the size that the reader then claims
    is one too many, so the file counts as changed and never as clean.
    """
    pieces = [start]
    size = len(start)
    while size <= WHOLE and (piece := os.pread(file, CHUNK, size)):
        pieces.append(piece)
        size += len(piece)
    data = b"".join(pieces)
    if size <= WHOLE:
        return Reader.of(data)
    return Reader(lambda offset, length: data[offset : offset + length], size + 1)


def _encode(result: Result, job: Job, identifier: int) -> bytes:
    if result.unloaded is not None:
        return wire.encode_unloaded(identifier, result.unloaded)
    if instead := _instead(result):
        return wire.encode_answer(identifier, instead, [], (0, 0, 0))
    rules = list(result.rules)
    code = Code.FOUND if rules else Code.UNSCANNED if result.reasons else Code.CLEAN
    fixed = (int(result.reasons), result.depth, result.parts)
    answer = wire.encode_answer(identifier, code, rules, fixed)
    if job is Job.SCAN:
        return answer
    answer += wire.encode_rules(rules)
    if result.explanation is not None:
        answer += explanation.encode(result.explanation)
    return answer


def _instead(result: Result) -> Code | None:
    """What is said in place of a verdict, if there is none."""
    said = (
        (result.heavy, Code.HEAVY),
        (result.whole, Code.WHOLE),
        (result.shares, Code.SHARES),
    )
    return next((code for true, code in said if true), None)
