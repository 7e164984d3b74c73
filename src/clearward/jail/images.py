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
    sources = [_map(head, file) for head, file in images]
    using = Using(
        MARKS,
        version,
        describe=settings.describe,
        unwanted=settings.unwanted,
        check=settings.check,
    )
    return lambda first: load_images(sources, first, using)


def _map(head: SourceHead, file: int) -> ImageSource:
    """Map a file, so that every worker shares what is read of it."""
    try:
        data = mmap.mmap(file, head.size, mmap.MAP_SHARED, mmap.PROT_READ)
    except (ValueError, OSError) as error:  # also of an empty one
        raise Unsound(f"{head.label}: it cannot be mapped: {error}") from error
    finally:
        os.close(file)
    return ImageSource(head.number, head.label, head.origin, memoryview(data))
