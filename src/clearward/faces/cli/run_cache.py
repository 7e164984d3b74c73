"""What the subcommands of `clearward cache` do."""

import json as json_text
import os
import sys

from clearward.core.errors import Unavailable
from clearward.faces.cli.cache_words import cells, lines, row, summary
from clearward.faces.text import escaped, shown, utf8
from clearward.stores.home import home
from clearward.stores.verdicts.forgetting import files_below, forget_all, forget_files
from clearward.stores.verdicts.inventory import Inventory, inventory
from clearward.stores.verdicts.period import period
from clearward.stores.verdicts.place import FOLDER

FAILED = 2


def info(*, json: bool) -> None:
    """Show what is remembered.

    Raises:
        Refused: a setting is none.
        Unavailable: it cannot be read.
    """
    there = home()
    expiry = period(there)
    held = inventory(there)
    folder = os.path.join(there, FOLDER)
    if json:
        for share in held.shares:
            _say(json_text.dumps(row(share)))
        _say(json_text.dumps({"summary": summary(held, expiry, folder)}))
        return
    if sys.stdout.isatty():
        # rich is only loaded where somebody looks at it.
        from clearward.faces.cli.cache_screen import show_table

        show_table(held)
    else:
        for share in held.shares:
            _say("  ".join(cells(share)))
    for line in lines(held, expiry, folder):
        _say(line)


def clear(paths: list[str], *, json: bool) -> int:
    """Forget everything, or what lies under some paths; return the exit status.

    Raises:
        Unavailable: it cannot be changed.
    """
    there = home()
    if not paths:
        return _clear_all(there, json=json)
    forgotten, failed = 0, 0
    for path in paths:
        faults: list[OSError] = []
        count = forget_files(there, files_below(path, faults.append))
        for fault in faults:
            _complain(f"{os.fsdecode(fault.filename or path)}: {fault.strerror}")
        forgotten += count
        failed += bool(faults)
        outcome = "failed" if faults else "forgotten"
        raw = os.fsencode(path)
        fields = {"path": utf8(raw)[0], "outcome": outcome, "files": count}
        said = f"{shown(raw)}: {count:,} files forgotten"
        _say(json_text.dumps(fields) if json else said)
    if json:
        _say(json_text.dumps({"summary": {"forgotten": forgotten, "failed": failed}}))
    return FAILED if failed else 0


def _clear_all(there: str, *, json: bool) -> int:
    try:
        held = inventory(there)
    except Unavailable:  # it is damaged, which is no reason to keep it
        held = Inventory()
    forget_all(there)
    fields = {"forgotten": held.files, "failed": 0}
    said = f"{held.files:,} files forgotten"
    _say(json_text.dumps({"summary": fields}) if json else said)
    return 0


def _complain(said: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"clearward: {escaped(said)}\n")


def _say(said: str) -> None:
    sys.stdout.write(said + "\n")
