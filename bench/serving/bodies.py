"""Make the bodies that are sent: text, web pages, programs and zips, some to be found.

Each holds `COUNTER` once, where `load.c` puts a number that rises with each request. In
a zip that is in the first member, which is stored; bodies.c mends its CRC. One text has
none, and is sent as it is each time.
"""

import io
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import inputs

COUNTER = b"@@COUNTER-HERE@@"
MARKER = b"a body that the benchmark's own signature finds"
RULE = f"Bench.Marker:0:*:{MARKER.hex()}\n"
ONE_IN = 16  # bodies is to be found

SIZES = {"4 KB": (4096, 256), "1 MB": (1 << 20, 48)}  # bytes, and how many bodies
REPEATED = "4 KB, the same"

_MACHINE = 0x8664
_HEADERS = 0x200  # bytes in front of the only section


def bodies(folder: Path, name: str) -> Path:
    """The folder with bodies of a size, by its name in `SIZES`; made once."""
    made = folder / f"bodies-{name.replace(' ', '')}"
    if made.exists():
        return made
    made.mkdir(parents=True)
    source = random.Random(inputs.SEED)
    if name == REPEATED:
        (made / "text").write_bytes(inputs.text(source, 4096))
        return made
    size, count = SIZES[name]
    pages = _taken(inputs.pages(folder))
    programs = _taken(inputs.programs(folder))
    for number in range(count):
        kind = list(_KINDS)[number % len(_KINDS)]
        found = number % ONE_IN == number // ONE_IN % len(_KINDS)
        mark = MARKER if found else b""
        stock = {"page": pages, "program": programs}.get(kind, b"")
        data = _KINDS[kind](source, size, mark, stock)
        ending = ".found" if found else ""
        (made / f"{number:04}-{kind}{ending}").write_bytes(data)
    return made


def _taken(folder: Path) -> bytes:
    """A few megabytes of real files to cut from."""
    data = b"".join(
        path.read_bytes() for path in sorted(folder.iterdir())[:40] if path.is_file()
    )
    return data[: 16 << 20] or bytes(1 << 20)


def _cut(source: random.Random, stock: bytes, size: int) -> bytes:
    """Some bytes of a stock, from anywhere in it."""
    start = source.randrange(max(len(stock) - size, 1))
    return stock[start : start + size].ljust(size)


def _text(source: random.Random, size: int, mark: bytes, _stock: bytes) -> bytes:
    words = inputs.text(source, size)
    return (b"Number %s: %s " % (COUNTER, mark) + words)[:size]


def _page(source: random.Random, size: int, mark: bytes, stock: bytes) -> bytes:
    head = b"<!DOCTYPE html><html><head><title>%s</title></head><body>" % COUNTER
    foot = b"<p>" + mark + b"</p></body></html>"
    return head + _cut(source, stock, size - len(head) - len(foot)) + foot


def _program(source: random.Random, size: int, mark: bytes, stock: bytes) -> bytes:
    """A Windows program with one section of real code."""
    code = b"\xc3" * 16 + COUNTER + mark
    code += _cut(source, stock, size - _HEADERS - len(code))
    dos = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64)
    coff = struct.pack("<4sHHIIIHH", b"PE\0\0", _MACHINE, 1, 0, 0, 0, 0xF0, 0x22)
    optional = struct.pack("<HBBIIIII", 0x20B, 14, 0, len(code), 0, 0, 0x1000, 0x1000)
    optional += struct.pack("<QIIHHHHHHI", 1 << 32, 4096, 512, 6, 0, 0, 0, 6, 0, 0)
    image = 0x1000 + (len(code) + 0xFFF & ~0xFFF)
    optional += struct.pack("<IIIHH", image, _HEADERS, 0, 3, 0)
    optional += struct.pack("<QQQQII", 1 << 20, 4096, 1 << 20, 4096, 0, 16)
    section = struct.pack("<8sIIII", b".text", len(code), 0x1000, len(code), _HEADERS)
    section += struct.pack("<IIHHI", 0, 0, 0, 0, 0x60000020)
    front = dos + coff + optional.ljust(0xF0, b"\0") + section
    return front.ljust(_HEADERS, b"\0") + code


def _zip(source: random.Random, size: int, mark: bytes, _stock: bytes) -> bytes:
    """Documents as they are packed: words, and half noise as pictures are."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("number.txt", COUNTER, zipfile.ZIP_STORED)
        words = inputs.text(source, size // 2)
        archive.writestr("words.txt", words + b" " + mark)
        left = size - packed.tell() - 400
        archive.writestr("picture.bin", source.randbytes(left // 2))
        archive.writestr("second.bin", source.randbytes(left - left // 2))
    return packed.getvalue()


_KINDS: dict[str, Callable[[random.Random, int, bytes, bytes], bytes]] = {
    "text": _text,
    "page": _page,
    "program": _program,
    "zip": _zip,
}
