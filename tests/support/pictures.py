"""Pictures that are the same on every machine, and what clamscan says about them."""

import io
import struct
import zlib

from PIL import Image

SIZE = (90, 70)


def drawn(size: tuple[int, int] = SIZE) -> Image.Image:
    """A picture of two waves and a box."""
    width, height = size
    points = bytearray()
    for y in range(height):
        for x in range(width):
            boxed = width // 5 < x < width // 2 and height // 4 < y < height // 2
            wave = (x * x // 7 + y * 3) % 256
            points += bytes((wave, (y * y // 5 + x) % 256, 250 if boxed else 40))
    return Image.frombytes("RGB", size, bytes(points))


def saved(picture: Image.Image, format: str, **how: object) -> bytes:
    """A picture as a file."""
    out = io.BytesIO()
    picture.save(out, format, **how)
    return out.getvalue()


def png_chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG file."""
    check = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)


def png(width: int, height: int, rows: bytes = b"", depth: int = 8) -> bytes:
    """A PNG file of grey points that claims a size, with rows and their filters."""
    head = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", head)
        + png_chunk(b"IDAT", zlib.compress(rows))
        + png_chunk(b"IEND", b"")
    )


def on_larger_screen(gif: bytes) -> bytes:
    """A GIF file whose first picture is moved, on a screen larger than it."""
    changed = bytearray(gif)
    width, height = struct.unpack_from("<HH", gif, 6)
    struct.pack_into("<HH", changed, 6, width + 20, height + 13)
    place = gif.index(b",\0\0\0\0" + struct.pack("<HH", width, height))
    struct.pack_into("<HH", changed, place + 1, 7, 5)
    return bytes(changed)


def files() -> dict[str, tuple[str, bytes]]:
    """Pictures by name: ClamAV's type, and the file."""
    picture = drawn()
    grey, few = picture.convert("L"), picture.quantize(16)
    glass = picture.copy()
    glass.putalpha(grey)
    rows = b"".join(
        b"\0" + struct.pack(">90H", *((x * y * 11) % 65536 for x in range(90)))
        for y in range(70)
    )
    gif = saved(few, "GIF")
    return {
        "png": ("CL_TYPE_PNG", saved(picture, "PNG")),
        "png, grey": ("CL_TYPE_PNG", saved(grey, "PNG")),
        "png, two colours": ("CL_TYPE_PNG", saved(picture.convert("1"), "PNG")),
        "png, palette": ("CL_TYPE_PNG", saved(few, "PNG", transparency=3)),
        "png, glass": ("CL_TYPE_PNG", saved(glass, "PNG")),
        "png, grey glass": ("CL_TYPE_PNG", saved(glass.convert("LA"), "PNG")),
        "png, 16 bits": ("CL_TYPE_PNG", png(90, 70, rows, 16)),
        "gif": ("CL_TYPE_GIF", gif),
        "gif, moved": ("CL_TYPE_GIF", on_larger_screen(gif)),
        "bmp": ("CL_TYPE_GRAPHICS", saved(picture, "BMP")),
        "tiff": ("CL_TYPE_TIFF", saved(picture, "TIFF", compression="tiff_lzw")),
        "tiff, glass": ("CL_TYPE_TIFF", saved(glass, "TIFF")),
        "jpeg": ("CL_TYPE_JPEG", saved(picture, "JPEG", quality=90)),
        "jpeg, grey": ("CL_TYPE_JPEG", saved(grey, "JPEG", progressive=True)),
        "small": ("CL_TYPE_PNG", saved(drawn((7, 3)), "PNG")),
        "tall": ("CL_TYPE_PNG", saved(drawn((3, 400)), "PNG")),
    }
