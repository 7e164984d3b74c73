"""One run of clamscan: from what was given to an exit status."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from clearward.core.errors import ClearwardError, Refused
from clearward.faces.clamav.disposal import chosen
from clearward.faces.clamav.options import Given
from clearward.faces.clamav.output import Output
from clearward.faces.clamav.paths import named
from clearward.faces.clamav.summary import Span, Tally, scanner_lines
from clearward.faces.clamscan import age
from clearward.faces.clamscan.order import InOrder
from clearward.faces.clamscan.results import (
    FAILED,
    STANDARD_INPUT,
    Results,
)
from clearward.faces.clamscan.settings import Settings, settings, warnings
from clearward.faces.clamscan.standard_input import opened
from clearward.faces.clamscan.walk import Item, Walk
from clearward.faces.text import shown
from clearward.jail.wire import Job
from clearward.stores import explain_log
from clearward.stores.home import home
from clearward.wiring import RuleChoice, ScanChoice, Scanner

_NO_LIST = 54  # the original's status when the list of files cannot be opened


class Missing(ClearwardError):
    """A rule source is not there."""


class NoList(ClearwardError):
    """The list of files cannot be opened."""


def run(given: Given, output: Output, engine: str) -> int:
    """Scan and show, and return the exit status.

    Args:
        given: what was asked for.
        output: where lines go.
        engine: the version whose lines these are.

    Raises:
        NoFolder: there is nowhere to move or to copy to.
    """
    disposal = chosen(given)
    start, clock = datetime.now().astimezone(), time.monotonic()
    results = Results(Settings(), output, disposal, ())
    try:
        status = _scan(given, results)
    except NoList as error:
        output.fail(f"--file-list: Can't open file {error}")
        status = _NO_LIST
    except Missing as error:
        where = f"No such file or directory: {error}"
        output.raw_error(f"LibClamAV Error: cl_load(): {where}")
        output.fail("Can't get file status")
        status = FAILED
    except ClearwardError as error:
        output.fail(" ".join(str(error).split()))
        status = results.status() or FAILED
    span = Span(start, datetime.now().astimezone(), time.monotonic() - clock)
    if not given.on("no-summary"):
        for line in scanner_lines(results.tally, engine, span):
            output.line(line)
    return status


def _scan(given: Given, results: Results) -> int:
    """Scan what was asked for, and return the exit status."""
    asked = results.settings = settings(given)
    for line in warnings(given):
        results.output.warn(line)
    days = given.last("fail-if-cvd-older-than")
    if days is not None and age.too_old(asked.database, int(days), time.time()):
        raise Refused(f"Virus database is older than {days} days!")
    try:
        paths = named(given, results.output)
    except OSError as error:
        raise NoList(given.last("file-list")) from error
    with Scanner(_rules(asked), _how(asked, paths, results.output)) as scanner:
        results.rules = scanner.rules
        results.tally = Tally(rules=scanner.table.in_force)
        walk = Walk(asked.reach, asked.patterns)
        order = InOrder(_items(walk, paths, asked))
        for scanned in scanner.scan(order.entries()):
            for result in order.take(scanned):
                results.show(result)
        for result in order.rest():
            results.show(result)
        results.tally.folders = walk.folders
    return results.status()


def _items(walk: Walk, paths: list[bytes], asked: Settings) -> Iterator[Item]:
    for path in paths:
        if path == b"-":
            yield opened(STANDARD_INPUT, asked.limits.file_size)
        else:
            yield from walk.items(path)


def _rules(asked: Settings) -> RuleChoice:
    for path in asked.database:
        if not os.path.exists(path):
            raise Missing(path)
    return RuleChoice(
        asked.database, defaults=not asked.database, unwanted=asked.unwanted
    )


def _how(asked: Settings, paths: list[bytes], output: Output) -> ScanChoice:
    """Say how to scan. A wider answer from the jail is written down before."""
    job = Job.EVERY if asked.every else Job.SCAN
    if asked.inside:
        try:
            named = [shown(path) for path in paths]
            explain_log.record(home(), named, datetime.now(UTC))
            job = Job.EXPLAIN
        except Refused as error:
            output.warn(f"--archive-verbose: {error}")
    return ScanChoice(asked.limits, job, len(os.sched_getaffinity(0)))
