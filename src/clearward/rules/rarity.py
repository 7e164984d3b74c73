"""Guess how rare matches of a YARA string are, and tell how they all begin.

How rare is a guess: it decides what is quick, never what is found. Counted are the
bytes in a row that every match has:

    bytes                                               count
    the same as the one before                          nothing
    a small letter behind a letter: words are common    half
    a magic, a phrase that is in so many files          nothing
    any other                                           one
"""

import re
from functools import lru_cache

from clearward.rules.lexer import String, compiled

_COMMENT = r"//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/"
_BYTES = r"(?:[0-9a-fA-F]{2}\s*+)++"
_HEX_CHOICE = r"\([^)]*+\)|\[[^\]]*+\]"
_ESCAPE = r"(?s:\\(x[0-9a-fA-F]{2}|.))"
_KNOWN = r"(?:[^\\\"]|\\(?:x[0-9a-fA-F]{2}|[nrt\\\"]))*+"
_CLASS = r"\[(?:\\.|[^\]\\])*+\]|\\[a-zA-Z]|[.?*+(){}|^$]"
_CHANGED = ("wide", "xor", "base64", "nocase")  # matches are other bytes than the text
_SHORTCUTS = {"n": "\n", "r": "\r", "t": "\t"}
_WORD = rb"(?<=[a-zA-Z])[a-z]"
# What is at the front of so many files, or else in all of some kind.
_COMMON = (
    rb"\AMZ|\A\x7fELF|\APK\x03\x04|\A\xd0\xcf\x11\xe0(\xa1\xb1\x1a\xe1)?|\A%PDF-?(1\.[0-9])?"
    rb"|\A\xff\xd8\xff[\xe0\xe1]?|\A\x89PNG|\AGIF8[79]?a?|\A\{\\rtf|\ARar!|\A<\?xml|\A<\?php"
    rb"|\A#!/usr/bin/env|\A#!/bin/|%%EOF|\[Content_Types\]\.xml|word/|META-INF/MANIFEST\.MF"
    rb"|https?://(www\.)?|HTTP/1\.|127\.0\.0\.1|-----BEGIN|Content-[A-Z][a-z-]*[A-Za-z-]*"
    rb"|Microsoft|Windows"
)


@lru_cache(maxsize=1 << 16)
def rarity(string: String) -> int:
    """Return how rare matches are: from 0, what matches everywhere, upwards."""
    fixed = max(_fixed(string), key=_counted, default=b"")
    counted = _counted(fixed)
    if "xor" in string.modifiers:  # 255 strings in one
        counted //= 2
    return counted


def beginning(string: String) -> bytes:
    """Return bytes that every match begins with; none if that is not known."""
    if any(word in string.modifiers for word in _CHANGED):
        return b""
    text = string.text
    if text.startswith("{"):
        found = compiled(_BYTES).match(compiled(_COMMENT).sub(" ", text)[1:].lstrip())
        return bytes.fromhex(found[0]) if found else b""
    if text.startswith('"') and not text.startswith('"""') and text.isascii():
        known = compiled(_KNOWN).match(text, 1)
        return _unescaped(known[0]) if known else b""
    return b""


def _fixed(string: String) -> list[bytes]:
    """Return rows of bytes that every match has, as far as is easily seen."""
    text = string.text
    if text.startswith('"'):
        return [_unescaped(text.strip('"'))]
    if text.startswith("{"):
        text = compiled(_HEX_CHOICE).sub("?", compiled(_COMMENT).sub(" ", text))
        return [bytes.fromhex(found) for found in compiled(_BYTES).findall(text)]
    body = text[1 : text.rindex("/")]
    return [
        _unescaped(row)
        for row in compiled(_CLASS).sub("\n", body).split("\n")
        if row.isascii()
    ]


def _unescaped(text: str) -> bytes:
    def plain(found: re.Match[str]) -> str:
        what = found[1]
        if len(what) > 1:
            return chr(int(what[1:], 16))
        return _SHORTCUTS.get(what, what)

    return compiled(_ESCAPE).sub(plain, text).encode("latin-1", "replace")


def _counted(fixed: bytes) -> int:
    fixed = compiled(_COMMON).sub(b"", fixed)
    changes = sum(map(int.__ne__, fixed, b"\x00" + fixed))
    return changes - len(compiled(_WORD).findall(fixed)) // 2
