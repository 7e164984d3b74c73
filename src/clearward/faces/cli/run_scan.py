"""Run one scan from the command line."""

import gc
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from clearward.core.errors import Refused
from clearward.core.limits import Limits
from clearward.core.names import RuleName
from clearward.faces.cli.quarantining import quarantining
from clearward.faces.cli.remembering import Remembering, remembering
from clearward.faces.cli.report import JsonReport, PlainReport, Report
from clearward.faces.cli.totals import Closing, Totals
from clearward.faces.text import escaped, shown
from clearward.jail.broker import Entry
from clearward.jail.known import Passed
from clearward.jail.launch import Launched
from clearward.jail.tree import Choice, Walk
from clearward.jail.wire import Job
from clearward.stores import explain_log
from clearward.stores.home import home
from clearward.stores.verdicts.period import period
from clearward.wiring import RuleChoice, ScanChoice, Scanner

STANDARD_INPUT = b"-"  # as a path


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked for; see the options of `clearward scan`."""

    paths: tuple[bytes, ...]
    files_from: str | None
    null: bool
    rules: tuple[str, ...]
    default_rules: bool
    strict: bool
    unwanted: bool
    every: bool
    explain: bool
    json: bool
    jobs: int
    exclude: tuple[str, ...]
    one_file_system: bool
    require: str
    limits: Limits
    passwords: tuple[str, ...] = ()
    quarantine: bool = False
    cache: bool = True

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
    rules = RuleChoice(
        request.rules, request.default_rules, request.strict, request.unwanted
    )
    how = ScanChoice(request.limits, request.job, request.jobs, request.require)
    how = replace(how, passwords=request.passwords)
    if request.explain:
        paths = [shown(path) for path in request.paths]
        explain_log.record(home(), paths, datetime.now(UTC))
    totals = Totals()
    chosen = period(home()) if request.cache else None
    with Scanner(rules, how, zygote) as scanner:
        # Everything made so far lives until the end: the collector need not look at it.
        gc.freeze()
        for file, problem in scanner.problems():
            place = f"{file.label}:{problem.line}" if problem.line else file.label
            _complain(place.encode(errors="replace"), problem.message)
        if scanner.given.matcher == "reference":
            _complain(b"signatures", "no compiled matcher here; this will be slow")
        scanner.exclusions.tell(lambda said: _complain(b"exclusions", said))
        report = _report(request, scanner.rules)

        def pass_by(passed: Passed) -> None:
            totals.add_cached(len(passed.names), sum(passed.sizes()))
            report.passed(passed)

        space = scanner.fingerprint()
        start = time.monotonic()
        moving = quarantining(scanner, asked=request.quarantine)
        with report, moving as move, remembering(chosen, space, pass_by) as memory:
            for scanned in scanner.scan(_entries(request, totals, memory)):
                totals.add(scanned)
                report.result(scanned)
                if memory is not None:
                    memory.learn(scanned)
                move(scanned)
            report.close(
                Closing(
                    totals,
                    time.monotonic() - start,
                    scanner.table.in_force,
                    scanner.protection.level,
                    scanner.protection.missing,
                    scanner.skipped,
                    scanner.unusable(),
                    len(scanner.exclusions.now()),
                )
            )
    return totals.status()


def _report(request: Request, rules: Sequence[RuleName]) -> Report:
    """What fits the options and where the output goes."""
    if request.json:
        return JsonReport(rules, sys.stdout)
    if not sys.stdout.isatty():
        return PlainReport(rules, sys.stdout)
    # rich is only loaded where somebody looks at it.
    from clearward.faces.cli.screen import Screen

    return Screen(rules, request.paths)


def _entries(
    request: Request, totals: Totals, memory: Remembering | None
) -> Iterator[Entry]:
    """Everything that was asked for and is not passed by, opened."""
    choice = Choice(request.exclude, request.one_file_system, request.limits.file_size)

    def complain(path: bytes, said: str) -> None:
        totals.complaints += 1
        _complain(path, said)

    walk = Walk(choice, complain, memory.known if memory is not None else None)
    for path in _paths(request):
        if path == STANDARD_INPUT:
            # Temporary files take 3 ms to import, and hardly any scan needs one.
            from clearward.faces.cli.standard_input import opened

            yield opened(STANDARD_INPUT, request.limits.file_size)
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


def _complain(path: bytes, said: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"clearward: {shown(path)}: {escaped(said)}\n")
