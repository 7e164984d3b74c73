"""The clean process from which workers are forked.

Started by exec with one socket and an empty environment, so that nothing of the broker
is in its memory. It imports and warms up every library, gives up what it can, and only
then reads rules; after that it forks a worker whenever the broker asks for one.

The first argument is its kind, see `Kind`; `HEAVY` may be a second one. The collector
of circles is off.
"""

import gc
import os
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from clearward.core.limits import Limits
from clearward.core.names import Table
from clearward.engine.scan import Engine
from clearward.formats import passwords
from clearward.formats.identify import MARKS
from clearward.jail import control, lock, namespaces, warm, worker
from clearward.jail.control import Given, Settings
from clearward.jail.launch import HEAVY, Kind
from clearward.jail.receiving import Told, receive
from clearward.rules.compile import compile_rules
from clearward.rules.unloaded import Unloaded

CHANNEL = 3
COMPILE_MEMORY = 2 << 30  # bytes of data; what rules are compiled with
_COLLECT_AFTER = 50_000  # new objects; the default of 700 looks for circles too often
_SIGNING = frozenset(Kind) - {Kind.LIGHT, Kind.EXTRACT}


def main() -> None:
    """Run until the broker closes the channel."""
    kind = Kind(sys.argv[1])
    os.closerange(CHANNEL + 1, 1 << 20)
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, fileno=CHANNEL)
    statm = os.open("/proc/self/statm", os.O_RDONLY)  # the last that is its own
    warm.warm_up(heavy=HEAVY in sys.argv[2:])
    signing = Signing(kind) if kind in _SIGNING else None
    other = _OTHERS[kind]() if kind in _OTHERS else None
    given = give_up(other.names if other is not None else ())
    told = receive(channel)
    if told is not None and isinstance(told.task, int):
        write(channel, told.task, told, signing)
    if told is None or isinstance(told.task, int):
        os._exit(0)  # as at the end
    limits = told.task.limits
    engine, table = ready(channel, told.task, told, signing)
    del told  # hundreds of megabytes, perhaps
    os.closerange(statm + 1, 1 << 20)  # images are mapped, and need not stay open
    # What exists now lives until the end; a file leaves hardly any circles behind.
    gc.freeze()
    gc.enable()
    gc.set_threshold(_COLLECT_AFTER)
    given = replace(given, matcher=signing.matcher if signing else "")
    tell_table(channel, table)
    channel.send(control.encode("G", given))

    def how() -> worker.Lock:
        return worker_lock(statm, limits, required=given.seccomp)

    # A worker's channel takes the place of the zygote's own, under the same number, so
    # the same object serves both: making one asks the kernel what is forbidden here.
    work = partial(worker.serve, channel, engine)
    if other is not None:
        work = partial(other.serve, channel, limits)
    serve(channel, how, work, engine.load)
    # No tidy end: showing a socket that is still open would ask for its name.
    os._exit(0)


class Signing:
    """What ClamAV's signatures and images need, imported only where they are wanted."""

    def __init__(self, kind: Kind) -> None:
        from clearward.engine.lookers import looker  # noqa: PLC0415
        from clearward.jail.images import mapped  # noqa: PLC0415
        from clearward.native.chosen import BACKEND  # noqa: PLC0415

        self.looker = looker
        self.matcher = BACKEND
        self.mapped = mapped
        self.yara_version = warm.yara_version()
        light = (Kind.IMAGES, Kind.LINT)
        self.compiling = Compiling() if kind not in light else None
        self.lint = Linting() if kind is Kind.LINT else None


class Compiling:
    """What compiles ClamAV's signatures, and images."""

    def __init__(self) -> None:
        from clearward.jail.image_writing import write_image  # noqa: PLC0415
        from clearward.rules.databases import compile_databases  # noqa: PLC0415

        self.databases = compile_databases
        self.write_image = write_image


class Linting:
    """What reads rules for what they must not look for."""

    def __init__(self) -> None:
        from clearward.rules.lint.told import told  # noqa: PLC0415

        self.told = told


class Attacker:
    """The attempts of `clearward prove`, imported only where they are wanted."""

    def __init__(self) -> None:
        from clearward.jail.attacks import ATTEMPTS  # noqa: PLC0415
        from clearward.jail.attacks.serve import serve  # noqa: PLC0415

        self.names = tuple(attempt.name for attempt in ATTEMPTS if attempt.exists())
        self._serve = serve

    def serve(self, channel: socket.socket, _limits: Limits) -> None:
        """Answer the broker as a worker."""
        self._serve(channel)


class Extracting:
    """What finds indicators in texts, imported only where it is wanted."""

    def __init__(self) -> None:
        from clearward.jail.extracting import serve, warm_up  # noqa: PLC0415

        warm_up()
        self.names: tuple[str, ...] = ()  # it attempts nothing
        self.serve = serve


# What workers of some zygotes do in place of scanning.
_OTHERS: dict[Kind, type[Attacker | Extracting]] = {
    Kind.ATTACKS: Attacker,
    Kind.EXTRACT: Extracting,
}


def give_up(attempts: tuple[str, ...]) -> Given:
    """Lock this process as far as rules can still be compiled in it.

    Args:
        attempts: passed on.
    """
    lock.enter_empty_namespaces()
    entered = namespaces.numbers()
    rootless = lock.leave_root()
    nobody = lock.become_nobody()
    lock.drop_capabilities()
    lock.die_with_parent()
    lock.limit_data(COMPILE_MEMORY)
    seccomp, landlock = lock.lock_zygote()
    return Given(landlock, seccomp, nobody, rootless, entered, attempts)


def ready(
    channel: socket.socket, settings: Settings, told: Told, signing: Signing | None
) -> tuple[Engine, Table]:
    """Load rules, or say why not; return engine and names."""
    try:
        return load(settings, told, signing)
    except Exception as error:
        refuse(channel, error)
        raise


def worker_lock(statm: int, limits: Limits, *, required: bool) -> worker.Lock:
    """Say how a worker locks itself that is forked now."""
    pages = int(os.pread(statm, 256, 0).split()[5])  # of data, see proc(5)
    memory = pages * os.sysconf("SC_PAGESIZE") + limits.memory
    # A minute more than it can need; and no more than the kernel can be told.
    seconds = min(control.OLDEST + limits.seconds + 60, 1e9)
    return worker.Lock(memory, int(seconds), required=required)


def load(
    settings: Settings, told: Told, signing: Signing | None
) -> tuple[Engine, Table]:
    """Compile rule sources, which are not needed afterwards, and map images."""
    passwords.give(settings.passwords)
    images = None
    compiling = signing.compiling if signing is not None else None
    if told.images:
        if signing is None:
            raise ValueError("nothing was loaded that reads compiled images")
        images = signing.mapped(told.images, signing.yara_version, settings)
    rules, table = compile_rules(
        told.sources if not settings.lint else (),
        test_file=settings.test_file,
        describe=settings.describe,
        unwanted=settings.unwanted,
        marks=MARKS,
        databases=compiling.databases if compiling else None,
        images=images,
    )
    if settings.lint:
        if signing is None or signing.lint is None:
            raise ValueError("nothing was loaded that reads the text of rules")
        table = signing.lint.told(told.sources)
    with suppress(Unloaded):
        rules.match(b"warm-up")
    looker = None
    asked = [*([rules.signatures] if rules.signatures else []), *rules.images]
    if signing is not None and asked:
        looker = partial(signing.looker, asked)
    return Engine(rules, settings.limits, time.monotonic, looker), table


def write(
    channel: socket.socket, file: int, told: Told, signing: Signing | None
) -> None:
    """Compile rule sources into an image and write it, or say why not."""
    if signing is None or signing.compiling is None:
        refuse(channel, ValueError("nothing was loaded that compiles images"))
        return
    try:
        table, written = signing.compiling.write_image(
            file,
            told.sources,
            signing.yara_version,
            lambda progress: channel.send(control.encode("I", progress)),
        )
    except Exception as error:
        refuse(channel, error)
        raise
    tell_table(channel, table)
    channel.send(control.encode("D", written))


def refuse(channel: socket.socket, error: Exception) -> None:
    """Say in one line why this cannot go on."""
    said = "out of memory" if isinstance(error, MemoryError) else str(error)
    text = f"{said or type(error).__name__}".partition("\n")[0]
    channel.send(b"X" + text[:300].encode(errors="replace"))


def tell_table(channel: socket.socket, table: Table) -> None:
    """Send the name table, in pieces."""
    text = table.to_json()
    for start in range(0, len(text), control.PIECE):
        channel.send(b"T" + text[start : start + control.PIECE])


def serve(
    channel: socket.socket,
    how: Callable[[], worker.Lock],
    work: Callable[[], None],
    load: Callable[[int], bool],
) -> None:
    """Fork and reap workers until the broker closes the channel.

    Args:
        channel: to the broker.
        how: a worker locks itself.
        work: what it does then.
        load: loads rules that a worker lacked.
    """
    locked = how()
    while True:
        message, files, _, _ = socket.recv_fds(channel, control.MOST_MESSAGE, 1)
        if not message:
            return
        if message[:1] == b"R":
            _, status = os.waitpid(control.NUMBER.unpack(message[1:])[0], 0)
            channel.send(b"R" + control.NUMBER.pack(status))
            continue
        if message[:1] == b"L":
            load_more(channel, control.NUMBER.unpack(message[1:])[0], load)
            locked = how()
            continue
        process = os.fork()
        if process == 0:
            worker.become_worker(files[0], locked, work)
        os.close(files[0])
        channel.send(b"P" + control.NUMBER.pack(process))


def load_more(channel: socket.socket, number: int, load: Callable[[int], bool]) -> None:
    """Load rules that a worker lacked, or say why not."""
    try:
        channel.send(b"L" + control.NUMBER.pack(load(number)))
    except Exception as error:
        refuse(channel, error)
        raise
