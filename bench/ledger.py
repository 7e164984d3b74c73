"""How fast records are written down so that a crash does not lose them, and checked.

Appends are asked for by many threads at once, as servers would; those that wait share
one write, one signature and one sync. One thread alone pays for each sync. What the
disk takes for a sync by itself stands beside it.
"""

import os
import statistics
import tempfile
import threading
import time
from pathlib import Path

from rows import Plan, Row

from clearward.egress.check import verify
from clearward.egress.ledger import Ledger

RECORDS = 200_000  # that are checked
SECONDS = 3.0  # of appending
THREADS = (1, 64, 256)
_REQUEST = ["GET /metadata/timestamp.json"]


def ledger(plan: Plan) -> list[Row]:
    """Rows of the table."""
    with tempfile.TemporaryDirectory(dir=plan.folder) as name:
        folder = Path(name)
        sync = statistics.median(_sync(folder) for _ in range(200))
        rows = [_appending(plan, folder, count, sync) for count in THREADS]
        return [*rows, _checking(plan, folder)]


def _appending(plan: Plan, folder: Path, threads: int, sync: float) -> Row:
    rates = []
    for number in range(plan.runs):
        home = folder / f"{threads}-{number}"
        rates.append(append(home, threads, SECONDS))
    figures = {"records/s": statistics.median(rates), "ms a sync": 1000 * sync}
    goal = "5,000 with syncs shared" if threads == max(THREADS) else ""
    who = f"clearward, {threads} threads"
    return Row("ledger: records written down", who, figures, goal)


def append(home: Path, threads: int, seconds: float) -> float:
    """Return records a second."""
    used = Ledger(str(home))
    used.open("update", "127.0.0.1:8080", _REQUEST)  # makes the key
    until = time.monotonic() + seconds
    done = [0] * threads

    def work(number: int) -> None:
        while time.monotonic() < until:
            used.open("update", "127.0.0.1:8080", _REQUEST)
            done[number] += 1

    running = [threading.Thread(target=work, args=(each,)) for each in range(threads)]
    start = time.monotonic()
    for one in running:
        one.start()
    for one in running:
        one.join()
    return sum(done) / (time.monotonic() - start)


def _checking(plan: Plan, folder: Path) -> Row:
    home = folder / "checked"
    fill(home, RECORDS)
    rates, alone = [], []
    for _ in range(plan.runs):
        start, used = time.monotonic(), time.process_time()
        report = verify(str(home / "ledger"))
        rates.append(report.records / (time.monotonic() - start))
        alone.append(report.records / (time.process_time() - used))
        if report.wrong is not None or report.records < RECORDS:
            raise RuntimeError(f"the ledger is not whole: {report.why}")
    figures = {
        "records/s": statistics.median(rates),
        "records per CPU s": statistics.median(alone),
    }
    return Row("ledger: records checked", "clearward", figures, "200,000")


def fill(home: Path, records: int) -> None:
    """Write records, many at a time."""
    used = Ledger(str(home))
    running = [
        threading.Thread(
            target=lambda: [
                used.open("update", "127.0.0.1:8080", _REQUEST)
                for _ in range(records // 500)
            ]
        )
        for _ in range(500)
    ]
    for one in running:
        one.start()
    for one in running:
        one.join()


def _sync(folder: Path) -> float:
    """Return what the disk takes for 4 KB, seconds."""
    opened = os.open(folder / "sync", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        start = time.monotonic()
        os.pwrite(opened, b"x" * 4096, 0)
        os.fdatasync(opened)
        return time.monotonic() - start
    finally:
        os.close(opened)
