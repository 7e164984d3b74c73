"""Signs that a text hides something: asked about every text, so they must be cheap.

    RUN       32 letters of base64 or more that decode to text or to a known file
    NUMBERS   a list of ten short numbers or more
    ESCAPES   six escapes of letters in a row, or two dozen of anything
    JOINS     two words taken apart between letters: "po"+"wer"+"shell"
    CALLS     three single characters by number, or a list of them
    TICKS     `backticks` inside words, three near each other
    CARETS    ^ inside words, four near each other
    NAMES     names of decoders, and forms that only put text together

What the compiled search tells is told here, too; this one may tell a little more. It
runs where there is no compiler.
"""

import re
from enum import IntFlag

LEAST_RUN = 32
APART = 256


class Signs(IntFlag):
    """What there is, a bit each."""

    RUN = 1
    NUMBERS = 2
    ESCAPES = 4
    JOINS = 8
    CALLS = 16
    TICKS = 32
    CARETS = 64
    NAMES = 128


_JOIN = rb"[A-Za-z0-9][\"'][ \t]{0,4}[+&.][ \t]{0,4}[\"'](?=[A-Za-z0-9])"
_CHARACTER = rb"(?:chrw?\$?\(|\[char\]\(?)[ \t]{0,4}[\d&]"
_STRING = rb"[ \t]{0,4}(?:\([ \t]{0,4})?[\"']"
_PLAIN = rb"(?:\\x|%|\\u00|%u00)(?:0[9ad]|[2-7][0-9a-f])|\\[01][0-7]{2}"
_ANY = rb"\\x[0-9a-f]{2}|%[0-9a-f]{2}|[%\\]u[0-9a-f]{4}|\\[0-3][0-9]{2}"
_EXPRESSIONS = (
    (Signs.RUN, re.compile(rb"[A-Za-z0-9+/]{%d}" % LEAST_RUN)),
    (Signs.NUMBERS, re.compile(rb"(?:[0-9a-fxh&\s]{1,20}?,){10}", re.IGNORECASE)),
    (
        Signs.ESCAPES,
        re.compile(
            rb"(?:%b){4}|(?:%b){24}|(?:%%u[0-9a-f]{4}){6}" % (_PLAIN, _ANY),
            re.IGNORECASE,
        ),
    ),
    (Signs.JOINS, re.compile(_JOIN + rb"(?s:.){0,400}?" + _JOIN)),
    (
        Signs.CALLS,
        re.compile(
            rb"(?:%b(?s:.){0,100}?){3}|rcode\([ \t]{0,4}[\d&]|ar\[\]\]" % _CHARACTER,
            re.IGNORECASE,
        ),
    ),
    (Signs.TICKS, re.compile(rb"(?:[A-Za-z]`(?=[A-Za-z])[^`]{0,30}?){3}")),
    (Signs.CARETS, re.compile(rb"(?:[A-Za-z]\^(?=[A-Za-z])[^^]{0,15}?){4}")),
    (
        Signs.NAMES,
        re.compile(
            rb"[\]n].?join\((?:''|\"\")|-join(?:\(|%(string)b)|\d\}\{\d\}\{"
            rb"|\w:~[-\d]|rrev\(%(string)b|rreverse\(%(string)b|t13\(%(string)b|k,e,"
            rb"|(?:64(?:string|_?decode|\.decode)|tob)\(%(string)b"
            % {b"string": _STRING},
            re.IGNORECASE,
        ),
    ),
)


def signs(data: bytes) -> int:
    """Return the signs in a text as a `Signs`."""
    found = Signs(0)
    for sign, expression in _EXPRESSIONS:
        if expression.search(data):
            found |= sign
    return int(found)


def places(data: bytes) -> list[int]:
    """Return where the signs are that are neither runs nor numbers, in order.

    One place may stand for all within `APART` bytes behind it.
    """
    found = {
        match.start()
        for sign, expression in _EXPRESSIONS
        if sign not in (Signs.RUN, Signs.NUMBERS)
        for match in expression.finditer(data)
    }
    return sorted(found)


_RUN = re.compile(rb"[A-Za-z0-9+/]{%d,}" % LEAST_RUN)


def run(data: bytes, start: int) -> tuple[int, int]:
    """Return where the next run of encoded letters begins, and where it ends.

    The end of the text if there is none.
    """
    found = _RUN.search(data, start)
    return found.span() if found else (len(data), len(data))
