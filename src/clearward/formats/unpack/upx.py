"""Unpack programs of Unix that UPX packed: ELF and Mach-O.

How their blocks are found is in `programs/upx`, what is in them in
`programs/upx_content`, and where it belongs in `programs/upx_layout`. The part is the
program as it was, as far as its blocks tell: byte for byte the file that was packed,
for what upx 4.2 writes.

Programs of Windows are run instead, whoever packed them.
"""

from collections.abc import Iterator, Sequence

from clearward.core.errors import Malformed
from clearward.core.limits import KIB, MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.programs.upx import Block, chain, first, order
from clearward.formats.programs.upx_content import UNDONE, content
from clearward.formats.programs.upx_layout import Piece, pieces

NAME = "upx"
HEAD = 64 * KIB
UNPACKED = b"unpacked"
LARGEST = 64 * MIB  # bytes of a block
HOLE = 1 * MIB  # of zeros that are written for what is missing


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield the program that was packed, and what of it cannot be had.

    Raises:
        Malformed: the block with its headers is damaged.
    """
    head = reader.at(0, HEAD)
    start = first(head, reader)
    if start is None:
        raise Malformed(NAME, 0, "first block")
    blocks = list(chain(reader, start.place, order(head)))
    headers = b"".join(content(reader, start))
    program = pieces(reader, blocks, headers, order(head))
    packed = [each.block for each in program if each.block is not None]
    chunks = _chunks(reader, program)
    yield Part(Stream(chunks), UNPACKED, reader.size)
    if any(each.size > LARGEST for each in packed):
        yield Gap(Reason.MEMORY_LIMIT)
    if any(each.filter not in UNDONE for each in packed):
        yield Gap(Reason.UNSUPPORTED)


def _chunks(reader: Reader, program: Sequence[Piece]) -> Iterator[bytes]:
    """Yield the program from front to back.

    Raises:
        Malformed: a block is damaged. The others have been yielded.
    """
    fault: Malformed | None = None
    place = 0
    for piece in program:
        missing = piece.offset - place
        if 0 < missing <= HOLE:
            yield bytes(missing)
        place = max(piece.offset, place)
        try:
            for chunk in _content(reader, piece):
                place += len(chunk)
                yield chunk
        except Malformed as error:
            fault = fault or error
    if fault is not None:
        raise fault


def _content(reader: Reader, piece: Piece) -> Iterator[bytes]:
    if piece.block is not None:
        return content(reader, piece.block) if _fits(piece.block) else iter(())
    stored = piece.stored
    start = min(stored.offset, reader.size)
    return reader.slice(start, min(stored.size, reader.size - start)).chunks()


def _fits(block: Block) -> bool:
    return block.size <= LARGEST
