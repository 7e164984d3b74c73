"""Bodies as programs: chains of pieces of elements, each piece with its key.

The shapes are those of `native.layout`, "A payload of kind BODY".
"""

from dataclasses import dataclass

from clearward.native.layout import (
    MOST_GROUPS,
    MOST_NESTING,
    MOST_OFFSET,
    PIECE,
    PLACE,
    UNBOUNDED,
    Border,
    Where,
)
from clearward.native.layout import Element as Kind
from clearward.rules.clamav.model import (
    Body,
    Bytes,
    Chain,
    Choice,
    Edge,
    Element,
    Masked,
    Near,
    Piece,
    Place,
    Skip,
)
from clearward.rules.image.frequencies import Frequencies
from clearward.rules.image.unusable import Unusable

MOST_16 = 0xFFFF
LONGEST_PIECE = 1 << 24  # bytes that one piece may take
LONGEST_KEY = 16  # bytes; more make no search faster

_ANYWHERE = PLACE.pack(Where.ANYWHERE, 0, 0, 0, 0)
_FROM_AN_END = {Where.START, Where.END}
_NUMBERED = {Where.SECTION, Where.IN_SECTION}
_MOST_DISTANCE = 32  # of a byte near a piece
_BYTES = Kind.BYTES.to_bytes(1, "little")
_MASKED = Kind.MASKED.to_bytes(1, "little")
_ANY = Kind.ANY.to_bytes(1, "little")
_CHOICE = Kind.CHOICE.to_bytes(1, "little")
_BORDER = Kind.BORDER.to_bytes(1, "little")
_NEAR = Kind.NEAR.to_bytes(1, "little")


@dataclass(slots=True)
class _Row:
    """Elements as they are laid out, one after the other.

    Attributes:
        program: what was laid out so far.
        least, most: bytes that it takes.
        runs: plain bytes at a fixed distance: distance, offset in the program, bytes.
    """

    program: bytearray
    least: int
    most: int
    runs: list[tuple[int, int, bytes]]


def encode_body(body: Body, frequencies: Frequencies) -> bytes:
    """Return the payload of a body.

    Raises:
        Unusable: it does not fit the layout.
    """
    chains = body.chains
    if not 0 < len(chains) <= MOST_16:
        raise Unusable(f"{len(chains)} alternatives of a body")
    parts = [encode_place(body.place), len(chains).to_bytes(4, "little")]
    for chain in chains:
        _encode_chain(chain, frequencies, parts)
    return b"".join(parts)


def encode_place(place: Place) -> bytes:
    """Return where a body or an expression may begin, as 24 bytes."""
    where, offset = place.where, place.offset
    if where is Where.ANYWHERE:
        return _ANYWHERE
    if not -MOST_OFFSET <= offset <= MOST_OFFSET or place.group >= MOST_GROUPS:
        raise Unusable("an offset that is too large")
    if offset < 0 and where in _FROM_AN_END:
        raise Unusable("an offset outside of the part")
    free = where is not Where.GROUP
    return PLACE.pack(
        where,
        place.section if where in _NUMBERED else 0,
        0 if free else place.group,
        offset if free and where is not Where.IN_SECTION else 0,
        min(place.shift, MOST_OFFSET) if free else 0,
    )


def _encode_chain(chain: Chain, frequencies: Frequencies, parts: list[bytes]) -> None:
    pieces = chain.pieces
    if not 0 < len(pieces) <= MOST_16 or len(chain.gaps) != len(pieces) - 1:
        raise Unusable(f"{len(pieces)} pieces and {len(chain.gaps)} gaps")
    parts.append(len(pieces).to_bytes(4, "little"))
    for piece, (least, most) in zip(pieces, ((0, 0), *chain.gaps), strict=True):
        longest = UNBOUNDED if most is None else min(most, UNBOUNDED)
        if not 0 <= least <= longest or least == UNBOUNDED:
            raise Unusable("a gap that cannot be")
        _encode_piece(piece, (least, longest), frequencies, parts)


def _encode_piece(
    piece: Piece, gap: tuple[int, int], frequencies: Frequencies, parts: list[bytes]
) -> None:
    row = _outer_row(piece)
    if not row.least:
        raise Unusable("a piece that takes no byte")
    distance, offset, length = _key(row.runs, frequencies)
    program = row.program
    head = PIECE.pack(*gap, len(program), row.least, row.most, distance, offset, length)
    program += bytes(-len(program) % 4)
    parts.append(head)
    parts.append(bytes(program))


def _key(
    runs: list[tuple[int, int, bytes]], frequencies: Frequencies
) -> tuple[int, int, int]:
    """Return distance, offset in the program and length of the rarest plain run."""
    best = (0, 0, 0)
    rarest = -1
    for distance, offset, data in runs:
        start, rarity = frequencies.rarest(data)
        if rarity > rarest:
            length = min(len(data) - start, LONGEST_KEY)
            best, rarest = (distance + start, offset + start, length), rarity
    return best


def _outer_row(piece: Piece) -> _Row:
    """Lay out a piece: borders and bytes near it stand around what takes bytes."""
    front = _outside(piece)
    back = _outside(piece[front:][::-1])
    if front + back == 0:
        return _row(piece, 0)
    row = _Row(bytearray(), 0, 0, [])
    for element in piece[:front]:
        _lay_around(row, element)
    row = _row(piece[front : len(piece) - back], 0, row)
    for element in piece[len(piece) - back :]:
        _lay_around(row, element)
    return row


def _outside(piece: Piece) -> int:
    """Return how many elements a piece begins with that take no byte."""
    for number, element in enumerate(piece):
        if isinstance(element, Edge):
            return number + 1
        if not isinstance(element, Near):
            return number
    return len(piece)


def _row(elements: Piece, depth: int, row: _Row | None = None) -> _Row:
    """Lay out elements that take bytes, behind what a row has."""
    row = row or _Row(bytearray(), 0, 0, [])
    for element in elements:
        kind = type(element)
        if kind is Bytes:
            _lay_bytes(row, element)  # type: ignore[arg-type]  # of that kind
        elif kind is Masked:
            _lay_masked(row, element)  # type: ignore[arg-type]
        elif kind is Skip:
            _lay_skip(row, element)  # type: ignore[arg-type]
        elif kind is Choice:
            _lay_choice(row, element, depth)  # type: ignore[arg-type]
        else:
            _lay_inner_edge(row, element, depth)
    if row.most > LONGEST_PIECE:
        raise Unusable(f"a piece of {row.most} bytes")
    return row


def _lay_bytes(row: _Row, element: Bytes) -> None:
    data = element.data
    for start in range(0, len(data), MOST_16):
        block = data[start : start + MOST_16]
        row.program += _BYTES + len(block).to_bytes(2, "little")
        if row.least == row.most:
            row.runs.append((row.least + start, len(row.program), block))
        row.program += block
    row.least += len(data)
    row.most += len(data)


def _lay_masked(row: _Row, element: Masked) -> None:
    values, masks = element.values, element.masks
    if len(values) != len(masks):
        raise Unusable("not as many masks as values")
    for start in range(0, len(values), MOST_16):
        block = values[start : start + MOST_16]
        mask = masks[start : start + MOST_16]
        row.program += _MASKED + len(block).to_bytes(2, "little")
        row.program += under(block, mask) + mask
    row.least += len(values)
    row.most += len(values)


def _lay_skip(row: _Row, element: Skip) -> None:
    count = element.count
    if not 0 <= count <= LONGEST_PIECE:
        raise Unusable(f"a piece of {count} bytes")
    row.least += count
    row.most += count
    while count:
        block = min(count, MOST_16)
        row.program += _ANY + block.to_bytes(2, "little")
        count -= block


def _lay_choice(row: _Row, element: Choice, depth: int) -> None:
    if depth == MOST_NESTING:
        raise Unusable(f"alternatives nested more than {MOST_NESTING} deep")
    inner = [_row(alternative, depth + 1) for alternative in element.alternatives]
    if not 0 < len(inner) <= MOST_16:
        raise Unusable(f"{len(inner)} alternatives")
    least = min(each.least for each in inner)
    most = max(each.most for each in inner)
    if element.negated and least != most:
        raise Unusable("negated alternatives of different lengths")
    row.program += _CHOICE + bytes([element.negated])
    row.program += len(inner).to_bytes(2, "little")
    for each in inner:
        if len(each.program) > MOST_16:
            raise Unusable("an alternative of more than 65,535 bytes")
        row.program += len(each.program).to_bytes(2, "little") + each.program
    if not most:
        raise Unusable("alternatives that take no byte")
    row.least += least
    row.most += most


def _lay_inner_edge(row: _Row, element: Element, depth: int) -> None:
    """Lay out a border amid a piece, where it takes one byte."""
    if depth or not isinstance(element, Edge) or element.kind is Border.WIDE:
        raise Unusable("a border or a byte near a piece that stands within")
    _lay_around(row, element)
    row.least += 1
    row.most += 1


def _lay_around(row: _Row, element: Element) -> None:
    """Lay out what stands around a piece."""
    if isinstance(element, Edge):
        row.program += _BORDER + bytes([element.kind, element.negated])
        return
    if not isinstance(element, Near):
        raise Unusable("an element that stands around no piece")
    if not 0 <= element.least <= element.most <= _MOST_DISTANCE:
        raise Unusable("a byte near a piece that is too far")
    value = element.value & element.mask
    shape = [element.before, element.least, element.most, 1, value, element.mask]
    row.program += _NEAR + bytes(shape)


def under(values: bytes, masks: bytes) -> bytes:
    """Return values under their masks, of which there are as many.

    Raises:
        Unusable: there are not.
    """
    if len(values) != len(masks):
        raise Unusable("not as many masks as values")
    return bytes([value & mask for value, mask in zip(values, masks, strict=True)])
