"""Try every string of a rule by itself on text that bears markings.

What decides is the matcher itself, so it does not matter how a string is written:
classes of an expression, bytes with holes, any modifier. A string that also matches the
same text with other letters is none that looks for a marking; expressions for any words
are many.
"""

import base64
import codecs
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import yara_x

from clearward.core.markings import MARKINGS
from clearward.rules.kinds import OUTSIDE_VARIABLES
from clearward.rules.lexer import Rule

_MOST = 20_000  # matches of one string
_COVERED = 0.8  # of a marking
_LEAST = 6  # bytes of one that a match covers
_GAP = b"\r\n\x1f\x1f\r\n"
_TURN = 11  # letters of the alphabet
# Looked up here: once the process is locked no file can be opened.
_CODES = tuple(
    codecs.lookup(name)
    for name in (
        *("utf-8", "utf-16-le", "utf-16-be", "cp1252", "cp1250", "cp1251", "koi8-r"),
        *("cp1253", "cp1254", "cp1255", "cp1256", "gb18030", "big5", "shift_jis"),
    )
)
_ORDINARY = frozenset(one.text for one in MARKINGS if one.weak)
_BETWEEN = ("-", "_", "  ", "", "\n")  # in the place of spaces


@dataclass(frozen=True, slots=True)
class _Text:
    """Markings one after the other, and the same with other letters.

    Attributes:
        data: all of it.
        starts: where each begins, and where the one with other letters does.
        ends: likewise.
        names: of the markings.
    """

    data: bytes
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    names: tuple[str, ...]


def tried(rules: Mapping[str, Sequence[Rule]]) -> Iterator[tuple[str, str, str, str]]:
    """Yield name space, rule, string and marking for strings that look for one.

    Args:
        rules: by name space.
    """
    text = _text()
    compiler = yara_x.Compiler()
    compiler.enable_includes(yes=False)
    for variable in OUTSIDE_VARIABLES:
        compiler.define_global(variable, "")
    for space, some in rules.items():
        compiler.new_namespace(space)
        with suppress(yara_x.CompileError):  # the compiler of the rules says so
            compiler.add_source("".join(map(_only_strings, some)))
    scanner = yara_x.Scanner(compiler.build())
    scanner.max_matches_per_pattern(_MOST)
    for found in scanner.scan(text.data).matching_rules:
        for pattern in found.patterns:
            if name := _marking(pattern, text):
                yield found.namespace, found.identifier, pattern.identifier, name


def _only_strings(rule: Rule) -> str:
    if not rule.strings:
        return ""
    strings = "\n".join(
        f"{one.identifier} = {one.text} {one.modifiers}" for one in rule.strings
    )
    return f"rule {rule.name} {{ strings: {strings} condition: any of them }}\n"


def _marking(pattern: yara_x.Pattern, text: _Text) -> str | None:
    """Return a marking that a string looks for."""
    covered: set[int] = set()
    for match in pattern.matches:
        end = match.offset + match.length
        place = max(bisect_right(text.starts, match.offset) - 1, 0)
        while place < len(text.starts) and text.starts[place] < end:
            start, stop = text.starts[place], text.ends[place]
            piece = text.data[max(match.offset, start) : min(end, stop)]
            enough = len(piece) >= max(_LEAST, _COVERED * (stop - start))
            if enough and not _is_ordinary(piece):
                covered.add(place)
            place += 1
    for place in sorted(covered):
        if place % 2 == 0 and place + 1 not in covered:
            return text.names[place // 2]
    return None


def _is_ordinary(piece: bytes) -> bool:
    """Say whether a piece of a marking is one ordinary word."""
    shown = piece.replace(b"\0", b"").decode("latin-1").strip().upper()
    return shown in _ORDINARY


def _text() -> _Text:
    data = bytearray(_GAP)
    starts: list[int] = []
    ends: list[int] = []
    names: list[str] = []
    for name, marked, other in _pairs():
        for one in (marked, other):
            starts.append(len(data))
            data += one
            ends.append(len(data))
            data += _GAP
        names.append(name)
    return _Text(bytes(data), tuple(starts), tuple(ends), tuple(names))


def _pairs() -> Iterator[tuple[str, bytes, bytes]]:
    """Yield each marking in each form, and the same with other letters."""
    for marking in MARKINGS:
        if marking.weak:
            continue
        for form in dict.fromkeys(_forms(marking.text)):
            other = "".join(map(_turned, form))
            seen: set[bytes] = set()
            for code in _CODES:
                with suppress(UnicodeEncodeError):
                    pair = code.encode(form)[0], code.encode(other, "replace")[0]
                    if pair[0] not in seen and pair[0] != pair[1]:
                        yield marking.text, *pair
                    seen.add(pair[0])
        other = "".join(map(_turned, marking.text))
        for wide in ("utf-8", "utf-16-le"):
            yield from _as_base64(marking.text, other, wide)


def _forms(text: str) -> Iterator[str]:
    yield text
    yield text.lower()
    yield text.title()
    for between in _BETWEEN:
        yield text.replace(" ", between)


def _as_base64(text: str, other: str, code: str) -> Iterator[tuple[str, bytes, bytes]]:
    """Yield the part of base64 that does not depend on what is around."""
    for before in range(3):
        pair = []
        for one in (text, other):
            coded = base64.b64encode(b" " * before + one.encode(code) + b"   ")
            end = 4 * ((before + len(one.encode(code))) // 3)
            pair.append(coded[4 if before else 0 : end])
        if pair[0] and pair[1]:
            yield text, pair[0], pair[1]


def _turned(one: str) -> str:
    """Return another letter of the same alphabet and case; what is none stays."""
    for first, last in (("a", "z"), ("A", "Z")):
        if first <= one <= last:
            size = ord(last) - ord(first) + 1
            return chr(ord(first) + (ord(one) - ord(first) + _TURN) % size)
    return chr(ord(one) + 1) if one.isalpha() else one
