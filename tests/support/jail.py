"""A real zygote with its workers, for tests that need real processes."""

import os
import select
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from clearward.core.limits import Limits
from clearward.core.names import Table
from clearward.jail.broker import Entry, OpenFile, open_file
from clearward.jail.control import Given, Settings, SourceHead
from clearward.jail.lane import Lane
from clearward.jail.launch import Kind, Launched
from clearward.jail.pool import Pool
from clearward.jail.scanned import Scanned
from clearward.jail.spawn import Forked, Zygote
from clearward.jail.wire import Job, Run, decode_answer

END_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Jail:
    """A zygote that is ready, and a pool of its workers.

    Attributes:
        zygote: the process.
        pool: its workers.
        table: the name table.
        given: what it gave up.
    """

    zygote: Zygote
    pool: Pool
    table: Table
    given: Given

    def scan(self, *paths: Path | str) -> list[Scanned]:
        """Scan some files; the results are in the order of the paths."""
        results = list(self.pool.scan(opened(*paths)))
        by_path = {one.entry.path: one for one in results}
        assert len(by_path) == len(results) == len(paths)
        return [by_path[os.fsencode(path)] for path in paths]


@contextmanager
def jail(
    *rules: Path,
    limits: Limits | None = None,
    job: Job = Job.SCAN,
    jobs: int = 1,
    attacks: bool = False,
) -> Iterator[Jail]:
    """Start a zygote with some rule files; everything is gone at the end."""
    limits = limits or Limits()
    kind = Kind.ATTACKS if attacks else Kind.LIGHT
    zygote = Zygote(Settings(limits=limits), Launched(kind))
    try:
        for number, path in enumerate(rules):
            with path.open("rb") as file:
                size = path.stat().st_size
                head = SourceHead(number, path.name, "yara", "local", size)
                zygote.add_source(head, file.fileno())
        table, given = zygote.load()
        pool = Pool(
            (Lane(lambda: zygote),),
            len(table.rules),
            jobs=jobs,
            job=job,
            seconds=limits.seconds,
        )
        try:
            yield Jail(zygote, pool, table, given)
        finally:
            pool.close()
    finally:
        zygote.close()


def heard(worker: Forked, files: int) -> Iterator[bytes]:
    """Every message of a worker until it has answered for so many files."""
    while files > 0:
        message = worker.channel.recv(1 << 20)
        answer = decode_answer(message, Job.SCAN, 1 << 31)
        files -= answer.count if isinstance(answer, Run) else 1
        yield message


def opened(*paths: Path | str) -> Iterator[Entry]:
    """Each file, opened by the broker when it is asked for."""
    for path in paths:
        name = os.fsencode(path)
        yield open_file(name, name, None, None)


def handed(descriptor: int, path: bytes, size: int) -> Entry:
    """A descriptor as if the broker had opened it and seen that size."""
    return OpenFile(path, descriptor, size, os.fstat(descriptor))


def watch(process: int) -> int:
    """A descriptor that tells when a process has ended; close it with `ended`."""
    return os.pidfd_open(process)


def ended(watched: Sequence[int]) -> bool:
    """Wait until all watched processes have ended; say whether they did."""
    try:
        for descriptor in watched:
            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            if not poll.poll(END_SECONDS * 1000):
                return False
        return True
    finally:
        for descriptor in watched:
            os.close(descriptor)


def session(leader: int) -> set[int]:
    """The processes of a session that still run."""
    found = set()
    for name in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError), open(f"/proc/{name}/stat", encoding="utf-8") as file:
            # The name may hold anything; the fields behind it do not.
            fields = file.read().rpartition(")")[2].split()
            if int(fields[3]) == leader and fields[0] not in "ZX":
                found.add(int(name))
    return found
