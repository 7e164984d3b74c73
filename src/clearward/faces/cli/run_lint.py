"""What `clearward rules lint` and `rules probe` do."""

import json as json_text
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from clearward.faces.cli.lint_words import closing, line, row, unread
from clearward.linting.findings import Linted
from clearward.linting.lint import lint
from clearward.linting.probe import Show, probe

FLAGGED = 1
UNREAD = 2


def lint_sources(sources: tuple[str, ...], *, json: bool) -> int:
    """Lint some sources and say what was found; return the exit status.

    Raises:
        Refused: a source cannot be used.
        Unavailable: the jail could not be started.
    """
    return _run(lint, sources, json=json)


def probe_sources(sources: tuple[str, ...], *, json: bool) -> int:
    """Try some sources on harmless documents; the rest is as with `lint_sources`."""
    return _run(probe, sources, json=json)


def _run(
    find: Callable[[tuple[str, ...], Show], Linted],
    sources: tuple[str, ...],
    *,
    json: bool,
) -> int:
    with shown(quiet=json) as show:
        linted = find(sources, show)
    if json:
        for finding in linted.findings:
            _say(json_text.dumps(row(finding)))
        summary: dict[str, Any] = {"rules": linted.rules, "flagged": linted.flagged}
        if linted.unread:
            summary["unread"] = [
                {"file": file, "message": said} for file, said in linted.unread
            ]
        _say(json_text.dumps({"summary": summary}))
    else:
        colours = sys.stdout.isatty()
        for finding in linted.findings:
            _say(line(finding, colours=colours))
        for said in (*unread(linted), *closing(linted)):
            _say(said)
    if linted.findings:
        return FLAGGED
    return UNREAD if linted.unread else 0


@contextmanager
def shown(*, quiet: bool) -> Iterator[Show]:
    """Give what shows on a terminal how far something is, in one line."""
    if quiet or not sys.stderr.isatty():
        yield lambda _doing, _done, _all: None
        return

    def show(doing: str, done: int, whole: int) -> None:
        count = f" {done:,} of {whole:,}" if whole else ""
        sys.stderr.write(f"\r\x1b[K{doing}{count}")
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _say(said: str) -> None:
    sys.stdout.write(said + "\n")
