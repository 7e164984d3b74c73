"""What `clearward publish fetch` does."""

import json as json_text
import sys
from dataclasses import asdict
from datetime import UTC, datetime

from clearward.core.errors import Refused, Unavailable
from clearward.egress.ledger import Ledger
from clearward.faces.text import escaped
from clearward.publishing.importing.fetching import Fetched, Fetching
from clearward.publishing.importing.listed import SHIPPED, Listed, chosen, listed
from clearward.stores.home import home

_FAILED = 1
_SHOWN_EVERY = 1 << 20  # bytes


def fetch(into: str, names: list[str], sources: str | None, *, json: bool) -> int:
    """Fetch sources; return the exit status, 1 if any could not be.

    Raises:
        Refused: the list of sources cannot be used.
    """
    wanted = chosen(listed(sources or SHIPPED), names)
    failed = 0
    for one in wanted:
        showing = _Showing(one.name, quiet=json or not sys.stderr.isatty())
        fetching = Fetching(
            Ledger(home()), into, datetime.now(UTC).date(), showing.show
        )
        try:
            found = fetching.fetch(one)
        except (Refused, Unavailable) as error:
            showing.end()
            failed += 1
            _say_failed(one, str(error), json=json)
            continue
        showing.end()
        _say(one, found, json=json)
    summary = {"fetched": len(wanted) - failed, "failed": failed}
    if json:
        sys.stdout.write(json_text.dumps({"summary": summary}) + "\n")
    return _FAILED if failed else 0


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


def _say_failed(one: Listed, said: str, *, json: bool) -> None:
    if json:
        row = {"name": one.name, "url": one.url, "error": said}
        sys.stdout.write(json_text.dumps(row) + "\n")
    sys.stderr.write(f"clearward: {escaped(f'{one.name}: {said}')}\n")
