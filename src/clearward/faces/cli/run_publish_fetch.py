"""What `clearward publish fetch` does."""

import json as json_text
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime

from clearward.core.errors import Refused, Unavailable
from clearward.egress.ledger import Ledger
from clearward.egress.tls import Trust
from clearward.faces.cli.run_ledger_witness import cosign_ledger
from clearward.faces.text import escaped
from clearward.publishing.importing.fetching import Fetched, Fetching
from clearward.publishing.importing.listed import SHIPPED, Listed, chosen, listed
from clearward.stores.home import home

_FAILED = 1
_KEY_STATES = {None: "none needed", "set": "is set", "missing": "is not set"}
_SHOWN_EVERY = 1 << 20  # bytes


def fetch(
    into: str,
    names: list[str],
    sources: str | None,
    tls_keys: str = "",
    *,
    json: bool,
) -> int:
    """Fetch sources; return the exit status, 1 if any could not be.

    One whose key is not set is skipped, unless it was named.

    Raises:
        Refused: the list of sources cannot be used.
    """
    wanted = chosen(listed(sources or SHIPPED), names)
    ledger = Ledger(home())
    failed = skipped = 0
    for one in wanted:
        if not names and one.needed and not one.needed.is_there(os.environ):
            skipped += 1
            _say_skipped(one, f"{one.needed.variable} is not set", json=json)
            continue
        showing = _Showing(one.name, quiet=json or not sys.stderr.isatty())
        today = datetime.now(UTC).date()
        fetching = Fetching(ledger, into, today, showing.show, Trust(keys=tls_keys))
        try:
            key = one.needed.key(os.environ) if one.needed else None
            found = fetching.fetch(one, key)
        except (Refused, Unavailable) as error:
            showing.end()
            failed += 1
            _say_failed(one, str(error), json=json)
            continue
        showing.end()
        _say(one, found, json=json)
    if len(wanted) > skipped:
        cosign_ledger(ledger)
    fetched = len(wanted) - failed - skipped
    summary = {"fetched": fetched, "failed": failed, "skipped": skipped}
    if json:
        sys.stdout.write(json_text.dumps({"summary": summary}) + "\n")
    return _FAILED if failed else 0


def show_all(names: list[str], sources: str | None, *, json: bool) -> None:
    """Show what there is.

    Raises:
        Refused: the list of sources cannot be used.
    """
    found = chosen(listed(sources or SHIPPED), names)
    if json:
        for one in found:
            sys.stdout.write(json_text.dumps(_row(one)) + "\n")
        summary = {"summary": {"sources": len(found)}}
        sys.stdout.write(json_text.dumps(summary) + "\n")
        return
    table = [("name", "licence", "key", "address")]
    for one in found:
        state = _KEY_STATES[_key_state(one)]
        variable = f"{one.needed.variable} " if one.needed else ""
        licence = one.said.get("licence", "not known")
        table.append((one.name, licence, f"{variable}{state}", one.url))
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = (
            escaped(one).ljust(wide) for one, wide in zip(row, widths, strict=True)
        )
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def _row(one: Listed) -> dict[str, object]:
    variable = one.needed.variable if one.needed else None
    row = {"name": one.name, "url": one.url, "file": one.file, **one.said}
    return {**row, "also": one.also, "key": _key_state(one), "variable": variable}


def _key_state(one: Listed) -> str | None:
    """Return whether the key of a source is set; None if it needs none."""
    if one.needed is None:
        return None
    return "set" if one.needed.is_there(os.environ) else "missing"


class _Showing:
    """One line on a terminal that says how much has come."""

    def __init__(self, name: str, *, quiet: bool) -> None:
        self._name = name
        self._quiet = quiet
        self._next = 0

    def show(self, size: int) -> None:
        if self._quiet or size < self._next:
            return
        self._next = size + _SHOWN_EVERY
        sys.stderr.write(f"\r\x1b[K{self._name} {size / _SHOWN_EVERY:,.0f} MiB")
        sys.stderr.flush()

    def end(self) -> None:
        if not self._quiet:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _say(one: Listed, found: Fetched, *, json: bool) -> None:
    if json:
        row = {"name": one.name, "url": one.url, **asdict(found)}
        sys.stdout.write(json_text.dumps(row) + "\n")
        return
    said = "new" if found.changed else "the same as before"
    line = f"{one.name}: {found.size:,} bytes, {said}: {found.path}"
    sys.stdout.write(f"{escaped(line)}\n")


def _say_skipped(one: Listed, said: str, *, json: bool) -> None:
    if json:
        row = {"name": one.name, "url": one.url, "skipped": said}
        sys.stdout.write(json_text.dumps(row) + "\n")
    sys.stderr.write(f"clearward: {escaped(f'{one.name}: skipped: {said}')}\n")


def _say_failed(one: Listed, said: str, *, json: bool) -> None:
    if json:
        row = {"name": one.name, "url": one.url, "error": said}
        sys.stdout.write(json_text.dumps(row) + "\n")
    sys.stderr.write(f"clearward: {escaped(f'{one.name}: {said}')}\n")
