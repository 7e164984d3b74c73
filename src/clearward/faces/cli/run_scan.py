"""Run one scan from the command line."""

import gc
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from clearward.core.errors import Refused
from clearward.core.limits import Limits
from clearward.core.names import Table
from clearward.faces.cli.report import JsonReport, PlainReport, Report
from clearward.faces.cli.totals import Closing, Totals
from clearward.faces.text import escaped, shown
from clearward.jail.broker import Entry, admit
from clearward.jail.launch import Launched
from clearward.jail.tree import Choice, Walk
from clearward.jail.wire import Job
from clearward.stores import explain_log
from clearward.stores.home import home
from clearward.wiring import RuleChoice, ScanChoice, Scanner

STANDARD_INPUT = b"-"
_READ = 1 << 20


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked for; see the options of `clearward scan`."""

    paths: tuple[bytes, ...]
    files_from: str | None
    null: bool
    rules: tuple[str, ...]
    default_rules: bool
    strict: bool
    every: bool
    explain: bool
    json: bool
    jobs: int
    exclude: tuple[str, ...]
    one_file_system: bool
    require: str
    limits: Limits

    @property
    def job(self) -> Job:
        """The answer to ask the jail for."""
        if self.explain:
            return Job.EXPLAIN
        return Job.EVERY if self.every else Job.SCAN


def run(request: Request, zygote: Launched | None = None) -> int:
    """Scan, show the results, and return the exit status.

    Args:
        request: what to scan and how.
        zygote: its process, if it was started before; whoever did ends it as well.

    Raises:
        Refused: a rule source or an option cannot be used.
        Unavailable: the jail could not be started.
    """
    rules = RuleChoice(request.rules, request.default_rules, request.strict)
    how = ScanChoice(request.limits, request.job, request.jobs, request.require)
    if request.explain:
        paths = [shown(path) for path in request.paths]
        explain_log.record(home(), paths, datetime.now(UTC))
    totals = Totals()
    with Scanner(rules, how, zygote) as scanner:
        # Everything made so far lives until the end: the collector need not look at it.
        gc.freeze()
        for file, problem in scanner.problems():
            place = f"{file.label}:{problem.line}" if problem.line else file.label
            _complain(place.encode(errors="replace"), problem.message)
        report = _report(request, scanner.table)
        start = time.monotonic()
        with report:
            for scanned in scanner.scan(_entries(request, totals)):
                totals.add(scanned)
                report.result(scanned)
            report.close(
                Closing(
                    totals,
                    time.monotonic() - start,
                    len(scanner.table.rules),
                    scanner.protection.level,
                    scanner.protection.missing,
                    scanner.skipped,
                    scanner.unusable(),
                )
            )
    return totals.status()


def _report(request: Request, table: Table) -> Report:
    """What fits the options and where the output goes."""
    if request.json:
        return JsonReport(table, sys.stdout)
    if not sys.stdout.isatty():
        return PlainReport(table, sys.stdout)
    # rich is only loaded where somebody looks at it.
    from clearward.faces.cli.screen import Screen  # noqa: PLC0415

    return Screen(table, request.paths)


def _entries(request: Request, totals: Totals) -> Iterator[Entry]:
    """Everything that was asked for, opened."""
    choice = Choice(request.exclude, request.one_file_system, request.limits.file_size)

    def complain(path: bytes, said: str) -> None:
        totals.complaints += 1
        _complain(path, said)

    walk = Walk(choice, complain)
    for path in _paths(request):
        if path == STANDARD_INPUT:
            yield _standard_input(request.limits.file_size)
        else:
            yield from walk.entries(path)


def _paths(request: Request) -> Iterator[bytes]:
    yield from request.paths
    if request.files_from is None:
        return
    end = b"\0" if request.null else b"\n"
    try:
        if request.files_from == "-":
            text = sys.stdin.buffer.read()
        else:
            with open(request.files_from, "rb") as file:
                text = file.read()
    except OSError as error:
        raise Refused(
            f"{request.files_from}: cannot be read: {error.strerror}"
        ) from error
    yield from (path for path in text.split(end) if path)


def _standard_input(most_size: int | None) -> Entry:
    """Standard input as a file: opened anew if it is one, else a copy with no name.

    Whoever started this may have opened it for writing, too, and keeps the position.
    """
    given = sys.stdin.fileno()
    with suppress(OSError):
        if stat.S_ISREG(os.fstat(given).st_mode):
            return admit(_opened_anew(given), STANDARD_INPUT, most_size)
    with tempfile.TemporaryFile() as copy:
        try:
            shutil.copyfileobj(sys.stdin.buffer, copy, _READ)
            copy.flush()
        except OSError as error:
            raise Refused(
                f"standard input cannot be kept for scanning: {error.strerror}"
            ) from error
        return admit(_opened_anew(copy.fileno()), STANDARD_INPUT, most_size)


def _opened_anew(descriptor: int) -> int:
    """A descriptor of the same file that can only read, with a position of its own."""
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
    return os.open(f"/proc/self/fd/{descriptor}", flags)


def _complain(path: bytes, said: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"clearward: {shown(path)}: {escaped(said)}\n")
