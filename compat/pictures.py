"""Random pictures for the generator, and signatures that know them by their looks.

The hash in a signature is clearward's own, or that with a bit changed: if clamscan
makes another one of the picture, the two do not find the same.
"""

import io
import random
from dataclasses import dataclass

from PIL import Image, ImageDraw

from clearward.formats import heavy
from clearward.formats.pictures.grey import look

# No side of two points: so small a picture is decided by rounding. No JPEG: decoders
# differ by one in some points. See docs/compat-clamav.md.
SIDES = (1, 7, 16, 31, 32, 33, 64, 90, 150)

# How each kind is saved: ClamAV's type, Pillow's format and its options.
KINDS: dict[str, tuple[str, str, dict[str, object]]] = {
    "png": ("CL_TYPE_PNG", "PNG", {}),
    "gif": ("CL_TYPE_GIF", "GIF", {}),
    "bmp": ("CL_TYPE_GRAPHICS", "BMP", {}),
    "tiff": ("CL_TYPE_TIFF", "TIFF", {"compression": "tiff_lzw"}),
}
MODES = {
    "png": ("RGB", "L", "1", "P", "RGBA", "LA"),
    "gif": ("P", "L", "1"),
    "bmp": ("RGB", "L", "1", "P"),
    "tiff": ("RGB", "L"),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and what it looks like.

    Attributes:
        data: the file.
        hash: 16 hexadecimal digits.
    """

    data: bytes
    hash: str


def drawn(source: random.Random) -> Picture:
    """A picture of any kind."""
    heavy.load()
    kind = source.choice(sorted(KINDS))
    size = source.choice(SIDES), source.choice(SIDES)
    mode = source.choice(MODES[kind])
    picture = _boxes(size, source).convert(mode)
    if mode in {"RGBA", "LA"}:
        picture.putalpha(_boxes(size, source).convert("L"))
    type, format, options = KINDS[kind]
    out = io.BytesIO()
    picture.save(out, format, **options)
    made = look(out.getvalue(), type).hash
    if made is None:
        raise ValueError(f"a {kind} that cannot be read back")
    return Picture(out.getvalue(), made.hex())


def changed(hash: str, source: random.Random) -> str:
    """A hash with one bit changed."""
    return f"{int(hash, 16) ^ 1 << source.randrange(64):016x}"


def _boxes(size: tuple[int, int], source: random.Random) -> Image.Image:
    def colour() -> tuple[int, int, int]:
        return source.randrange(256), source.randrange(256), source.randrange(256)

    picture = Image.new("RGB", size, colour())
    draw = ImageDraw.Draw(picture)
    for _ in range(source.randrange(2, 12)):
        left, right = sorted(source.randrange(-5, size[0] + 5) for _ in range(2))
        top, bottom = sorted(source.randrange(-5, size[1] + 5) for _ in range(2))
        shape = source.choice((draw.rectangle, draw.ellipse))
        shape((left, top, right, bottom), fill=colour())
    return picture
