"""What a content stream of a PDF shows, as text.

    [(Hel) -20 (lo)] TJ     (world) Tj     <48656c6c6f> Tj     1 0 0 1 72 700 Tm  T*

Strings are taken as they are, in one byte a letter, or in two where all are of that
size. Fonts that number their letters in their own way are not read. A number below
`GAP` between two pieces is a space; a move to another place ends the line, or is a
space if it stays on it.

Source: ISO 32000-1, 9.4.
"""

import re

from clearward.formats.pdf.text import Patience, hexadecimal, literal, unescaped

GAP = -180.0  # thousandths of the size of the font
MOST = 16 << 20  # bytes of a stream that are read

_TOKEN = re.compile(
    rb"(?P<open>\()|<(?P<hex>[0-9A-Fa-f\s]*+)>|(?P<number>[-+]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++))"
    rb"|(?P<bracket>[\[\]])|(?P<word>[A-Za-z'\"*]++)|/[^\s()<>\[\]/]*+"
)
_LINK = re.compile(rb"/URI[ \r\n]{0,4}\(((?:[^()\\]|\\.){1,4096}+)\)", re.DOTALL)
_SHOW = frozenset({b"Tj", b"TJ"})
_LINE = frozenset({b"T*", b"'", b'"', b"ET"})
_MOVE = frozenset({b"Td", b"TD"})
_FEW = 8  # operands that are kept


def is_content(stream: bytes) -> bool:
    """Say whether a stream of a PDF shows text."""
    return b"BT" in stream and (b"Tj" in stream or b"TJ" in stream)


def links_of(document: bytes) -> str:
    """Return the addresses that a document links to in plain sight, a line for each."""
    found = (unescaped(each[1]) for each in _LINK.finditer(document))
    return "\n".join(address.decode("latin-1") for address in found)


def text_of(stream: bytes) -> str:
    """Return the text that a stream shows, a line for each that it has."""
    stream = stream[:MOST]
    patience = Patience(len(stream))
    shown: list[str] = []
    held: list[str] = []  # strings that wait for their operator
    numbers: list[float] = []
    array = False
    place = 0
    while token := _TOKEN.search(stream, place):
        place = token.end()
        kind = token.lastgroup
        if kind == "open":
            raw, place = literal(stream, place, len(stream), patience)
            held.append(_letters(raw))
        elif kind == "hex":
            held.append(_letters(hexadecimal(token["hex"])))
        elif kind == "number":
            number = _number(token["number"])
            numbers = [*numbers[-_FEW:], number]
            if array and number < GAP:
                held.append(" ")
        elif kind == "bracket":
            array = token["bracket"] == b"["
        elif kind == "word":
            _operate(token["word"], shown, held, numbers)
            held, numbers = [], []
    return "".join(shown)


def _operate(
    word: bytes, shown: list[str], held: list[str], numbers: list[float]
) -> None:
    if word in _LINE:
        shown.append("\n")
    if word in _MOVE:
        still = len(numbers) > 1 and numbers[-1] == 0
        shown.append(" " if still else "\n")
    elif word == b"Tm":
        shown.append("\n")
    if word in _SHOW or word in {b"'", b'"'}:
        shown.extend(held)


def _letters(raw: bytes) -> str:
    if len(raw) > 1 and len(raw) % 2 == 0 and not any(raw[::2]):
        raw = raw[1::2]
    return raw.decode("latin-1").replace("\0", "")


def _number(text: bytes) -> float:
    return float(text) if len(text) < 32 else 0.0  # noqa: PLR2004 - digits of any place
