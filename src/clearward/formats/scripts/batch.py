"""Batch files: what %name:~start,length% and %name% stand for behind "set name=value".

    set abc=tpyrcsehWS               a value
    %abc:~-2,1%%abc:~5,1%            one letter each
    %abc:x=y%                        with x replaced

Values are set once, in the order of lines; nothing is run. A variable that is not set
in the file stays as it is.
"""

import re

LONGEST = 8191  # bytes of a line, as the interpreter has it
MOST = 10_000  # variables
GROWTH = 4

_USED = re.compile(rb"[%!]\w{1,64}:~[-\d]|^\s*@?set\s", re.MULTILINE | re.IGNORECASE)
_SET = re.compile(
    rb"(?:^|[&(@\s])set\s+\"?([^\s=\"%%!&|<>]{1,64})=([^\r\n]{0,%d})" % LONGEST,
    re.IGNORECASE,
)
_VALUE = re.compile(
    rb"([%!])([^\s=\"%!&|<>:~]{1,64})"
    rb"(?::~(-?\d{1,5})(?:,(-?\d{1,5}))?|:([^=%!\r\n]{1,64})=([^%!\r\n]{0,64}))?\1"
)


def expand(text: bytes) -> bytes:
    """Return a script with its variables put in; the text itself if there are none."""
    if text.find(b":~") < 0 and text.find(b"set ") < 0:
        return text
    if _USED.search(text) is None or _SET.search(text) is None:
        return text
    known: dict[bytes, bytes] = {}
    lines: list[bytes] = []
    room = GROWTH * len(text)
    for line in text.splitlines(keepends=True):
        made = _filled(line, known) if b"%" in line or b"!" in line else line
        made = line if len(made) > room else made
        room -= len(made)
        lines.append(made)
        for name, value in _SET.findall(made):
            if len(known) < MOST:
                known[name.lower()] = value.rstrip().rstrip(b'"')[:LONGEST]
    return b"".join(lines)


def _filled(line: bytes, known: dict[bytes, bytes]) -> bytes:
    def value(found: re.Match[bytes]) -> bytes:
        text = known.get(found[2].lower())
        if text is None:
            return found[0]
        if found[3] is not None:
            return _cut(text, int(found[3]), found[4])
        if found[5] is not None:
            return text.replace(found[5], found[6])
        return text

    return _VALUE.sub(value, line[: LONGEST * 8]) + line[LONGEST * 8 :]


def _cut(text: bytes, start: int, length: bytes | None) -> bytes:
    first = max(len(text) + start, 0) if start < 0 else start
    if length is None:
        return text[first:]
    size = int(length)
    return text[first : len(text) + size] if size < 0 else text[first : first + size]
