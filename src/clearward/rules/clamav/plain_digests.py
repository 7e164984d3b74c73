"""Read lists of digests by the block: most of their lines are plain.

    digest:size:name[:level]        of files
    size:digest:name[:level]        of sections

A line is plain if it is exactly that, with a size in decimal digits or ``*``, a short
printable name, and a level that this program has (and ``*`` asks for). All others are
handed back as text, for `digests.DigestReader` to read; so what a line means is said
there. Where all lines of a block are plain and alike, as those of long lists are, they
are handed on together. This is for lists of millions.
"""

import re
from binascii import unhexlify
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clearward.core.limits import KIB
from clearward.rules.clamav.digests import ANY_SIZE_LEVEL
from clearward.rules.clamav.fields import LEVEL
from clearward.rules.clamav.listed import Of

_DIGEST = rb"((?:[0-9A-Fa-f]{32}){1,2}|[0-9A-Fa-f]{40})"
_SIZE = rb"([1-9][0-9]{0,15}|\*)"
_BEHIND = rb":([!-9;-~]{1,128})(?::([0-9]{1,3}))?\r?(?:\n|\Z)"
_LINES = {
    Of.FILE: re.compile(rb"^" + _DIGEST + b":" + _SIZE + _BEHIND, re.MULTILINE),
    Of.SECTION: re.compile(rb"^" + _SIZE + b":" + _DIGEST + _BEHIND, re.MULTILINE),
}
READ = frozenset(_LINES)  # what lists are of that can be read so

_WIDTHS = (4, 5)  # fields of a line, with the mark at its end
_DIGITS = (32, 40, 64)
_SIZE_DIGITS = 16
_LEVEL_DIGITS = 3
_MOST_NAME = 128
_PRINTABLE = bytes(range(0x21, 0x7F))
_BLOCK = 256 * KIB  # of a list that is looked at together

# Digest, size (None is any), name; a class would take twice as long.
Plain = tuple[bytes, int | None, bytes]


@dataclass(frozen=True, slots=True)
class Alike:
    """Plain lines with digests of one algorithm, all with a size or none.

    Attributes:
        digests: one behind the other.
        sizes: in bytes, of each; None for any.
        names: of each.
    """

    digests: bytes
    sizes: list[int] | None
    names: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Rest:
    """Lines that are not plain.

    Attributes:
        before: how many lines of the list stand before them.
        text: of these lines.
    """

    before: int
    text: bytes


def read_plain(text: bytes, of: Of) -> Iterator[Plain | Alike | Rest]:
    """Yield plain lines and the text between them, in order.

    Args:
        text: of a list.
        of: what its digests are of, one of `READ`.
    """
    start = lines = 0
    while start < len(text):
        end = text.find(b"\n", start + _BLOCK) + 1 or len(text)
        block = text[start:end]
        alike = _alike(block, of)
        if alike is not None:
            yield alike
        else:
            yield from _one_by_one(block, of, lines)
        lines += block.count(b"\n")
        start = end


def _alike(block: bytes, of: Of) -> Alike | None:
    """Return the lines of a block; None if they are not all alike.

    Fields are what is between colons, and a mark for the end of each line: where every
    mark is at the same distance from the one before, all lines have so many fields.
    """
    if not block.endswith(b"\n"):
        block += b"\n"
    lines = block.replace(b"\r\n", b"\n").replace(b"\n", b":\n:")
    fields = lines.removesuffix(b":").split(b":")
    width = fields.index(b"\n") + 1 if fields[-1] == b"\n" else 0
    if (
        width not in _WIDTHS
        or len(fields) % width
        or set(fields[width - 1 :: width]) != {b"\n"}
    ):
        return None
    one, two, names = (fields[at::width] for at in range(3))
    digests, sizes = (two, one) if of is Of.SECTION else (one, two)
    levels = set(fields[3::width]) if width == max(_WIDTHS) else {b"0"}
    any_size = sizes[0] == b"*"
    if not (
        all(level.isdigit() and len(level) <= _LEVEL_DIGITS for level in levels)
        and max(map(int, levels)) <= LEVEL
        and (min(map(int, levels)) >= ANY_SIZE_LEVEL or not any_size)
        and (set(sizes) == {b"*"} if any_size else _are_sizes(sizes))
        and _are_names(names)
    ):
        return None
    digits = b"".join(digests)
    if len(set(map(len, digests))) > 1 or len(digests[0]) not in _DIGITS:
        return None
    try:
        made = unhexlify(digits)
    except ValueError:
        return None
    return Alike(made, None if any_size else [*map(int, sizes)], names)


def _are_sizes(sizes: list[bytes]) -> bool:
    lengths = set(map(len, sizes))
    return (
        0 < min(lengths) <= max(lengths) <= _SIZE_DIGITS
        and b"".join(sizes).isdigit()
        and b"0" not in {size[:1] for size in sizes}
    )


def _are_names(names: list[bytes]) -> bool:
    lengths = set(map(len, names))
    return 0 < min(lengths) <= max(lengths) <= _MOST_NAME and not b"".join(
        names
    ).translate(None, _PRINTABLE)


def _one_by_one(text: bytes, of: Of, lines: int) -> Iterator[Plain | Rest]:
    """Yield plain lines and the text between them, behind so many other lines."""
    swapped = of is Of.SECTION
    end = 0
    for found in _LINES[of].finditer(text):
        one, two, name, level = found.groups()
        digest, size = (two, one) if swapped else (one, two)
        needed = int(level) if level is not None else 0
        if needed > LEVEL or (size == b"*" and needed < ANY_SIZE_LEVEL):
            continue
        start = found.start()
        if start != end:
            yield Rest(lines, text[end:start])
            lines += text.count(b"\n", end, start)
        yield unhexlify(digest), None if size == b"*" else int(size), name
        lines += 1
        end = found.end()
    if end < len(text):
        yield Rest(lines, text[end:])
