"""Compiled images inside the zygote: map them."""

import mmap
import os
from collections.abc import Callable, Sequence

from clearward.formats.identify import MARKS
from clearward.jail.control import Settings, SourceHead
from clearward.rules.image_loader import Loaded, Unsound, Using, load_images
from clearward.rules.image_source import ImageSource


def mapped(
    images: Sequence[tuple[SourceHead, int]], version: str, settings: Settings
) -> Callable[[int], Sequence[Loaded]]:
    """Return what puts images in force.

    Args:
        images: what goes with them, and their descriptors, which are closed.
        version: of yara-x.
        settings: of the scan.

    Raises:
        Unsound: a file is shorter than it was.
    """
    maps = [_map(head, file) for head, file in images]
    sources = [
        ImageSource(head.number, head.label, head.origin, memoryview(data))
        for (head, _), data in zip(images, maps, strict=True)
    ]
    using = Using(
        MARKS,
        version,
        describe=settings.describe,
        unwanted=settings.unwanted,
        check=settings.check,
    )

    def load(first: int) -> Sequence[Loaded]:
        loaded = load_images(sources, first, using)
        for data in maps:  # what was only checked need not stay resident
            data.madvise(mmap.MADV_DONTNEED)
        return loaded

    return load


def _map(head: SourceHead, file: int) -> mmap.mmap:
    """Map a file, so that every worker shares what is read of it."""
    try:
        return mmap.mmap(file, head.size, mmap.MAP_SHARED, mmap.PROT_READ)
    except (ValueError, OSError) as error:  # also of an empty one
        raise Unsound(f"{head.label}: it cannot be mapped: {error}") from error
    finally:
        os.close(file)
