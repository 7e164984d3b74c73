"""Run a command and measure it: wall and CPU seconds, memory of its whole family."""

import os
import resource
import statistics
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from typing_extensions import override

_SAMPLE_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Measured:
    """One run.

    Attributes:
        wall: seconds.
        cpu: seconds of user and system, the whole family.
        out: standard output.
        status: exit status.
        pss: most proportional memory of the whole family at one time, bytes; 0 if it
            was not sampled.
        largest: most resident memory of any single process, bytes; 0 likewise.
    """

    wall: float
    cpu: float
    out: bytes
    status: int
    pss: int = 0
    largest: int = 0


def run(command: Sequence[str | Path], *, memory: bool = False) -> Measured:
    """Run a command to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    sampler = _Sampler(process.pid) if memory else None
    out, _ = process.communicate()
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if sampler is None:
        return Measured(wall, cpu, out, process.returncode)
    pss, largest = sampler.finish()
    return Measured(wall, cpu, out, process.returncode, pss, largest)


def median(runs: Sequence[Measured], field: str) -> float:
    """The median of one field over several runs."""
    return float(statistics.median(getattr(run, field) for run in runs))


class _Sampler(threading.Thread):
    """Adds up the memory of a process and everything below it, again and again."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._process = process
        self._done = threading.Event()
        self._pss = 0
        self._largest = 0
        self.start()

    @override
    def run(self) -> None:
        while not self._done.wait(_SAMPLE_SECONDS):
            pss = 0
            for process in family(self._process):
                one, resident = memory(process)
                pss += one
                self._largest = max(self._largest, resident)
            self._pss = max(self._pss, pss)

    def finish(self) -> tuple[int, int]:
        self._done.set()
        self.join()
        return self._pss, self._largest


def family(process: int) -> set[int]:
    """A process and all its descendants."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = Path(f"/proc/{entry}/stat").read_text()
            except OSError:
                continue
            parents[int(entry)] = int(stat.rpartition(")")[2].split()[1])
    found = {process}
    while (
        more := {child for child, parent in parents.items() if parent in found} - found
    ):
        found |= more
    return found


def memory(process: int) -> tuple[int, int]:
    """Proportional and resident bytes of one process."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0, 0
    fields = dict(line.split(":", 1) for line in lines[1:] if ":" in line)
    sizes = [int(fields.get(name, "0").split()[0]) << 10 for name in ("Pss", "Rss")]
    return sizes[0], sizes[1]
