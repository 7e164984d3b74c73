"""What `clearward intel import` does."""

import sys
import time
from collections.abc import Sequence

from clearward.core.errors import Refused
from clearward.faces.cli.intel.said import summary
from clearward.faces.text import escaped
from clearward.gathering.files import Asked, import_file
from clearward.gathering.tally import Tally
from clearward.stores.intel import auditing
from clearward.stores.intel.database import Database

_MOST_LINES = 20


def run(
    files: Sequence[str],
    format: str,
    collection: str | None,
    org: str | None,
    *,
    json: bool,
) -> int:
    """Import files; return the exit status.

    Raises:
        Refused: a file cannot be read, or is of no form that is known.
    """
    start = time.monotonic()
    asked = Asked(format, collection or "imported", org)
    total = Tally()
    database = Database()
    try:
        for path in files:
            try:
                tally = import_file(database, path, asked, _now)
            except Refused as error:
                raise Refused(f"{escaped(path)}: {error}") from error
            with database.writing() as connection:
                said = f"{tally.new} new of {tally.objects} into {asked.collection}"
                auditing.record(connection, auditing.here(), "import", path, said)
            _report(path, tally)
            total = total.plus(tally)
    finally:
        database.close()
    seconds = round(time.monotonic() - start, 3)
    fields = {
        "objects": total.objects,
        "new": total.new,
        "duplicate": total.duplicate,
        "rejected": total.rejected,
        "quarantined": total.quarantined,
        "seconds": seconds,
    }
    words = f"{total.objects:,} objects in {seconds} s: {total.new:,} new, "
    words += f"{total.duplicate:,} there already, {total.rejected:,} rejected, "
    words += f"{total.quarantined:,} in quarantine"
    summary(fields, words, json=json)
    return 0


def _report(path: str, tally: Tally) -> None:
    """Say what was not taken, and why."""
    for where, why in tally.lines[:_MOST_LINES]:
        sys.stderr.write(f"{escaped(path)}: {escaped(where)}: {escaped(why)}\n")
    rest = tally.rejected - _MOST_LINES
    if rest > 0:
        sys.stderr.write(f"{escaped(path)}: {rest:,} more were rejected\n")


def _now() -> int:
    return time.time_ns() // 1000
