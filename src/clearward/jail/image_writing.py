"""Compile sources into an image inside the zygote, and write it."""

import os
from collections.abc import Callable, Sequence

from clearward.core.names import Table
from clearward.formats.identify import MARKS
from clearward.jail.control import Progress, Written
from clearward.rules.image_writer import compile_image
from clearward.rules.source import Source

_PIECE = 1 << 20  # bytes written at one time


def write_image(
    file: int,
    sources: Sequence[Source],
    version: str,
    tell: Callable[[Progress], object],
) -> tuple[Table, Written]:
    """Compile sources into an image and write it.

    Args:
        file: descriptor of an empty file.
        sources: numbered from 0 in this order.
        version: of yara-x.
        tell: is told how far it is.

    Returns:
        Problems, digests of the sources and what was left out; and what is written.

    Raises:
        OSError: it cannot be written.
    """

    def told(doing: str, done: int) -> None:
        tell(Progress(doing, done))

    made = compile_image(sources, marks=MARKS, version=version, tell=told)
    size = 0
    for chunk in made.image.chunks:
        with memoryview(chunk) as view:
            for start in range(0, len(view), _PIECE):
                _write(file, view[start : start + _PIECE])
        size += len(chunk)
    return made.table, Written(size)


def _write(file: int, data: memoryview) -> None:
    while data:
        data = data[os.write(file, data) :]
