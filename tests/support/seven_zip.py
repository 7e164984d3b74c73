"""Build 7z archives field by field, and read them."""

import lzma
import zlib
from collections.abc import Iterable, Sequence

from clearward.core.errors import Malformed
from clearward.core.part import Gap, Item, Link, Mention
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import seven_zip

CONTENT = bytes(range(256)) * 9
COPY, LZMA, LZMA2, PPMD = b"\0", b"\x03\x01\x01", b"\x21", b"\x03\x04\x01"
AES, UNKNOWN = b"\x06\xf1\x07\x01", b"\x04\xf7\x11\x05"
SMALL = {"id": lzma.FILTER_LZMA2, "dict_size": 1 << 16}
Member = tuple[bytes, bytes]


def number(value: int) -> bytes:
    for more in range(9):
        if value < 1 << (7 * (more + 1)) or more == 8:
            low = (value & (1 << 8 * more) - 1).to_bytes(more, "little")
            first = 0xFF << (8 - more) & 0xFF | value >> 8 * more
            return bytes((first & 0xFF,)) + low
    raise AssertionError


def crc(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(4, "little")


def lzma2(data: bytes) -> bytes:
    return lzma.compress(data, lzma.FORMAT_RAW, filters=[SMALL])


def coder(method: bytes = COPY, properties: bytes = b"") -> bytes:
    flags = len(method) | (0x20 if properties else 0)
    more = number(len(properties)) + properties if properties else b""
    return b"\1" + bytes((flags,)) + method + more


def streams(
    folders: Sequence[bytes],
    packed: Sequence[int],
    held: Sequence[Sequence[bytes]],
    place: int = 0,
    sizes: Sequence[int] | None = None,
) -> bytes:
    """Packed streams at `place`, one for each folder, with what each folder holds."""
    if sizes is None:
        sizes = [sum(map(len, each)) for each in held]
    out = b"\6" + number(place) + number(len(packed))
    out += b"\x09" + b"".join(map(number, packed)) + b"\0"
    out += b"\7\x0b" + number(len(folders)) + b"\0" + b"".join(folders)
    out += b"\x0c" + b"".join(map(number, sizes)) + b"\0"
    out += b"\x08\x0d" + b"".join(number(len(each)) for each in held)
    out += b"\x09" + b"".join(number(len(one)) for each in held for one in each[:-1])
    out += b"\x0a\1" + b"".join(crc(one) for each in held for one in each)
    return out + b"\0\0"


def files(members: Sequence[Member]) -> bytes:
    empty = "".join("01"[not content] for _, content in members)
    empty += "0" * (-len(empty) % 8)
    bits = int(empty or "0", 2).to_bytes(len(empty) // 8)
    names = b"\0" + b"".join(
        name.decode().encode("utf-16-le") + b"\0\0" for name, _ in members
    )
    out = b"\5" + number(len(members))
    out += b"\x0e" + number(len(bits)) + bits + b"\x14\x02\0\0"
    return out + b"\x11" + number(len(names)) + names + b"\0"


def around(packed: bytes, header: bytes) -> bytes:
    """An archive of packed streams and a header."""
    size = len(packed).to_bytes(8, "little") + len(header).to_bytes(8, "little")
    start = size + crc(header)
    return seven_zip.MAGIC + b"\0\4" + crc(start) + start + packed + header


def archive(
    members: Sequence[Member], folder: bytes = b"", packed: bytes | None = None
) -> bytes:
    """A solid archive; LZMA2 unless told otherwise."""
    held = [content for _, content in members if content]
    whole = b"".join(held)
    if packed is None:
        packed = lzma2(whole)
    described = b""
    if held:
        folder = folder or coder(LZMA2, b"\x08")
        described = b"\4" + streams([folder], [len(packed)], [held])
    return around(packed, b"\1" + described + files(members) + b"\0")


def encoded(data: bytes, folder: bytes = b"", size: int | None = None) -> bytes:
    """The same archive with its header packed."""
    header = data[32 + int.from_bytes(data[12:20], "little") :]
    before = data[32 : len(data) - len(header)]
    packed = lzma2(header)
    described = streams(
        [folder or coder(LZMA2, b"\x08")],
        [len(packed)],
        [[header]],
        len(before),
        None if size is None else [size],
    )
    return around(before + packed, b"\x17" + described)


def opened(data: bytes) -> list[Item]:
    return list(seven_zip.unpack(Reader.of(data)))


def until_damage(
    items: Iterable[Item],
) -> tuple[list[bytes], list[Reason], Malformed | None]:
    """What each part gave, the reasons of parts and gaps, and what ended it all."""
    found: list[bytes] = []
    reasons: list[Reason] = []
    try:
        for item in items:
            if isinstance(item, Gap):
                reasons.append(item.reason)
                continue
            if isinstance(item, Mention | Link):
                continue
            found.append(b"")
            if isinstance(item.content, Reader):
                found[-1] = item.content.at(0, item.content.size)
                continue
            try:
                for chunk in item.content.rest():
                    found[-1] += chunk
            except Malformed as error:
                reasons.append(error.reason)
    except Malformed as error:
        return found, reasons, error
    return found, reasons, None


def looked(data: bytes) -> tuple[list[bytes], list[Reason], Malformed | None]:
    return until_damage(seven_zip.unpack(Reader.of(data)))


def opened_again(data: bytes) -> Iterable[Item]:
    return seven_zip.unpack(Reader.of(data))
