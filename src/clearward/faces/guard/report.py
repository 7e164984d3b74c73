"""What guard tells, as JSON or as lines for people, and never in the way of its work.

A reader that is gone or a full disk costs the line, not the guard.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from clearward.core.reasons import words
from clearward.core.verdict import Outcome
from clearward.faces.guard.seen import Seen, Side, Trouble
from clearward.faces.text import shown, utf8

_SIDES = {Side.ALLOW: ", allowed", Side.DENY: ", denied", Side.NONE: ""}


def row(said: Seen | Trouble, when: datetime) -> dict[str, Any]:
    """Put what is told into an object.

    Args:
        said: is told.
        when: with its time zone.
    """
    time = when.isoformat(timespec="milliseconds")
    if isinstance(said, Trouble):
        return {"time": time, "trouble": said.word, "detail": said.said}
    access = said.access
    return {
        "time": time,
        "path": utf8(access.path)[0],
        "event": access.what.value,
        "outcome": said.outcome.value,
        "rules": [{"name": rule.name, "origin": rule.origin} for rule in said.rules],
        "reasons": words(said.reasons),
        "answer": said.side.value,
        "bytes": said.size,
        "ms": round(said.seconds * 1000, 3),
        "process": access.process,
        "program": utf8(access.program)[0],
        "user": access.user,
        **_excluded(said),
    }


def _excluded(said: Seen) -> dict[str, Any]:
    if not said.excluded:
        return {}
    return {"excluded": [one.row() for one in said.excluded]}


def sentence(said: Seen | Trouble) -> str:
    """Put what is told into a line."""
    if isinstance(said, Trouble):
        return f"guard: {said.said}"
    who = shown(said.access.program) or "a program that has ended"
    what = []
    if said.outcome is Outcome.FOUND:
        what.append(f"found {', '.join(rule.name for rule in said.rules)}")
    elif said.outcome is Outcome.UNSCANNED:
        what.append(f"not scanned: {', '.join(words(said.reasons))}")
    if said.excluded:
        what.append(f"left out: {', '.join(one.words() for one in said.excluded)}")
    access = said.access
    side = _SIDES[said.side]
    told = "; ".join(what)
    return f"{shown(access.path)}: {told} ({access.what.value} by {who}{side})"


class Report:
    """Writes what is told to a descriptor, a line each.

    Args:
        descriptor: usually standard output's.
        json: objects, else sentences.
        now: the time, with its zone.
    """

    def __init__(
        self,
        descriptor: int,
        *,
        json: bool,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._descriptor = descriptor
        self._json = json
        self._now = now

    def tell(self, said: Seen | Trouble) -> None:
        """Write one line."""
        if self._json:
            self._write(json.dumps(row(said, self._now()), ensure_ascii=False))
        else:
            self._write(sentence(said))

    def close(self, summary: dict[str, Any]) -> None:
        """Write what it adds up to."""
        if self._json:
            self._write(json.dumps({"summary": summary}))
        else:
            for line in table(summary):
                self._write(line)

    def _write(self, line: str) -> None:
        with suppress(OSError):
            os.write(self._descriptor, line.encode() + b"\n")


def table(summary: dict[str, Any]) -> list[str]:
    """Put counts and what cost most into lines."""
    lines = [
        f"{name.replace('_', ' ') + ':':<14}{value:,}"
        for name, value in summary.items()
        if isinstance(value, int)
    ]
    for name in ("files", "programs"):
        rows = summary.get(f"top_{name}")
        if rows:
            lines += ["", f"most scanned {name}", " scans  seconds  path"]
            lines += [
                f"{each['scans']:>6} {each['seconds']:>8.3f}  {each['path']}"
                for each in rows
            ]
    return lines
