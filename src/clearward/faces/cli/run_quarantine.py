"""What the subcommands of `clearward quarantine` do."""

import json as json_text
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from clearward.core.errors import Refused, Unavailable
from clearward.faces.cli.quarantine_words import details, line, row, rows_of
from clearward.faces.text import escaped, shown, utf8
from clearward.stores.home import home
from clearward.stores.quarantine.record import Found
from clearward.stores.quarantine.store import Item, Quarantine

REFUSED = 1
FAILED = 2


class Answers:
    """Says what became of each thing that was asked for, and sums it up.

    Args:
        json: as JSON.

    Attributes:
        done: how many were done.
        refused: how many were refused.
        failed: how many could not be done.
    """

    def __init__(self, *, json: bool) -> None:
        self._json = json
        self.done = 0
        self.refused = 0
        self.failed = 0

    @property
    def status(self) -> int:
        """The exit status: what could not be done weighs more than what was refused."""
        if self.failed:
            return FAILED
        return REFUSED if self.refused else 0

    def each(
        self,
        asked: Iterable[str],
        name: str,
        action: Callable[[str], tuple[dict[str, Any], str]],
    ) -> None:
        """Do something with each, and go on if one cannot be done.

        Args:
            asked: what a person named.
            name: what it is called in JSON, ``"path"`` or ``"id"``.
            action: returns what is said of it, as JSON and as a line.
        """
        for one in asked:
            try:
                fields, said = action(one)
            except Refused as error:
                self.refused += 1
                self._fault({name: one, "outcome": "refused"}, error)
            except Unavailable as error:
                self.failed += 1
                self._fault({name: one, "outcome": "failed"}, error)
            else:
                self.done += 1
                self.say(fields, said)

    def say(self, fields: dict[str, Any], said: str) -> None:
        """Say one thing, as JSON or as a line."""
        _say(json_text.dumps(fields) if self._json else said)

    def sum_up(self, **fields: object) -> int:
        """Print the summary of JSON and return the status."""
        if self._json:
            _say(json_text.dumps({"summary": fields}))
        return self.status

    def _fault(self, fields: dict[str, str], error: Exception) -> None:
        _complain(str(error))
        if self._json:
            told = {name: utf8(os.fsencode(value))[0] for name, value in fields.items()}
            detail = str(error).encode("utf-8", "backslashreplace").decode()
            _say(json_text.dumps({**told, "detail": detail}))


def add(paths: list[str], reason: str, *, json: bool) -> int:
    """Move files into quarantine; return the exit status."""
    answers = Answers(json=json)
    found = Found(why=escaped(reason))
    with _quarantine() as quarantine:

        def one(path: str) -> tuple[dict[str, Any], str]:
            record = quarantine.add(os.fsencode(path), found)
            fields = {**row(Item(record.identifier, record)), "outcome": "moved"}
            also = f"; {record.links - 1} more names of it stay"
            said = f"{shown(record.path)}: moved into quarantine, {record.identifier}"
            return fields, said + also * (record.links > 1)

        answers.each(paths, "path", one)
    return answers.sum_up(
        moved=answers.done, refused=answers.refused, failed=answers.failed
    )


def list_all(*, json: bool) -> int:
    """List the entries; return the exit status."""
    answers = Answers(json=json)
    with _quarantine() as quarantine:
        items = list(quarantine.items())
        expired = len(quarantine.older(quarantine.kept_for))
        days = quarantine.kept_for.days
    if not json and sys.stdout.isatty():
        # rich is only loaded where somebody looks at it.
        from clearward.faces.cli.quarantine_screen import show_table

        show_table(items)
    else:
        for item in items:
            answers.say(row(item), line(item))
    records = [item.record for item in items if item.record is not None]
    damaged = len(items) - len(records)
    size = sum(record.size for record in records)
    if not json:
        _say(
            f"{len(items):,} in quarantine, {size:,} bytes; {damaged:,} damaged; "
            f"{expired:,} older than {days:,} days, which expire deletes"
        )
    return answers.sum_up(
        entries=len(items),
        bytes=size,
        damaged=damaged,
        unsettled=sum(not item.settled for item in items),
        expired=expired,
        expire_days=days,
    )


def show(entry: str, *, json: bool) -> int:
    """Show one entry; return the exit status."""
    answers = Answers(json=json)
    with _quarantine() as quarantine:

        def one(identifier: str) -> tuple[dict[str, Any], str]:
            item = quarantine.show(identifier)
            return details(item), "\n".join(rows_of(item))

        answers.each([entry], "id", one)
    return answers.sum_up(entries=answers.done)


def restore(entries: list[str], to: str | None, *, overwrite: bool, json: bool) -> int:
    """Give files back; return the exit status.

    Raises:
        Refused: several entries and one place for all of them.
    """
    if to is not None and len(entries) > 1 and not os.path.isdir(to):
        raise Refused(f"{to}: several entries can only be restored to a folder")
    answers = Answers(json=json)
    with _quarantine() as quarantine:
        place = None if to is None else os.fsencode(to)

        def one(identifier: str) -> tuple[dict[str, Any], str]:
            back = quarantine.restore(identifier, place, overwrite=overwrite)
            fields = {
                "id": identifier,
                "path": utf8(back.path)[0],
                "outcome": "restored",
                "missing": [escaped(name) for name in back.missing],
            }
            said = f"{identifier}: restored to {shown(back.path)}"
            if back.missing:
                lost = ", ".join(escaped(name) for name in back.missing)
                said += f"; could not be given back: {lost}"
            return fields, said

        answers.each(entries, "id", one)
    return answers.sum_up(
        restored=answers.done, refused=answers.refused, failed=answers.failed
    )


def delete(entries: list[str], *, json: bool) -> int:
    """Delete some entries; return the exit status."""
    with _quarantine() as quarantine:
        return _delete(quarantine, entries, json=json)


def delete_all(older_than: timedelta | None, *, json: bool) -> int:
    """Delete all entries, or those that are older; return the exit status."""
    with _quarantine() as quarantine:
        items = quarantine.items()
        if older_than is not None:
            items = iter(quarantine.older(older_than))
        return _delete(quarantine, [item.identifier for item in items], json=json)


def expire(*, json: bool) -> int:
    """Delete what is older than the setting; return the exit status."""
    with _quarantine() as quarantine:
        kept_for = quarantine.kept_for
        old = [item.identifier for item in quarantine.older(kept_for)]
        return _delete(quarantine, old, json=json, expire_days=kept_for.days)


def _delete(
    quarantine: Quarantine, entries: list[str], *, json: bool, **summary: int
) -> int:
    answers = Answers(json=json)

    def one(identifier: str) -> tuple[dict[str, Any], str]:
        quarantine.delete(identifier)
        return {"id": identifier, "outcome": "deleted"}, f"{identifier}: deleted"

    answers.each(entries, "id", one)
    return answers.sum_up(
        deleted=answers.done,
        refused=answers.refused,
        failed=answers.failed,
        **summary,
    )


@contextmanager
def _quarantine() -> Iterator[Quarantine]:
    with Quarantine(home(), _complain) as quarantine:
        yield quarantine


def _complain(said: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"clearward: {escaped(said)}\n")


def _say(said: str) -> None:
    sys.stdout.write(said + "\n")
