"""One line on a terminal that says how far a compilation is."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from clearward.faces.text import escaped
from clearward.jail.control import Progress


@contextmanager
def progress(*, json: bool) -> Iterator[Callable[[Progress], None]]:
    """Give what shows how far it is; the line goes at the end.

    Args:
        json: programs read the output, so nothing is shown.
    """
    if json or not sys.stderr.isatty():
        yield _nothing
        return
    try:
        yield _show
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _show(progress: Progress) -> None:
    done = f" {progress.done:,}" if progress.done else ""
    sys.stderr.write(f"\r\x1b[K{escaped(progress.doing)}{done}")
    sys.stderr.flush()


def _nothing(_progress: Progress) -> None:
    """Show nothing."""
