"""What `clearward intel extract` does."""

import os
import sys
import time
from collections.abc import Sequence

from clearward.core.reasons import Reason, words
from clearward.faces.cli import standard_input
from clearward.faces.cli.intel.said import row, say, summary
from clearward.faces.text import escaped, utf8
from clearward.jail.broker import Entry, OpenFile, open_file
from clearward.jail.extraction import Extraction, Extractor

UNREAD = 2
_STANDARD_INPUT = "-"


def run(files: Sequence[str], *, json: bool) -> int:
    """Print what is found in each file; return the exit status.

    Raises:
        Unavailable: the jail could not be started.
    """
    started = time.monotonic()
    found = unread = 0
    gaps: list[dict[str, object]] = []
    with Extractor() as extractor:
        for name in files:
            entry = _opened(name)
            told = _read(extractor, entry)
            found += len(told.found)
            _show(name, told, json=json)
            if told.reasons or told.cut:
                reasons = [*words(told.reasons), *(["too-many"] if told.cut else [])]
                gaps.append({"file": _name(name), "reasons": reasons})
                _warn(name, reasons)
            unread += bool(told.reasons & _NOT_READ)
    fields: dict[str, object] = {"files": len(files), "indicators": found}
    if gaps:
        fields["unread"] = gaps
    fields["seconds"] = round(time.monotonic() - started, 3)
    summary(fields, "", json=json)
    return UNREAD if unread else 0


# The file itself was not read, or not to its end.
_NOT_READ = (
    Reason.WORKER_DIED
    | Reason.TIME_LIMIT
    | Reason.PERMISSION
    | Reason.NOT_REGULAR
    | Reason.VANISHED
    | Reason.CHANGED
)


def _opened(name: str) -> Entry:
    """Open a file that a person named; a link is followed."""
    if name == _STANDARD_INPUT:
        return standard_input.opened(b"-", None)
    return open_file(os.path.realpath(name), os.fsencode(name), None, None)


def _read(extractor: Extractor, entry: Entry) -> Extraction:
    if not isinstance(entry, OpenFile):
        return Extraction(reasons=entry.reason)
    try:
        told = extractor.extract(entry)
    except BaseException:
        entry.close()
        raise
    told.reasons |= entry.close()
    return told


def _show(name: str, told: Extraction, *, json: bool) -> None:
    file = _name(name)
    for one in told.found:
        if json:
            fields = {"file": file, "line": one.line}
            row({**fields, "type": one.kind.value, "value": one.value})
        else:
            say(f"{escaped(file)}:{one.line}\t{one.kind.value}\t{escaped(one.value)}")


def _name(name: str) -> str:
    return utf8(os.fsencode(name))[0]


def _warn(name: str, reasons: Sequence[str]) -> None:
    sys.stdout.flush()
    sys.stderr.write(
        f"{escaped(_name(name))}: not all was read: {', '.join(reasons)}\n"
    )
