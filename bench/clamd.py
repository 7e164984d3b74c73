"""Debian's clamd as a peer: started with the same databases, asked file by file.

Its configuration has every limit out of the way, so that it looks at what clearward
looks at, and one thread. What counts is the CPU time of clamd itself; what clamdscan
takes to ask is not held against it.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import measure

CLAMD = shutil.which("clamd")
_ASK = shutil.which("clamdscan") or "clamdscan"
_READY_SECONDS = 120.0
_TICKS = os.sysconf("SC_CLK_TCK")
_USER, _SYSTEM = 11, 12  # fields of /proc/PID/stat behind the name

_SETTINGS = """\
LocalSocket {folder}/socket
DatabaseDirectory {databases}
Foreground yes
MaxThreads {threads}
MaxScanSize 4000M
MaxFileSize 2000M
MaxScanTime 0
DisableCache {cache}
LogFile {folder}/log
User root
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A clamd that has loaded its databases.

    Attributes:
        process: its number.
        settings: its configuration.
        loading: seconds it took until it answered.
        pss: its proportional memory then, bytes.
    """

    process: int
    settings: Path
    loading: float
    pss: int

    def scan(self, target: Path) -> float:
        """Scan a folder; return the CPU seconds that clamd took.

        Raises:
            RuntimeError: it could not scan everything.
        """
        before = _cpu(self.process)
        command = (_ASK, "--config-file", self.settings, "--fdpass", "--no-summary")
        done = subprocess.run(
            (*map(str, command), str(target)), capture_output=True, check=False
        )
        if done.returncode not in {0, 1}:
            raise RuntimeError(f"clamdscan: {done.stderr.decode()[:300]}")
        return _cpu(self.process) - before


@contextmanager
def running(
    folder: Path, databases: Path, threads: int = 1, *, cache: bool = False
) -> Iterator[Peer]:
    """Run clamd with the databases of a folder until the block ends.

    Without a cache it looks at everything again.
    """
    place = folder / "clamd"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    settings = place / "clamd.conf"
    settings.write_text(
        _SETTINGS.format(
            folder=place,
            databases=databases,
            threads=threads,
            cache="no" if cache else "yes",
        )
    )
    start = time.monotonic()
    with subprocess.Popen(
        (str(CLAMD), "--config-file", str(settings)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            while not (place / "socket").exists():
                if process.poll() is not None or _late(start):
                    raise RuntimeError("clamd did not start")
                time.sleep(0.005)
            loading = time.monotonic() - start
            pss, _ = measure.memory(process.pid)
            yield Peer(process.pid, settings, loading, pss)
        finally:
            process.send_signal(signal.SIGKILL)


def _late(start: float) -> bool:
    return time.monotonic() - start > _READY_SECONDS


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[_USER]) + int(fields[_SYSTEM])) / _TICKS
