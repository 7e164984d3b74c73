"""Bodies from the text that signatures have, for tests: only what is well formed."""

import re

from clearward.native.layout import Border
from support import image
from support.image import ANYTHING, Made

TOKEN = re.compile(
    r"""(?P<gap>\*|\{\d*-?\d*\})
      | (?P<near>\[\d+-\d+\])
      | (?P<border>!?\([BLW]\))
      | (?P<choice>!?\()
      | (?P<bar>\|) | (?P<end>\))
      | (?P<byte>[0-9a-f?]{2})""",
    re.VERBOSE,
)
BORDERS = {
    "B": Border.WORD,
    "L": Border.LINE,
    "W": Border.NOT_ALPHANUMERIC,
}
Row = list[Made]


def body(text: str, at: bytes = image.place(), *, keyed: bool = True) -> bytes:
    """Lay a body out that is given as text, such as ``6162{1-3}(63|64)??``."""
    return image.body(chain(text, keyed=keyed), at=at)


def chain(text: str, *, keyed: bool = True) -> list[bytes]:
    """Lay the pieces of a body out."""
    made: list[bytes] = []
    gap = (0, 0)
    at = 0
    for found in [*re.finditer(r"\*|\{[^}]*\}", text), None]:
        inner = text[at : found.start() if found else None]
        elements = _row(inner)
        made.append(image.piece(*elements, gap=gap, keyed=keyed))
        if found:
            gap = _gap(found.group())
            at = found.end()
    return made


def _gap(text: str) -> tuple[int, int]:
    if text == "*":
        return 0, ANYTHING
    least, dash, most = text[1:-1].partition("-")
    if not dash:
        return int(least), int(least)
    return int(least or 0), int(most) if most else ANYTHING


def _row(text: str) -> Row:
    tokens = [(one.lastgroup, one.group()) for one in TOKEN.finditer(text)]
    assert "".join(word for _, word in tokens) == text, text
    stack: list[tuple[bool, list[Row]]] = [(False, [[]])]
    for number, (kind, word) in enumerate(tokens):
        row = stack[-1][1][-1]
        if kind == "byte":
            row.append(_byte(word))
        elif kind == "border":
            within = 0 < number < len(tokens) - 1
            negated = word[0] == "!"
            row.append(image.border(BORDERS[word[-2]], negated=negated, within=within))
        elif kind == "choice":
            stack.append((word[0] == "!", [[]]))
        elif kind == "bar":
            stack[-1][1].append([])
        else:
            negated, rows = stack.pop()
            inner = image.choice(*map(_joined, rows), negated=negated)
            stack[-1][1][-1].append(inner)
    return _joined(stack[0][1][0])


def _byte(text: str) -> Made:
    if text == "??":
        return image.skip(1)
    if "?" not in text:
        return image.plain(bytes.fromhex(text))
    mask = bytes.fromhex("".join("0" if one == "?" else "f" for one in text))
    return image.masked(bytes.fromhex(text.replace("?", "0")), mask)


def _joined(row: Row) -> Row:
    """Join plain bytes that stand side by side."""
    made: Row = []
    for one in row:
        if made and one.plain and made[-1].plain:
            made[-1] = image.plain(made[-1].plain + one.plain)
        else:
            made.append(one)
    return made
