"""Find markings of documents in what rules look for."""

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from itertools import pairwise

from clearward.core.markings import MARKINGS
from clearward.rules.lint.letters import folded, folded_lines, has_no_words

_LEAST = 8  # letters of a marking that is cut up or behind a key
# Malware has such names as well: those of a project's folder, or of a library.
_PATHS = re.compile(
    r"\S*\\\S+|\S+\.(?:exe|dll|pdb|sys|c|cpp|h|cs|py|php|js|vbs|bat|ps1|jar|class|txt|dat)\b",
    re.IGNORECASE,
)
# Looked up here: once the process is locked no file can be opened.
_CODES = tuple(
    codecs.lookup(name)
    for name in (
        *("utf-8", "utf-16-le", "utf-16-be", "cp1250", "cp1251", "cp1252", "cp1253"),
        *(
            "cp1254",
            "cp1255",
            "cp1256",
            "cp1257",
            "cp1258",
            "koi8-r",
            "koi8-u",
            "cp866",
        ),
        *("iso8859-2", "iso8859-5", "iso8859-7", "mac-cyrillic", "gb18030", "big5"),
        *("shift_jis", "euc-jp", "iso2022-jp", "euc-kr"),
    )
)
_MOST_JOINED = 6  # strings
_MOST_LONE = 4  # letters that a string of a cut marking has more than the marking


def marking(texts: Iterable[str]) -> str | None:
    """Return a marking that one of some texts has, or None."""
    whole = folded_lines(_PATHS.sub(" ", text) for text in texts)
    return next((text for shape, text in _strong().items() if shape in whole), None)


def weak(text: str) -> str | None:
    """Return the marking that is all that a text says, also an ordinary word."""
    return _weak().get(folded(text))


def joined(texts: Sequence[str]) -> str | None:
    """Return a marking that several strings make together, or None."""
    words = [line.strip() for line in folded_lines(texts).splitlines()]
    lone = set(words)
    for phrase, parts in _parts():
        if lone.issuperset(parts):
            return phrase
    close = [one.replace(" ", "") for one in words]
    whole = "".join(close)
    if not any(short in whole for short in _close()):
        return None
    for start in range(len(close)):
        for count in range(2, _MOST_JOINED + 1):
            some = close[start : start + count]
            if len(some) == count and (found := _cut(some)):
                return found
    return None


def coded(pieces: Iterable[Sequence[int | None]]) -> str | None:
    """Return a marking of another alphabet that bytes hold, however coded."""
    whole = b"\0\r\0\r".join(
        bytes(one if one is not None else 0 for one in data) for data in pieces
    )
    if whole.isascii():
        return None
    return next((text for form, text in _encoded().items() if form in whole), None)


def hidden(pieces: Iterable[Sequence[int | None]]) -> str | None:
    """Return a marking that bytes hold behind one key of xor, or None.

    How neighbours differ does not depend on the key.
    """
    differing = b"\xff\0\xff".join(
        _differences(bytes(one for one in data if one is not None))
        for data in pieces
        if len(data) >= _LEAST and None not in data
    )
    if not differing:
        return None
    return next(
        (text for form, text in _differing().items() if form in differing), None
    )


@cache
def _strong() -> dict[str, str]:
    return {
        shape: one.text
        for one in MARKINGS
        if not one.weak
        for shape in _shapes(one.text)
    }


def _shapes(text: str) -> Iterator[str]:
    """Yield how a marking stands among words; without its own spaces as well."""
    words = folded(text)
    if has_no_words(text):
        yield words
    else:
        yield f" {words} "
        if len(close := words.replace(" ", "")) >= _LEAST:
            yield f" {close} "


@cache
def _weak() -> dict[str, str]:
    return {folded(one.text): one.text for one in MARKINGS}


@cache
def _parts() -> tuple[tuple[str, tuple[str, ...]], ...]:
    pairs = ((one.text, folded(one.text).split()) for one in MARKINGS if not one.weak)
    return tuple((text, tuple(parts)) for text, parts in pairs if len(parts) > 1)


@cache
def _close() -> dict[str, str]:
    close = {folded(one.text).replace(" ", ""): one.text for one in MARKINGS}
    return {short: text for short, text in close.items() if len(short) >= _LEAST}


def _cut(pieces: Sequence[str]) -> str | None:
    """Return the marking that pieces are, one after the other, with hardly any more."""
    whole = "".join(pieces)
    if not all(pieces) or not _LEAST <= len(whole) <= 40:  # noqa: PLR2004 - the longest
        return None
    for short, text in _close().items():
        place = whole.find(short)
        if 0 <= place < len(pieces[0]) and len(whole) - len(short) <= _MOST_LONE:
            end = place + len(short)
            if end > len(whole) - len(pieces[-1]):
                return text
    return None


@cache
def _differing() -> dict[bytes, str]:
    return {
        _differences(form.encode(code)): one.text
        for one in MARKINGS
        if not one.weak and len(one.text) >= _LEAST
        for form in (one.text, one.text.lower(), one.text.title())
        for code in ("utf-8", "utf-16-le")
    }


@cache
def _encoded() -> dict[bytes, str]:
    """Return how markings that are not ASCII are written in bytes."""
    made: dict[bytes, str] = {}
    for one in MARKINGS:
        if one.weak or one.text.isascii():
            continue
        for form in (one.text, one.text.lower(), one.text.title()):
            for code in _CODES:
                with suppress(UnicodeEncodeError):
                    made[code.encode(form)[0]] = one.text
    return made


def _differences(data: bytes) -> bytes:
    return bytes(one ^ other for one, other in pairwise(data))
