"""Build the data that installers carry, by the rules of each."""

import bz2
import lzma
import struct
import zlib

BLOCK, STREAM_END = 0x314159265359, 0x177245385090


def lzma_stream(data: bytes) -> bytes:
    """LZMA with properties in front and an end mark, as installers have it."""
    chain = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16}]
    packed = lzma.compress(data, lzma.FORMAT_ALONE, filters=chain)
    return packed[:5] + packed[13:]


def lzma_filtered(data: bytes, *, x86: bool) -> bytes:
    """The same with a byte in front that says whether calls were changed."""
    chain = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, "lc": 3, "lp": 0, "pb": 2}]
    if x86:
        chain.insert(0, {"id": lzma.FILTER_X86})
    packer = lzma.LZMACompressor(lzma.FORMAT_RAW, filters=chain)
    packed = packer.compress(data) + packer.flush()
    return bytes((x86,)) + b"]" + struct.pack("<I", 1 << 16) + packed


def deflated(data: bytes) -> bytes:
    """Deflate without a header."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def block_sorted(data: bytes, level: int = 9) -> bytes:
    """Blocks of bzip2 as NSIS has them: with marks of a byte and without checksums."""
    whole = bz2.compress(data, level)
    bits = f"{int.from_bytes(whole, 'big'):0{8 * len(whole)}b}"[32:]
    mark, end = f"{BLOCK:048b}", f"{STREAM_END:048b}"
    blocks = bits[: bits.rindex(end)].split(mark)[1:]
    plain = "".join(f"{0x31:08b}{block[33:]}" for block in blocks) + f"{0x17:08b}"
    plain += "0" * (-len(plain) % 8)
    return int(plain, 2).to_bytes(len(plain) // 8, "big")


def nsis_header(files: dict[str, int], *, wide: bool = True) -> bytes:
    """The script of NSIS that extracts files of these names, by place in the data."""
    strings = "\0" if wide else "\0s"
    entries = b""
    for name, place in files.items():
        entries += struct.pack("<7I", 20, 0, len(strings), place, 0, 0, 0)
        strings += name + "\0"
    text = strings.encode("utf-16-le" if wide else "latin-1")
    start = 4 + 8 * 8
    blocks = [(start, 0)] * 8
    blocks[2] = (start, len(files))
    blocks[3] = (start + len(entries), 0)
    table = b"".join(struct.pack("<II", *each) for each in blocks)
    return bytes(4) + table + entries + text


def nsis_first(header: bytes, content: bytes, *, crc: bool = True) -> bytes:
    """The data of NSIS, given its script unpacked and its blocks packed."""
    flags = 0 if crc else 4
    size = 28 + len(content) + 4 * crc
    magic = b"\xef\xbe\xad\xdeNullsoftInst"
    first = struct.pack("<I", flags) + magic + struct.pack("<II", len(header), size)
    return first + content + bytes(4 * crc)


def nsis_blocks(*blocks: tuple[bytes, bool]) -> bytes:
    """Blocks of NSIS that are packed on their own, each with whether it is packed."""
    return b"".join(
        struct.pack("<I", len(data) | packed << 31) + data for data, packed in blocks
    )


def nsis_solid(header: bytes, *files: bytes) -> bytes:
    """What the one stream of NSIS holds."""
    return b"".join(struct.pack("<I", len(each)) + each for each in (header, *files))
