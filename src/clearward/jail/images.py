"""Compiled images inside the zygote: map them, or write one."""

import mmap
import os
from collections.abc import Callable, Sequence

from clearward.core.names import Table
from clearward.formats.identify import MARKS
from clearward.jail.control import Progress, Settings, SourceHead, Written
from clearward.rules.image_loader import Loaded, Unsound, Using, load_images
from clearward.rules.image_source import ImageSource
from clearward.rules.image_writer import compile_image
from clearward.rules.source import Source

_PIECE = 1 << 20  # bytes written at one time


class Images:
    """Maps and writes images.

    Args:
        version: of yara-x.
    """

    def __init__(self, version: str) -> None:
        self._version = version

    def mapped(
        self, images: Sequence[tuple[SourceHead, int]], settings: Settings
    ) -> Callable[[int], Sequence[Loaded]]:
        """Return what puts images in force.

        Args:
            images: what goes with them, and their descriptors, which are closed.
            settings: of the scan.

        Raises:
            Unsound: a file is shorter than it was.
        """
        sources = [_map(head, file) for head, file in images]
        using = Using(
            MARKS,
            self._version,
            describe=settings.describe,
            unwanted=settings.unwanted,
            check=settings.check,
        )
        return lambda first: load_images(sources, first, using)

    def write(
        self, file: int, sources: Sequence[Source], tell: Callable[[Progress], object]
    ) -> tuple[Table, Written]:
        """Compile sources into an image and write it.

        Args:
            file: descriptor of an empty file.
            sources: numbered from 0 in this order.
            tell: is told how far it is.

        Returns:
            Problems, digests of the sources and what was left out; and what is written.

        Raises:
            OSError: it cannot be written.
        """

        def told(doing: str, done: int) -> None:
            tell(Progress(doing, done))

        made = compile_image(
            sources,
            marks=MARKS,
            version=self._version,
            tell=told,
        )
        size = 0
        for chunk in made.image.chunks:
            with memoryview(chunk) as view:
                for start in range(0, len(view), _PIECE):
                    _write(file, view[start : start + _PIECE])
            size += len(chunk)
        return made.table, Written(size)


def _map(head: SourceHead, file: int) -> ImageSource:
    """Map a file, so that every worker shares what is read of it."""
    try:
        data = mmap.mmap(file, head.size, mmap.MAP_SHARED, mmap.PROT_READ)
    except (ValueError, OSError) as error:  # also of an empty one
        raise Unsound(f"{head.label}: it cannot be mapped: {error}") from error
    finally:
        os.close(file)
    return ImageSource(head.number, head.label, head.origin, memoryview(data))


def _write(file: int, data: memoryview) -> None:
    while data:
        data = data[os.write(file, data) :]
