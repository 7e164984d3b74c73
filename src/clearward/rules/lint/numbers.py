"""Bytes that a condition compares as numbers, put together again.

uint16(0) == 0x4F54 and uint16(2) == 0x2050          T O P space, at their places
uint32(i) == 0x20504F54 and uint32(i + 4) == ...     in the order of the text
"""

from collections.abc import Iterator, Sequence

from clearward.rules.lexer import compiled, integer

_INTEGER = r"u?int(8|16|32)(be)?"
_LEAST = 4  # bytes


def compared(tokens: Sequence[str]) -> list[list[int | None]]:
    """Return bytes that a condition compares, in several orders.

    A gap between two known places is one byte that may be anything.
    """
    known: dict[int, int] = {}
    written: list[int | None] = []
    turned: list[int | None] = []
    for size, big, offset, value in _comparisons(tokens):
        data = value.to_bytes(size, "big" if big else "little")
        written += data
        turned += data[::-1]
        if offset is not None:
            known.update(enumerate(data, offset))
    placed: list[int | None] = []
    for offset in sorted(known):
        if placed and offset - 1 not in known:
            placed.append(None)
        placed.append(known[offset])
    return [each for each in (placed, written, turned) if len(each) >= _LEAST]


def _comparisons(tokens: Sequence[str]) -> Iterator[tuple[int, bool, int | None, int]]:
    """Yield size, order, offset if it is a number, and value of what is compared."""
    for place, token in enumerate(tokens):
        kind = compiled(_INTEGER).fullmatch(token)
        if kind is None or tokens[place + 1 : place + 2] != ("(",):
            continue
        end = _closing(tokens, place + 1)
        value = integer(tokens[end + 2]) if len(tokens) > end + 2 else None
        size = int(kind[1]) // 8
        if value is not None and tokens[end + 1] == "==" and not value >> (8 * size):
            inside = tokens[place + 2 : end]
            offset = integer(inside[0]) if len(inside) == 1 else None
            yield size, bool(kind[2]), offset, value


def _closing(tokens: Sequence[str], start: int) -> int:
    """Return the place of the bracket that closes one."""
    depth = 0
    for place in range(start, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[place], 0)
        if depth == 0:
            return place
    return len(tokens)
