"""One run of clamdscan: from what was given to an exit status."""

import os
import stat
import sys
import time
from datetime import datetime

from clearward.core.errors import Refused
from clearward.faces.clamav.conf import PLACE, Conf, read
from clearward.faces.clamav.disposal import chosen
from clearward.faces.clamav.options import Given
from clearward.faces.clamav.output import Output
from clearward.faces.clamav.paths import named
from clearward.faces.clamav.summary import Span, daemon_lines
from clearward.faces.clamdscan import health, sending
from clearward.faces.clamdscan.health import (
    TIMED_OUT,
    TROUBLE,
    WRONG_PING,
    BadPing,
    Patience,
    trouble,
)
from clearward.faces.clamdscan.report import FAILED, Report
from clearward.faces.text import shown

_STANDARD_INPUT = b"-"


def run(given: Given, output: Output) -> int:
    """Do what was asked, and return the exit status.

    Raises:
        NoFolder: there is nowhere to move or to copy to.
    """
    place = given.last("config-file") or PLACE
    try:
        conf = read(place)
    except Refused as error:
        if str(error):
            output.fail(str(error))
        output.fail(f"Can't parse clamd configuration file {place}")
        return FAILED
    if given.on("version") or given.on("reload"):
        return _ask(given, conf, output)
    try:
        patient = health.patience(given.last("ping"))
    except BadPing as error:
        output.warn(str(error))
        return WRONG_PING
    if given.last("ping") is not None and not given.on("wait"):
        there = _there(given, conf, patient, output)
        late = "PING timeout exceeded; No response from clamd"
        output.line("PONG" if there else late)
        return 0 if there else TIMED_OUT
    return _scan_and_sum(given, conf, patient, output)


def _there(given: Given, conf: Conf, patient: Patience, output: Output) -> bool:
    verbose = given.on("verbose")
    return health.answers(conf.servers, patient, output, verbose=verbose)


def _ask(given: Given, conf: Conf, output: Output) -> int:
    """Ask the server which it is, or to read its rules again."""
    if given.on("version"):
        said = health.asked(conf.servers, b"VERSION", output)
        output.line(shown(said) or health.VERSION)
        return 0
    said = health.asked(conf.servers, b"RELOAD", output)
    if said and said != b"RELOADING":
        output.fail(f"Clamd did not reload the database: {shown(said)}")
    return 0 if said == b"RELOADING" else FAILED


def _scan_and_sum(given: Given, conf: Conf, patient: Patience, output: Output) -> int:
    disposal = chosen(given)
    for option in given.of("ignored"):
        output.warn(f"Ignoring unsupported option {option.called}")
    for option in given.of("deprecated"):
        output.warn(f"Ignoring deprecated option --{option.name}")
    report = Report(output, disposal, given.on("infected"))
    start, clock = datetime.now().astimezone(), time.monotonic()
    if given.on("wait") and not _there(given, conf, patient, output):
        output.line("Wait timeout exceeded; Could not connect to clamd")
        status = TIMED_OUT
    else:
        _scan(given, conf, report)
        status = report.status()
    span = Span(start, datetime.now().astimezone(), time.monotonic() - clock)
    if not given.on("no-summary"):
        for line in daemon_lines(report.found, report.errors, span):
            output.line(line)
    return status


def _scan(given: Given, conf: Conf, report: Report) -> None:
    """Scan what was named, in the way that the options and the address ask for."""
    try:
        paths = named(given, report.output)
    except OSError:
        report.broken(f"--file-list: Can't open file {given.last('file-list')}")
        return
    if paths == [_STANDARD_INPUT]:
        _standard_input(given, conf, report)
        return
    good = [real for path in paths if (real := _usable(path, conf, report))]
    local = given.on("fdpass") and conf.local
    bytes_asked = given.on("stream") or (bool(report.disposal.action) and not local)
    if report.disposal.action and conf.local and not given.on("stream"):
        local, bytes_asked = True, False
    many = given.on("multiscan")
    send = sending.streamed_whole if many else sending.streamed
    how = sending.together if many else sending.one_by_one
    for path in good:
        if local or bytes_asked:
            how(conf, sending.passed if local else send, path, report)
        else:
            _by_path(given, conf, path, report)


def _by_path(given: Given, conf: Conf, path: bytes, report: Report) -> None:
    """Let the server open what is named."""
    words = b"CONTSCAN"
    if given.on("multiscan"):
        words = b"MULTISCAN"
    elif given.on("allmatch"):
        words = b"ALLMATCHSCAN"
    answered = False
    try:
        for line in health.lines(conf.servers, words + b" " + path):
            answered = True
            report.line(line)
        if not answered:
            report.broken(f"{shown(path)}: no reply from clamd")
    except TROUBLE as error:
        report.broken(trouble(error))


def _standard_input(given: Given, conf: Conf, report: Report) -> None:
    descriptor = sys.stdin.fileno()
    passing = given.on("fdpass") or stat.S_ISREG(os.fstat(descriptor).st_mode)
    send = sending.passed if passing and conf.local else sending.streamed
    line = sending.asked(conf, send, descriptor, report)
    if line and not report.refused(line):
        report.line(line)


def _usable(path: bytes, conf: Conf, report: Report) -> bytes:
    """Return the whole path of what can be scanned, or nothing; a link is followed."""
    whole = os.path.join(os.getcwdb(), path)
    if path == _STANDARD_INPUT:
        alone = 'requires "-" to be the only file argument'
        report.broken(f"Scanning from standard input {alone}")
        return b""
    try:
        mode = os.stat(whole).st_mode
    except (OSError, ValueError):
        report.broken(f"Can't access file {shown(whole)}")
        return b""
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        report.warned(whole, "Not supported file type")
        return b""
    if conf.leaves(os.fsdecode(whole)):
        report.left_out(whole)
        return b""
    return os.path.realpath(whole) if os.path.islink(whole) else whole
