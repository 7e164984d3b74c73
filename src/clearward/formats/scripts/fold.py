r"""A script's text with its words put together again; nothing is run.

    p^o^w^e^r, `p`o`w`e`r                     carets and backticks go
    "\x41\u0042", '%43'                       escapes become letters
    Chr(65) & ChrW(&H42), [char]67            characters by number become strings
    String.fromCharCode(65, 66), [char[]](65, 66)
    "po" + "wer", 'she' & _ "ll", 'x'.'y'     strings are joined
    ['a','b'].join(''), ('a','b' -join '')    lists of strings, too
    "{1}{0}" -f 'b','a'                       formats are filled in
    StrReverse("llehs"), str_rot13('cuc')     reversed and rotated
    "axb".replace('x','y'), -replace          plain replacements in a string
    %a:~3,1% and %a% behind set a=...         see `batch`
    eval(function(p,a,c,k,e,d)...             see `packer`

What several languages write alike is treated alike: a string is what stands between two
equal quotes, whatever its escapes mean there. A false one does no harm, as the text is
also matched as it is. Each step takes time in proportion to the text, and no step makes
it longer by more than `MOST_GROWTH` times.
"""

import codecs
import re
from collections.abc import Callable

from clearward.formats.normalise.chosen import NORMALISER
from clearward.formats.normalise.signs import Signs
from clearward.formats.scripts import batch, packer
from clearward.formats.scripts.blobs import unescaped

MOST = 8 << 20  # bytes of a text that is folded
ROUNDS = 4  # of joining what joining brought together
MOST_LITERAL = 1 << 20
MOST_GROWTH = 4
SHORT = 32 << 10  # bytes of a text that is shown whole where something in it changed
BEFORE, BEHIND = 1024, 4096  # bytes around a sign in which words are put together
AROUND = 4096  # bytes shown around what changed in a longer one

Match = re.Match[bytes]

_TICK = re.compile(rb"`(?=[A-Za-z])")
_CARET = re.compile(rb"\^([^\r\n])")
_ESCAPE = re.compile(rb"(?:\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\[0-3][0-7]{2})+")
_PERCENT = re.compile(rb"(?:%u[0-9a-fA-F]{4}|%[0-9a-fA-F]{2}){4,}")
_NUMBER = rb"(?:0x[0-9a-f]{1,6}|&h[0-9a-f]{1,6}&?|\d{1,7})"
_SUM = rb"\s{0,4}%b(?:\s{0,4}(?:[-+*/^]|xor|bxor|-bxor)\s{0,4}%b){0,3}\s{0,4}" % (
    _NUMBER,
    _NUMBER,
)
_CHR = re.compile(
    rb"\bchr[wb]?\$?\s?\((%b)\)|\[char\]\s?(?:\((%b)\)|(%b))" % (_SUM, _SUM, _NUMBER),
    re.IGNORECASE,
)
_LISTED = rb"\s{0,4}%b(?:\s{0,4},\s{0,4}%b){0,20000}\s{0,4}" % (_NUMBER, _NUMBER)
_CODES = re.compile(
    rb"\bString\.fromCharCode(?:\.apply\([^()\[\]]{0,40}\[)?\(?(%b)\]?\)"
    rb"|(?:\(\s?)?(?:\[char\[\]\]\s?|-join\s?\[char\[\]\]\s?)\(?@?\(?(%b)\)?"
    % (_LISTED, _LISTED),
    re.IGNORECASE,
)
_TOKEN = re.compile(_NUMBER + rb"|[-+*/^]|xor", re.IGNORECASE)
_STRING = rb"(?:\"[^\"\r\n]{0,9999}\"|'[^'\r\n]{0,9999}')"
_JOINED = re.compile(
    rb"(\"[^\"\r\n]*+\"|'[^'\r\n]*+')"
    rb"(?:\s{0,4}[+&.]\s{0,4}(?:_?\s{0,40})(\"[^\"\r\n]*+\"|'[^'\r\n]*+'))++"
)
_ONE = re.compile(rb"\"[^\"\r\n]*+\"|'[^'\r\n]*+'")
_ITEMS = rb"%b(?:\s{0,8},\s{0,40}%b){1,9999}" % (_STRING, _STRING)
_LISTS = re.compile(
    rb"\[\s{0,8}(%b)\s{0,8}\]\s?\.join\(\s?(?:''|\"\")\s?\)"
    rb"|\(\s{0,8}@?\(?(%b)\)?\s{0,8}-join\s?(?:''|\"\")\s?\)"
    rb"|-join\s?@?\((%b)\)"
    rb"|\bjoin\(\s?array\((%b)\)\s?,\s?(?:''|\"\")\s?\)"
    rb"|\b(?:implode|join)\(\s?(?:''|\"\")\s?,\s?(?:array\(|\[)(%b)[)\]]\)"
    % (_ITEMS, _ITEMS, _ITEMS, _ITEMS, _ITEMS),
    re.IGNORECASE,
)
_FORMAT = re.compile(
    rb"\(?\s?([\"'])((?:\{\d{1,3}\}|[^{}\"'\r\n]){1,4000})\1\s?-f\s?(%b(?:\s{0,4},\s{0,8}%b){0,999})\s?\)?"
    % (_STRING, _STRING),
    re.IGNORECASE,
)
_PLACE = re.compile(rb"\{(\d{1,3})\}")
_CALLED = re.compile(
    rb"\b(strreverse|strrev|str_rot13|unescape|hex2bin|decodeuricomponent)\(\s?(%b)\s?\)"
    % _STRING,
    re.IGNORECASE,
)
_REPLACED = re.compile(
    rb"(%b)\s?(?:\.replace\(\s?|-c?i?replace\s?)(%b)\s?,\s?(%b)\s?\)?"
    rb"|\breplace\(\s?(%b)\s?,\s?(%b)\s?,\s?(%b)\s?\)" % ((_STRING,) * 6),
    re.IGNORECASE,
)


def fold(text: bytes, signs: Signs) -> bytes:
    """Return a text with its words put together, or the text itself.

    Args:
        text: at most `MOST` bytes of it are looked at.
        signs: what the search found in it.
    """
    folded = text[:MOST]
    most = MOST_GROWTH * len(folded)
    if signs & Signs.CARETS:
        folded = b"".join(_CARET.split(folded))  # what stands behind them is kept
    if signs & Signs.TICKS:
        folded = _TICK.sub(b"", folded)
    whole = [packer.unpack]
    if signs & (Signs.NAMES | Signs.CARETS | Signs.TICKS):
        whole.append(batch.expand)
    for step in whole:
        made = step(folded)
        folded = made if len(made) <= most else folded
    pieces = []
    end = 0
    for start, stop in _regions(folded):
        pieces += [folded[end:start], _region(folded[start:stop], signs)]
        end = stop
    folded = b"".join((*pieces, folded[end:]))
    return folded if len(text) <= MOST else folded + text[MOST:]


def _regions(text: bytes) -> list[tuple[int, int]]:
    """Return where signs are, with what is around them, joined where they meet."""
    regions: list[tuple[int, int]] = []
    for place in NORMALISER.places(text):
        start, end = max(place - BEFORE, 0), min(place + BEHIND, len(text))
        if regions and start <= regions[-1][1]:
            regions[-1] = (regions[-1][0], end)
        else:
            regions.append((start, end))
    return regions


def _region(text: bytes, signs: Signs) -> bytes:
    """Return some of a text with its words put together."""
    most = MOST_GROWTH * len(text) + MOST_LITERAL
    folded = text
    if signs & Signs.ESCAPES:
        folded = _PERCENT.sub(_unescape, _ESCAPE.sub(_unescape, folded))
    for _ in range(ROUNDS):
        before = folded
        lowered = folded.lower()
        for needs, expression, put in _STEPS:
            if any(need in lowered for need in needs):
                folded = expression.sub(put, folded)
        if folded == before or len(folded) > most:
            break
    return folded


def changed(text: bytes, folded: bytes) -> bytes:
    """Return what folding changed, with what is around it; all of a short text."""
    if len(folded) <= SHORT:
        return folded
    most = min(len(text), len(folded))
    start = _same(lambda size: text[:size] == folded[:size], most)
    end = _same(
        lambda size: text[len(text) - size :] == folded[len(folded) - size :],
        most - start,
    )
    return folded[max(start - AROUND, 0) : len(folded) - max(end - AROUND, 0)]


def _same(agrees: Callable[[int], bool], most: int) -> int:
    """Return how many bytes agree, by halving."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if agrees(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _unescape(found: Match) -> bytes:
    return unescaped(found[0])


def _value(text: bytes) -> int:
    digits = text.lower().replace(b"&h", b"0x").rstrip(b"&")
    return int(digits, 16 if digits.startswith(b"0x") else 10)


def _sum(text: bytes) -> int:
    """Return what a sum of a few numbers is, read from left to right."""
    total, sign = 0, b"+"
    for token in _TOKEN.findall(text):
        if token[:1].isdigit() or token[:2].lower() == b"&h":
            total = _SIGNS[sign.lower()](total, _value(token))
        else:
            sign = token
    return total


_SIGNS: dict[bytes, Callable[[int, int], int]] = {
    b"+": lambda one, two: one + two,
    b"-": lambda one, two: one - two,
    b"*": lambda one, two: one * two,
    b"/": lambda one, two: one // two if two else one,
    b"^": lambda one, two: one ^ two,
    b"xor": lambda one, two: one ^ two,
}


def _quoted(text: bytes) -> bytes:
    """Return text in the quotes that it does not hold."""
    return b"'%b'" % text if text.find(b'"') >= 0 else b'"%b"' % text


def _character(number: int) -> bytes:
    return chr(number & 0xFFFF).encode("utf-8", "surrogatepass")


def _chr(found: Match) -> bytes:
    return _quoted(_character(_sum(found[1] or found[2] or found[3])))


def _codes(found: Match) -> bytes:
    numbers = (found[1] or found[2]).split(b",")
    return _quoted(b"".join(_character(_value(each.strip())) for each in numbers))


def _together(strings: bytes) -> bytes:
    return _quoted(b"".join(each[1:-1] for each in _ONE.findall(strings)))


def _join(found: Match) -> bytes:
    return _together(found[0])


def _list(found: Match) -> bytes:
    return _together(next(filter(None, found.groups())))


def _format(found: Match) -> bytes:
    values = [each[1:-1] for each in _ONE.findall(found[3])]

    def place(number: Match) -> bytes:
        index = int(number[1])
        return values[index] if index < len(values) else number[0]

    return _quoted(_PLACE.sub(place, found[2])[:MOST_LITERAL])


def _called(found: Match) -> bytes:
    name, content = found[1].lower(), found[2][1:-1]
    if name in (b"strreverse", b"strrev"):
        return _quoted(content[::-1])
    if name == b"str_rot13":
        return _quoted(
            codecs.encode(content.decode("latin-1"), "rot13").encode("latin-1")
        )
    if name == b"hex2bin" and len(content) % 2 == 0 and content.isalnum():
        try:
            return _quoted(bytes.fromhex(content.decode("ascii", "replace")))
        except ValueError:
            return found[0]
    return _quoted(unescaped(content)) if content.startswith(b"%") else found[0]


def _replace(found: Match) -> bytes:
    one, old, new = (each[1:-1] for each in found.groups() if each is not None)
    if not old or len(new) > MOST_LITERAL // max(one.count(old), 1):
        return found[0]
    return _quoted(one.replace(old, new))


# For each step words in lower case of which it needs one.
_STEPS: tuple[
    tuple[tuple[bytes, ...], re.Pattern[bytes], Callable[[Match], bytes]], ...
] = (
    ((b"chr", b"[char]"), _CHR, _chr),
    ((b"fromcharcode", b"[char[]]"), _CODES, _codes),
    (
        (
            b"'+",
            b'"+',
            b"' +",
            b'" +',
            b"'&",
            b'"&',
            b"' &",
            b'" &',
            b"'.",
            b'".',
            b"' .",
            b'" .',
        ),
        _JOINED,
        _join,
    ),
    ((b"join", b"implode"), _LISTS, _list),
    ((b"-f",), _FORMAT, _format),
    ((b"rev", b"rot13", b"unescape(", b"hex2bin(", b"decodeuri"), _CALLED, _called),
    ((b"replace",), _REPLACED, _replace),
)
