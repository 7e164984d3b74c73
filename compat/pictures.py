"""Random pictures and icons for the generator, and lists that know them by their looks.

The hash in a signature is clearward's own, or that with a bit changed: if clamscan
makes another one of the picture, the two do not find the same.
"""

import io
import random
import struct
from dataclasses import dataclass

from PIL import Image, ImageDraw

from clearward.core.icon import Icon, read
from clearward.core.reader import Reader
from clearward.formats import heavy
from clearward.formats.pictures import bitmap, iconic, scale
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


ICON_SIDES = (16, 20, 24, 32, 32, 40, 48, 64, 128)
ICON_BITS = (1, 4, 8, 24, 32, 32)


def icon(source: random.Random) -> bytes:
    """A bitmap as icons have it."""
    side, bits = source.choice(ICON_SIDES), source.choice(ICON_BITS)
    drawn = _boxes((side, side), source)
    if bits <= 8:
        few = drawn.quantize(1 << bits)
        colours = (few.getpalette() or [])[: 3 << bits]
        colours += [0] * ((3 << bits) - len(colours))
        table = zip(colours[2::3], colours[1::3], colours[::3], strict=True)
        head = b"".join(bytes((*colour, 0)) for colour in table)
        rows = [[few.getpixel((x, y)) for x in range(side)] for y in range(side)]
        texts = ["".join(f"{value:0{bits}b}" for value in row) for row in rows]
        lines = [_packed(text) for text in texts]
    else:
        head, lines, points = b"", [], drawn.tobytes()
        shown = source.choice(((255,), (255,), (0, 128, 255), (0,)))
        for y in range(side):
            line = b""
            for x in range(side):
                colour = points[3 * (y * side + x) :][:3][::-1]
                line += (colour + bytes([source.choice(shown)]))[: bits // 8]
            lines.append(line + bytes(-len(line) % 4))
    mask = [
        _packed("".join(source.choice("00000001") for _ in range(side)))
        for _ in range(side)
    ]
    start = struct.pack("<IiiHH24x", 40, side, 2 * side, 1, bits)
    return start + head + b"".join(lines[::-1]) + b"".join(mask)


def _packed(bits: str) -> bytes:
    width = (len(bits) + 31) // 32 * 32
    return int(bits.ljust(width, "0"), 2).to_bytes(width // 8)


def looks(data: bytes) -> Icon | None:
    """What clearward says that an icon looks like."""
    reader = Reader.of(data)
    shape = bitmap.shape_of(reader, 0)
    found = None if shape is None else bitmap.read(reader, shape)
    if found is None:
        return None
    small = scale.scaled(found)
    return iconic.look(small.points, small.width)


def nearly(known: Icon, source: random.Random) -> str:
    """The digits of an icon with some places and values changed."""
    digits = list(str(known))
    last = known.side - known.side // 4 - 2
    for start, count, width in ((2, 6, 3), (44, 12, 2)):
        for at in range(count):
            place = start + at * (width + 4) + width
            for which in (place, place + 2):
                if source.random() < 0.6:
                    old = int("".join(digits[which : which + 2]), 16)
                    new = min(max(old + source.randint(-4, 4), 0), last)
                    digits[which : which + 2] = f"{new:02x}"
            if source.random() < 0.1:
                digits[place - 2 : place] = f"{source.randrange(256):02x}"
                if width == 3 and int("".join(digits[place - 3 : place]), 16) > 4072:
                    digits[place - 3] = "e"
    made = "".join(digits)
    read(made)
    return made
