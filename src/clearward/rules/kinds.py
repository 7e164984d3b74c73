"""Say which terms of a YARA condition cannot hold, by how the data begin.

Two kinds of data are told apart: programs, which begin with `MZ`, and all others.

    term                                     cannot hold for
    uint16(0) == 0x5A4D, turned round, too   others; any other value there: programs
    $a at 0                                  the same, if all matches begin alike
    pe.is_pe, pe.imphash() == "..."          others
    for any s in pe.sections: ...            others
    filename contains "x"                    any: the name of a file is always empty

A value that does not exist makes everything undefined that is computed from it, and
what is undefined is false, even behind `not`. The fields in `_UNDEFINED` do not exist
unless the data begin with `MZ`.

Source: YARA-X 1.23, its documentation of undefined values, `lib/src/modules/pe`.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from clearward.rules.expression import Group, Shown
from clearward.rules.lexer import compiled, integer

MAGIC = b"MZ"
OUTSIDE_VARIABLES = ("filename", "filepath", "extension", "filetype", "owner")
_INTEGER = r"uint(8|16|32)(be)?"
# Words that take a part in something else than arithmetic on defined values.
LOGIC = frozenset(("not", "defined", "for", "of", "with", ","))

_UNDEFINED = frozenset(
    (
        *("characteristics", "checksum", "dll_name", "entry_point", "image_base"),
        *("imphash", "is_32bit", "is_64bit", "is_dll", "is_signed", "machine"),
        *("number_of_exports", "number_of_imports", "number_of_sections"),
        *("number_of_signatures", "pdb_path", "sections", "signatures"),
        *("size_of_image", "subsystem", "timestamp", "version_info"),
    )
)
_FALSE = frozenset(("is_pe", "exports", "imports"))
_OF_SOMETHING = frozenset(
    (
        *("==", "iequals", "contains", "icontains"),
        *("startswith", "istartswith", "endswith", "iendswith"),
    )
)
_NAMES = frozenset((*OUTSIDE_VARIABLES, "pe"))
_TELLING = frozenset(
    ("pe", "at", *(f"uint{size}{end}" for size in (8, 16, 32) for end in ("", "be")))
)
_HEADER = 4  # words and groups of a term that compares an integer of the data


def tells_kinds_apart(tokens: Sequence[str]) -> bool:
    """Say whether a condition may hold more easily for one kind of data."""
    return not _TELLING.isdisjoint(tokens)


def gives_names(tokens: Sequence[str]) -> bool:
    """Say whether words in a condition may stand for something else than they should.

    A loop may give its variable a name that is known here.
    """
    if "with" in tokens:
        return True
    return "for" in tokens and any(
        word in _NAMES and behind in ("in", ",") for word, behind in pairwise(tokens)
    )


def cannot_hold(
    term: Sequence[str | Group[Shown]], tokens: Sequence[str], *, program: bool
) -> bool:
    """Say whether a term cannot hold.

    Args:
        term: two words or groups, or more.
        tokens: of the condition.
        program: the data begin with `MAGIC`; else they do not.
    """
    first = term[0]
    if first == "pe":
        return not program and _is_of_programs(term)
    if first == "for":
        return not program and _goes_through_nothing(term, tokens)
    if first in OUTSIDE_VARIABLES:
        return _wants_something(term[1:])
    if len(term) == _HEADER and "==" in (term[1], term[2]):
        turned = (*term[2:], term[1], first) if term[1] == "==" else term
        return _is_other_header(turned, tokens, program=program)
    return False


def cannot_begin(known: bytes, offset: int = 0, *, program: bool) -> bool:
    """Say whether data of a kind cannot have these bytes at an offset."""
    if not program:
        return offset == 0 and known.startswith(MAGIC)
    wanted = MAGIC[offset : offset + len(known)]
    return known[: len(wanted)] != wanted


def is_arithmetic(term: Sequence[str | Group[Shown]]) -> bool:
    """Say whether a term is undefined if its first value is."""
    return not any(isinstance(word, str) and word in LOGIC for word in term)


def read_integer(word: str) -> re.Match[str] | None:
    """Return the size in bits and the order of an integer that a word reads."""
    return compiled(_INTEGER).fullmatch(word)


def _is_of_programs(term: Sequence[str | Group[Shown]]) -> bool:
    """Say whether a term that begins with `pe` holds for programs only."""
    if len(term) <= len(("pe", ".")):
        return False
    field, last = term[2], term[3:]
    if field in _UNDEFINED:
        return is_arithmetic(term)
    called = len(last) == 1 and isinstance(last[0], Group)
    return field in _FALSE and (called or not last)


def _goes_through_nothing(
    term: Sequence[str | Group[Shown]], tokens: Sequence[str]
) -> bool:
    """Say whether a loop that wants any is over what only programs have."""
    if term[1] != "any" or "in" not in term:
        return False
    words: list[str] = []
    for word in term[term.index("in") + 1 : -2]:
        if isinstance(word, Group):
            words += tokens[word.start + 1 : word.end]
        else:
            words.append(word)
    fields = {
        words[place + 2]
        for place in range(len(words) - 2)
        if words[place : place + 2] == ["pe", "."]
    }
    return LOGIC.isdisjoint(words) and not _UNDEFINED.isdisjoint(fields)


def _wants_something(compared: Sequence[str | Group[Shown]]) -> bool:
    """Say whether this does not hold for an empty text."""
    match compared:
        case [str(sign), str(value)] if sign in _OF_SOMETHING:
            return value.startswith('"') and not value.startswith('""')
    return False


def _is_other_header(
    term: Sequence[str | Group[Shown]], tokens: Sequence[str], *, program: bool
) -> bool:
    """Say whether the data begin with something else than a comparison wants."""
    match term:
        case [str(kind), Group() as group, "==", str(value)]:
            shape, number = read_integer(kind), integer(value)
        case _:
            return False
    words = tokens[group.start + 1 : group.end]
    offset = integer(words[0]) if len(words) == 1 else None
    if shape is None or number is None or offset is None:
        return False
    size = int(shape[1]) // 8
    if offset >= len(MAGIC) or number >> (8 * size):
        return False
    known = number.to_bytes(size, "big" if shape[2] else "little")
    return cannot_begin(known, offset, program=program)
