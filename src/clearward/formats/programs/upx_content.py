"""Unpack the blocks of UPX, and undo what was done to code before it was packed.

Code packs better where all calls of one function are the same bytes, so the distances
in calls and jumps are made addresses:

    26h, 46h, 49h   x86: E8 and E9, 49h also 0F 80 to 0F 8F. Behind the opcode stand the
                    parameter, and the address from the start of the block in 24 bits,
                    big-endian
    50h, 51h        ARM: BL, its 24 bits, in words; 51h big-endian
    52h             ARM of 64 bits: BL and B, their 26 bits

Source: what upx 4.2 makes of programs; Intel SDM; Arm Architecture Reference Manual.
"""

import lzma
import re
import zlib
from collections.abc import Iterator
from typing import Literal

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import CHUNK, Reader
from clearward.formats.lz import fastest_nrv
from clearward.formats.lz.nrv import Variant
from clearward.formats.programs.upx import DEFLATE, LZMA, NRV, Block

NAME = "upx"
LEAST_DICTIONARY = 4096
MOST_LITERALS = 4  # of lc + lp
NO_FILTER = 0
X86_OLD, X86_CALLS, X86_JUMPS = 0x26, 0x46, 0x49
ARM, ARM_BIG, ARM64 = 0x50, 0x51, 0x52
Order = Literal["little", "big"]
UNDONE = frozenset({NO_FILTER, X86_OLD, X86_CALLS, X86_JUMPS, ARM, ARM_BIG, ARM64})
WORD = 4
PROPERTIES = 2  # bytes in front of LZMA
CALL, ARM_CALL, ARM64_CALL = 0xE8, 0x0B, 0x14  # opcodes, the last without a bit


def content(reader: Reader, block: Block) -> Iterator[bytes]:
    """Yield what a block unpacks to, in chunks.

    Raises:
        Malformed: it is damaged. What stands before that was yielded.
        Truncated: it ends early; the same.
    """
    pieces = _unpacked(block, reader.at(block.start, block.packed))
    fault: Malformed | None = None
    packed = b""
    try:
        packed = next(pieces, b"")
        next(pieces, None)
    except Malformed as error:
        fault = error
    whole = unfiltered(packed, block.filter, block.parameter)
    del packed  # as large as the other
    for at in range(0, len(whole), CHUNK):
        yield bytes(whole[at : at + CHUNK])
    if isinstance(fault, Truncated):
        raise Truncated(NAME, block.start + fault.offset, fault.field)
    if fault is not None:
        raise Malformed(NAME, block.start + fault.offset, fault.field)


def _unpacked(block: Block, packed: bytes) -> Iterator[bytes]:
    """Yield all that a block unpacks to at once, then raise what is wrong with it."""
    if block.packed == block.size:
        yield packed
    elif block.method in NRV:
        yield from fastest_nrv.expand(packed, Variant(*NRV[block.method]), block.size)
    else:
        whole = _OTHERS[block.method](packed, block.size)
        yield whole
        if len(whole) < block.size:
            raise Truncated(NAME, len(packed), "block")


def _lzma(packed: bytes, size: int) -> bytes:
    """Unpack LZMA behind two bytes: 8 x (lc + lp) + pb, and 16 x lp + lc."""
    if len(packed) <= PROPERTIES:
        raise Truncated(NAME, len(packed), "properties")
    both, bits = divmod(packed[0], 8)
    high, literal = divmod(packed[1], 16)
    if both != high + literal or both > MOST_LITERALS or bits > MOST_LITERALS:
        raise Malformed(NAME, 0, "properties")
    filters = [
        {
            "id": lzma.FILTER_LZMA1,
            "lc": literal,
            "lp": high,
            "pb": bits,
            "dict_size": max(size, LEAST_DICTIONARY),
        }
    ]
    decoder = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
    try:
        return decoder.decompress(packed[PROPERTIES:], size)
    except lzma.LZMAError:
        raise Malformed(NAME, PROPERTIES, "LZMA") from None


def _deflate(packed: bytes, size: int) -> bytes:
    try:
        return zlib.decompressobj(-15).decompress(packed, size)
    except zlib.error:
        raise Malformed(NAME, 0, "deflate") from None


_OTHERS = {LZMA: _lzma, DEFLATE: _deflate}


def unfiltered(data: bytes, filter: int, parameter: int) -> bytes | bytearray:
    """Return code as it was before a filter; as it is if the filter is not known."""
    if filter in {X86_OLD, X86_CALLS, X86_JUMPS}:
        return _x86(data, parameter, jumps=filter == X86_JUMPS)
    if filter in {ARM, ARM_BIG}:
        return _arm(data, "big" if filter == ARM_BIG else "little")
    return _arm64(data) if filter == ARM64 else data


def _x86(data: bytes, parameter: int, *, jumps: bool) -> bytearray:
    mark = re.escape(bytes([parameter]))
    opcodes = b"[\xe8\xe9]|(?<=\x0f)[\x80-\x8f]" if jumps else b"[\xe8\xe9]"
    calls = re.compile(b"(?:" + opcodes + b")" + mark)
    whole = bytearray(data)
    place = end = 0
    while (call := calls.search(data, place)) is not None:
        place = call.start() + 1
        if place + WORD > len(data):
            break
        if end and call.start() == end and data[end] < CALL:
            continue  # what stands before it is an address, and no 0F
        target = int.from_bytes(data[place + 1 : place + WORD], "big")
        distance = (target - place) & 0xFFFFFFFF
        whole[place : place + WORD] = distance.to_bytes(WORD, "little")
        place = end = place + WORD
    return whole


def _arm(data: bytes, order: Order) -> bytearray:
    whole = bytearray(data)
    last = 3 if order == "little" else 0
    for place in range(0, len(data) - 3, WORD):
        if data[place + last] & 0x0F == ARM_CALL:
            word = int.from_bytes(data[place : place + WORD], order)
            target = (word - place // WORD) & 0xFFFFFF
            word = word & 0xFF000000 | target
            whole[place : place + WORD] = word.to_bytes(WORD, order)
    return whole


def _arm64(data: bytes) -> bytearray:
    whole = bytearray(data)
    for place in range(0, len(data) - 3, WORD):
        if data[place + 3] & 0x7C == ARM64_CALL:
            word = int.from_bytes(data[place : place + WORD], "little")
            target = (word - place // WORD) & 0x3FFFFFF
            word = word & 0xFC000000 | target
            whole[place : place + WORD] = word.to_bytes(WORD, "little")
    return whole
