"""Undo defanging in running text, and keep in mind which dots were defanged.

A dot that somebody defanged stands for an address: ``install[.]sh`` is a host where
``install.sh`` is a file. So it becomes `DOT`, which no text has afterwards otherwise.

Spaces mean less between words than in a value. ``evil .com`` is a host only with a real
top-level name that is no word, and without an article or the like before it.
"""

import re

from clearward.formats.extraction.friends import FRIENDS
from clearward.indicators.defang import undone
from clearward.indicators.toplevel import TOP_LEVEL

DOT = "\x01"

_SPACE_DOT = re.compile(r" \.([A-Za-z]{2,18})(?![\w-])")
_DOT_WORD = re.compile(r" (?:dot|DOT) (?=([A-Za-z]{2,18})(?![\w]))")
_AT_WORD = re.compile(r" AT (?=[A-Za-z0-9])")
_WORD_BEFORE = re.compile(r"[A-Za-z0-9-]+\Z")
_LONGEST_LABEL = 63


def refanged(text: str) -> str:
    """Return a text, line by line as it was, with `DOT` for each defanged dot."""
    if DOT in text:
        text = text.replace(DOT, " ")
    text = undone(text, DOT)
    if DOT in text:
        text = text.replace(f" {DOT}", DOT).replace(f"{DOT} ", DOT)
    if " ." in text:
        text = _SPACE_DOT.sub(_joined, text)
    if " dot " in text or " DOT " in text:
        text = _DOT_WORD.sub(_dotted, text)
        if " AT " in text:
            text = _AT_WORD.sub("@", text)
    return text.replace("\uff0e", ".") if not text.isascii() else text


def _joined(found: re.Match[str]) -> str:
    """Join a top-level name to the label before it, if it is one."""
    top = found[1].lower()
    if top not in TOP_LEVEL or top in FRIENDS.files or not found[1].islower():
        return found[0]
    start = found.start()
    before = _WORD_BEFORE.search(found.string[max(start - _LONGEST_LABEL, 0) : start])
    if before is None or before[0].lower() in FRIENDS.words:
        return found[0]
    return f"{DOT}{found[1]}"


def _dotted(found: re.Match[str]) -> str:
    return DOT if found[1].lower() in TOP_LEVEL else found[0]
