"""Pieces as rows of cells: what stands at fixed distances from each other.

A cell is a byte value under a mask; mask 0 is any byte. What varies in length ends a
run of cells. Alternatives are any bytes of their length, or, when they are expanded,
make a row of their own each: every match of a piece has all the runs of one of its
rows.
"""

from dataclasses import dataclass

from clearward.rules.clamav.model import Bytes, Choice, Masked, Piece, Skip

MOST_ROWS = 16
_WIDEST = 8  # cells of any value that a run goes on behind
_EXACT = b"\xff"


@dataclass(frozen=True, slots=True)
class Run:
    """Cells next to each other: values, each zero where its mask is, and masks."""

    values: bytes
    masks: bytes


Row = list[Run]
_END = Run(b"", b"")  # stands where a run ends


def rows_of(piece: Piece, *, expand: bool) -> list[Row]:
    """Return the rows of a piece; one, unless alternatives are expanded."""
    return [_joined(row) for row in _rows(piece, expand=expand)]


def has_choice(piece: Piece) -> bool:
    """Say whether expanding makes a difference."""
    return any(isinstance(each, Choice) and not each.negated for each in piece)


def _rows(piece: Piece, *, expand: bool) -> list[Row]:
    rows: list[Row] = [[]]
    for element in piece:
        if isinstance(element, Bytes):
            more = Run(element.data, _EXACT * len(element.data))
        elif isinstance(element, Masked):
            more = _masked(element)
        elif isinstance(element, Skip):
            more = _any(element.count)
        elif isinstance(element, Choice):
            inner = _expanded(element, len(rows)) if expand else []
            if inner:
                rows = [row + other for row in rows for other in inner]
                continue
            more = _any(width_of(element))
        else:  # a border may take a byte, or none
            more = _END
        for row in rows:
            row.append(more)
    return rows


def _expanded(choice: Choice, times: int) -> list[Row]:
    """Return a row for each alternative, or none if they are too many."""
    if choice.negated or len(choice.alternatives) * times > MOST_ROWS:
        return []
    rows: list[Row] = []
    for alternative in choice.alternatives:
        rows += _rows(alternative, expand=True)
    return rows if len(rows) * times <= MOST_ROWS else []


def width_of(choice: Choice) -> int | None:
    """Return how many bytes alternatives take; None if that varies."""
    widths = {_width(alternative) for alternative in choice.alternatives}
    return widths.pop() if len(widths) == 1 else None


def _width(piece: Piece) -> int | None:
    total = 0
    for element in piece:
        if isinstance(element, Bytes):
            total += len(element.data)
        elif isinstance(element, Masked):
            total += len(element.values)
        elif isinstance(element, Skip):
            total += element.count
        elif isinstance(element, Choice):
            width = width_of(element)
            if width is None:
                return None
            total += width
        else:
            return None
    return total


def _masked(element: Masked) -> Run:
    pairs = zip(element.values, element.masks, strict=True)
    return Run(bytes([value & mask for value, mask in pairs]), element.masks)


def _any(count: int | None) -> Run:
    if count is None or count > _WIDEST:
        return _END
    return Run(bytes(count), bytes(count))


def _joined(row: Row) -> Row:
    """Return the runs between the ends."""
    runs: Row = []
    values, masks = b"", b""
    for run in (*row, _END):
        if run is _END:
            if any(masks):
                runs.append(Run(values, masks))
            values, masks = b"", b""
        else:
            values += run.values
            masks += run.masks
    return runs
