"""What `clearward intel audit` does."""

import sys

from clearward.faces.cli.intel.said import row, say, summary
from clearward.faces.text import escaped
from clearward.intel.times import shortly
from clearward.stores.intel import auditing
from clearward.stores.intel.database import Database

CHANGED = 1


def run(*, json: bool) -> int:
    """List the lines; return the exit status."""
    count = wrong = 0
    with Database().reading() as connection:
        for line, is_good in auditing.lines(connection):
            count += 1
            if not is_good:
                wrong += 1
                said = f"line {line.number} was changed, or one before it is gone"
                sys.stderr.write(f"clearward: {said}\n")
            told = {
                "number": line.number,
                "time": shortly(line.time),
                "actor": line.actor,
                "action": line.action,
                "subject": line.subject,
                "detail": line.detail,
            }
            if json:
                row(told | {"good": is_good})
            else:
                say("\t".join(escaped(str(one)) for one in told.values()))
    summary({"lines": count, "wrong": wrong}, "", json=json)
    return CHANGED if wrong else 0
