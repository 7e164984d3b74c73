"""What kind of text a part is, by words of languages that stand in its front.

The expressions and their weights are in ``words.txt``. They are compiled where the
first one asks, which is only where a person asked for an explanation.
"""

import re
from functools import cache

from clearward.core.kinds import How, Kind

FRONT = 16 * 1024  # bytes of the front that are looked at
LEAST = 4  # of weights
DIRTY = 50  # bytes of text for one that is none, in pages that programs still show
_DIRTY = frozenset(("html", "xhtml", "php", "svg", "xml"))
_LINE = 4000  # bytes of one line: what is longer is cut, so that matching is quick
_LONG = re.compile(rb"([^\n]{%d})[^\n]+" % _LINE)

# Bytes that text does not hold, as in `formats.filetype`.
_NOT_TEXT = re.compile(rb"[\x00-\x06\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_ORDERS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_SHEBANG = re.compile(rb"#!\s*(?:\S*/)?env\s+(?:-\S+\s+)*(\S+)|#!\s*(?:\S*/)?(\S+)")
_PROGRAMS = (
    (rb"python|pypy", "python"),
    (rb"perl", "perl"),
    (rb"ruby", "ruby"),
    (rb"lua", "lua"),
    (rb"php", "php"),
    (rb"node|deno|bun|js", "javascript"),
    (rb"ts-node|tsx", "typescript"),
    (rb"pwsh|powershell", "powershell"),
    (rb"tclsh|wish|expect", "tcl"),
    (rb"[gmn]?awk", "awk"),
    (rb"osascript", "applescript"),
    (rb"groovy", "groovy"),
    (rb"make", "makefile"),
    (rb"(?:ba|da|z|k|c|tc|fi|a|mk)?sh|busybox", "shell"),
)


@cache
def _expressions() -> tuple[tuple[str, int, re.Pattern[bytes]], ...]:
    rows = []
    for line in _TABLE.splitlines():
        if line.startswith("#"):
            continue
        kind, weight, text = line.split(" ", 2)
        pattern = text.encode("ascii")
        rows.append((kind, int(weight), re.compile(pattern, re.MULTILINE)))
    return tuple(rows)


def by_shebang(head: bytes) -> Kind | None:
    """Return the script that a first line names, or None."""
    found = _SHEBANG.match(head[:256])
    if found is None or head.startswith(b"#!AMR"):
        return None
    program = found[1] or found[2]
    for pattern, name in _PROGRAMS:
        if re.match(rb"(?:%b)[\d.]*(?:\s|\Z)" % pattern, program):
            return Kind(name, How.MARK, 0, found[0])
    return Kind("script", How.MARK, 0, found[0])


def text_of(head: bytes) -> bytes | None:
    """Return the front of a text in bytes of ASCII, None if it is no text."""
    front = head[:FRONT]
    for mark, encoding in _ORDERS:
        if front.startswith(mark):
            text = front[len(mark) :].decode(encoding, "replace")
            return None if "\0" in text else text.encode("utf-8", "replace")
    if _NOT_TEXT.search(front) is None:
        return front
    even, odd = front[::2], front[1::2]
    for letters, zeros in ((even, odd), (odd, even)):
        if letters and not zeros.strip(b"\0") and _NOT_TEXT.search(letters) is None:
            return letters
    return None


def by_words(head: bytes) -> Kind | None:
    """Return what kind of text a part is, None if it is no text."""
    text = text_of(head)
    dirty = text is None
    if text is None:  # programs that show pages pass over zeros in front
        front = head.lstrip(b"\0")[:FRONT]
        text = _NOT_TEXT.sub(b"", front)
        if len(text) * DIRTY < len(front) * (DIRTY - 1):
            return None
    text = _LONG.sub(rb"\1", text.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    weights: dict[str, int] = {}
    first: dict[str, re.Match[bytes]] = {}
    for name, weight, pattern in _expressions():
        if found := pattern.search(text):
            weights[name] = weights.get(name, 0) + weight
            first.setdefault(name, found)
    best = max(weights, key=weights.__getitem__, default="")
    if dirty and best not in _DIRTY:
        return None
    if best and weights[best] >= LEAST:
        return Kind(best, How.WORDS, first[best].start(), first[best][0])
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return Kind("utf16", How.MARK, 0, head[:2]) if wide else Kind("txt", How.LETTERS)


# Read here: inside the jail no file can be opened any more.
with open(f"{__file__.removesuffix('.py')}.txt", encoding="ascii") as _file:
    _TABLE = _file.read()
