"""The live terminal: a progress bar, results above it, a closing table."""

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table as Grid
from rich.text import Text
from typing_extensions import override

from clearward.core.names import RuleName
from clearward.core.verdict import Outcome
from clearward.faces.cli import words
from clearward.faces.cli.totals import Closing, summary_lines
from clearward.faces.text import shown
from clearward.jail.known import Passed
from clearward.jail.scanned import Scanned

_STYLE = {Outcome.FOUND: "bold red", Outcome.UNSCANNED: "yellow", Outcome.CLEAN: ""}
_STEP = 64  # files between two movements of the bar
_LEAP = 5000  # the same, of files that are not read


class Screen:
    """Shows a scan on a terminal.

    Args:
        rules: every rule in force, by number.
        paths: what is scanned; counted beside the scan, for the time left.
    """

    def __init__(self, rules: Sequence[RuleName], paths: tuple[bytes, ...]) -> None:
        self._rules = rules
        self._console = Console(highlight=False)
        self._progress = Progress(
            TextColumn("scanning"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("files"),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
        )
        self._task = self._progress.add_task("", total=None, rate="")
        self._count = _Count(paths, self._know_total)
        self._files = 0
        self._passed = 0
        self._size = 0

    def __enter__(self) -> Self:
        self._progress.start()
        self._count.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._count.stop()
        self._progress.stop()

    def result(self, scanned: Scanned) -> None:
        """Move the bar; print a line unless the file is clean."""
        self._files += 1
        self._size += scanned.entry.size
        outcome = scanned.verdict.outcome
        if outcome is not Outcome.CLEAN:
            line = Text(shown(scanned.entry.path) + ": ")
            line.append(words.sentence(scanned.verdict, self._rules), _STYLE[outcome])
            self._console.print(line, soft_wrap=True)
        if scanned.excluded:
            line = Text(shown(scanned.entry.path) + ": ")
            line.append(words.left_out(scanned.excluded), "yellow")
            self._console.print(line, soft_wrap=True)
        if scanned.explanation:
            for said in words.explained(scanned, self._rules):
                self._console.print(Text(f"    {said}", "dim"), soft_wrap=True)
        if self._files % _STEP == 0:
            self._move()

    def passed(self, passed: Passed) -> None:
        """Move the bar past files that are remembered as clean."""
        self._passed += len(passed.names)
        if self._passed > _LEAP:
            self._files += self._passed
            self._passed = 0
            self._move()

    def close(self, closing: Closing) -> None:
        """Print the closing table."""
        self._count.stop()
        self._progress.stop()
        grid = Grid(show_header=False, box=None, pad_edge=False)
        for name, value in summary_lines(closing):
            grid.add_row(Text(name, "dim"), Text(value, _summary_style(name, value)))
        self._console.print(grid)

    def _move(self) -> None:
        elapsed = self._progress.tasks[0].elapsed or 0.0
        rate = f"{self._size / 1e6 / elapsed:,.0f} MB/s" if elapsed else ""
        self._progress.update(self._task, completed=self._files, rate=rate)

    def _know_total(self, files: int) -> None:
        self._progress.update(self._task, total=files)


def _summary_style(name: str, value: str) -> str:
    if value == "0":
        return ""
    styles = {"found": _STYLE[Outcome.FOUND], "not scanned": "yellow"}
    return {**styles, "left out": "yellow"}.get(name, "")


class _Count(threading.Thread):
    """Counts the files below some paths while they are scanned."""

    def __init__(self, paths: tuple[bytes, ...], know: Callable[[int], None]) -> None:
        super().__init__(daemon=True)
        self._paths = list(paths)
        self._know = know
        self._stopped = threading.Event()

    @override
    def run(self) -> None:
        """Count; tell the total once it is known."""
        files = 0
        waiting = self._paths
        while waiting and not self._stopped.is_set():
            path = waiting.pop()
            if not os.path.isdir(path):
                files += 1
                continue
            with suppress(OSError), os.scandir(path) as listing:
                for entry in listing:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif not entry.is_symlink():
                        files += 1
        if not self._stopped.is_set():
            self._know(files)

    def stop(self) -> None:
        """End the count soon."""
        self._stopped.set()
