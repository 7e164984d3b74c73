"""Write the text of a script of AutoIt from its tokens, which EA06 keeps in its place.

    lines (4), then tokens: a byte, and behind it

    0, 1            number of a keyword, of a function (4)
    2 to 15         number (4), unsigned
    16 to 31        number (8), unsigned
    32 to 47        number (8), floating
    48 to 63        text: letters (4), and each of them (2), changed by that number:
                    keyword, function, macro, variable, name, member, text in quotes
    64 to 88        operators
    127             end of a line

Numbers are little-endian. Words are written as they stand, in capitals mostly.

Source: AutoIt-Ripper (MIT), which describes the tokens by reading them; AutoIt's manual
for keywords.
"""

from collections.abc import Iterator
from struct import unpack

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import CHUNK, Stream

# In the order in which they are numbered; the first is none.
KEYWORDS = (
    "",
    *("And", "Or", "Not", "If", "Then", "Else", "ElseIf", "EndIf", "While", "WEnd"),
    *("Do", "Until", "For", "Next", "To", "Step", "In", "ExitLoop", "ContinueLoop"),
    *("Select", "Case", "EndSelect", "Switch", "EndSwitch", "ContinueCase", "Dim"),
    *("ReDim", "Local", "Global", "Const", "Static", "Func", "EndFunc", "Return"),
    *("Exit", "ByRef", "With", "EndWith", "True", "False", "Default", "Null"),
    *("Volatile", "Enum"),
)
OPERATORS = (
    *(
        ",",
        "=",
        ">",
        "<",
        "<>",
        ">=",
        "<=",
        "(",
        ")",
        "+",
        "-",
        "/",
        "*",
        "&",
        "[",
        "]",
    ),
    *("==", "^", "+=", "-=", "/=", "*=", "&=", "?", ":"),
)
KEYWORD, FUNCTION = 0, 1
SHORT, LONG, FLOATING, TEXT, OPERATOR, LINE = 0x00, 0x10, 0x20, 0x30, 0x40, 0x7F
MACRO, VARIABLE, MEMBER, QUOTED = 0x32, 0x33, 0x35, 0x36
BEFORE = {MACRO: "@", VARIABLE: "$", MEMBER: "."}
GLUED = frozenset(("\n", ".", "", *(each[0] for each in OPERATORS)))  # no space before
MOST_LETTERS = 1 << 24


def text(tokens: Stream, format: str) -> Iterator[bytes]:
    """Yield the script as UTF-8, line by line or in larger pieces.

    Raises:
        Malformed: a token is unknown.
        Truncated: the tokens end before the last line.
    """
    lines = int.from_bytes(_whole(tokens, 4, format), "little")
    held: list[str] = []
    size = 0
    fault: Malformed | None = None
    after_word = False
    while lines:
        try:
            word = _word(tokens, format)
        except Malformed as error:
            fault = error
            break
        is_word = word[:1] not in GLUED
        if is_word and after_word:
            held.append(" ")
        held.append(word)
        after_word = is_word
        size += len(word) + 1
        lines -= word == "\n"
        if size >= CHUNK:
            yield _joined(held)
            held, size = [], 0
    yield _joined(held)
    if fault is not None:
        raise fault


def _joined(words: list[str]) -> bytes:
    return "".join(words).encode(errors="surrogatepass")


def _whole(tokens: Stream, size: int, format: str) -> bytes:
    data = tokens.take(size)
    if len(data) < size:
        raise Truncated(format, 0, "tokens")
    return data


def _word(tokens: Stream, format: str) -> str:
    kind = _whole(tokens, 1, format)[0]
    if kind == LINE:
        return "\n"
    if kind >= OPERATOR:
        if kind - OPERATOR >= len(OPERATORS):
            raise Malformed(format, 0, "token")
        return OPERATORS[kind - OPERATOR]
    if kind >= TEXT:
        return _text(tokens, kind, format)
    return _number(tokens, kind, format)


def _number(tokens: Stream, kind: int, format: str) -> str:
    if kind >= LONG:
        data = _whole(tokens, 8, format)
        (number,) = unpack("<d" if kind >= FLOATING else "<Q", data)
        return f"{number}"
    number = int.from_bytes(_whole(tokens, 4, format), "little")
    if kind == KEYWORD and 0 < number < len(KEYWORDS):
        return KEYWORDS[number]
    return f"function{number}" if kind == FUNCTION else f"{number}"


def _text(tokens: Stream, kind: int, format: str) -> str:
    size = int.from_bytes(_whole(tokens, 4, format), "little")
    if size > MOST_LETTERS:
        raise Malformed(format, 0, "letters")
    covered = _whole(tokens, 2 * size, format)
    key = (size & 0xFFFF).to_bytes(2, "little") * size
    value = int.from_bytes(covered, "little") ^ int.from_bytes(key, "little")
    word = value.to_bytes(2 * size, "little").decode("utf-16-le", "surrogatepass")
    if kind == QUOTED:
        return '"' + word.replace('"', '""') + '"'
    return f"{BEFORE.get(kind, '')}{word}"
