"""Decode a picture and shrink it to 32 by 32 grey points.

What is done, in the order and with the rounding that clamscan was seen to have:

* the first picture of several; what of a GIF's screen it does not cover is black;
* transparency is ignored, as are colour profiles and the way up;
* grey is 0.299 red + 0.587 green + 0.114 blue, rounded; 16 bits become 8, rounded;
* shrunk (or grown) by Lanczos' filter with three lobes, without rounding in between.

A damaged picture has no looks; of a JPEG what is there of it is taken.

Pillow decodes. It is used without what looks for plug-ins, and only in the process that
has loaded it (`formats.heavy`). The size is known before anything is decoded.

Source: ClamAV's manual, "Image Fuzzy Hash subsignatures"; tried with clamscan 1.4.6.
"""

import warnings
from collections.abc import Mapping
from io import BytesIO
from math import floor
from struct import error as struct_error
from typing import Any

from clearward.core.reasons import NONE, Reason
from clearward.core.sights import NO_LOOK, Look
from clearward.formats import heavy
from clearward.formats.pictures.perceptual import SIDE, perceptual_hash

MOST_POINTS = 25_000_000  # of a picture; decoding takes up to 10 bytes for each
STRIP = 1 << 19  # points that are made grey at a time
WEIGHTS = (0.299, 0.587, 0.114, 0.0)
GREY = frozenset({"1", "L"})
WITH_ALPHA = frozenset({"LA", "La"})
DEEP = frozenset({"I;16", "I;16B", "I;16L"})
COLOURED = frozenset({"P", "PA", "RGB", "RGBA", "RGBX", "RGBa", "CMYK"})

# What Pillow raises for pictures that are damaged or of a kind it does not know.
DAMAGE = (SyntaxError, OSError, EOFError, ValueError, IndexError, KeyError)
DAMAGE_TOO = (TypeError, OverflowError, ZeroDivisionError, struct_error)

# ClamAV's type of a part: module and class of Pillow, and what it begins with.
READERS: Mapping[str, tuple[str, str, bytes]] = {
    "CL_TYPE_PNG": ("PngImagePlugin", "PngImageFile", b"\x89PNG"),
    "CL_TYPE_JPEG": ("JpegImagePlugin", "JpegImageFile", b"\xff\xd8\xff"),
    "CL_TYPE_GIF": ("GifImagePlugin", "GifImageFile", b"GIF8"),
    "CL_TYPE_GRAPHICS": ("BmpImagePlugin", "BmpImageFile", b"BM"),
    "CL_TYPE_TIFF": ("TiffImagePlugin", "TiffImageFile", b""),
}


def look(data: bytes, kind: str) -> Look:
    """Return what a part looks like.

    Args:
        data: all of it.
        kind: its type, as ClamAV names it.

    Raises:
        NotLoaded: this process has not loaded Pillow.
    """
    known = READERS.get(kind)
    if known is None or not data.startswith(known[2]):
        return NO_LOOK
    library = heavy.library("PIL")
    try:
        # A warning would be shown with the line it is about, from a file.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            points, reasons = _points(library, known, data)
    except MemoryError:
        return Look(None, Reason.MEMORY_LIMIT)
    except (*DAMAGE, *DAMAGE_TOO, library.Image.DecompressionBombError):
        return NO_LOOK
    if points is None:
        return Look(None, reasons)
    return Look(perceptual_hash(points), NONE)


def _points(
    library: Any,  # noqa: ANN401 - a module
    known: tuple[str, str, bytes],
    data: bytes,
) -> tuple[list[int] | None, Reason]:
    """Return 32 by 32 points, or why there are none."""
    module, name, _ = known
    # Many a JPEG lacks its end, and clamscan takes what is there.
    library.ImageFile.LOAD_TRUNCATED_IMAGES = module == "JpegImagePlugin"
    picture = getattr(getattr(library, module), name)(BytesIO(data))
    width, height = picture.size
    if width < 1 or height < 1:
        return None, NONE
    if width * height > MOST_POINTS:
        return None, Reason.MEMORY_LIMIT
    covered = (0, 0, width, height)
    if name == "GifImageFile" and picture.tile:
        covered = picture.tile[0][1]
    picture.load()
    if picture.mode not in GREY | WITH_ALPHA | DEEP | COLOURED:
        return None, NONE
    return _shrunk(library.Image, picture, covered), NONE


def _shrunk(
    image: Any,  # noqa: ANN401 - a module
    picture: Any,  # noqa: ANN401 - a picture
    covered: tuple[int, int, int, int],
) -> list[int]:
    """Return the points; rows first, so that little is held in 32 bits for each."""
    width, height = picture.size
    narrow = image.new("F", (SIDE, height))
    step = max(1, STRIP // width)
    for top in range(0, height, step):
        box = (0, top, width, min(top + step, height))
        strip = image.new("L", (width, box[3] - top))
        inner = (
            covered[0],
            max(covered[1], top),
            covered[2],
            min(covered[3], box[3]),
        )
        if inner[0] < inner[2] and inner[1] < inner[3]:
            strip.paste(_grey(picture.crop(inner)), (inner[0], inner[1] - top))
        size = (SIDE, strip.height)
        row = strip.convert("F").resize(size, image.Resampling.LANCZOS)
        narrow.paste(row, (0, top))
    small = narrow.resize((SIDE, SIDE), image.Resampling.LANCZOS)
    return [
        min(max(floor(small.getpixel((x, y)) + 0.5), 0), 255)
        for y in range(SIDE)
        for x in range(SIDE)
    ]


def _grey(picture: Any) -> Any:  # noqa: ANN401 - pictures
    """Return a picture with 8 bits of grey for each point."""
    if picture.mode in GREY:
        return picture.convert("L")
    if picture.mode in WITH_ALPHA:
        return picture.getchannel(0)
    if picture.mode in DEEP:
        # The conversion cuts off: a half, and a little against its own rounding.
        scaled = picture.convert("I").convert("F").point(_to_eight_bits)
        return scaled.convert("L")
    return picture.convert("RGB").convert("L", WEIGHTS)


def _to_eight_bits(value: Any) -> Any:  # noqa: ANN401 - an expression of Pillow's
    return value * (1 / 257) + 128.25 / 257
