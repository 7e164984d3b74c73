"""The words of a pattern.

The longest word that fits is taken; what has no meaning between words is skipped:
space, ``/* comments */`` and ``// comments`` to the end of a line.

Source: STIX 2.1, section 9, and the grammar that OASIS publishes beside it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.errors import LimitReached, Malformed
from clearward.core.reasons import Reason

FORMAT = "stix-pattern"
MOST_TEXT = 65_536  # bytes of UTF-8

KEYWORDS = frozenset(
    [
        "AND",
        "OR",
        "NOT",
        "FOLLOWEDBY",
        "LIKE",
        "MATCHES",
        "ISSUPERSET",
        "ISSUBSET",
        "EXISTS",
        "LAST",
        "IN",
        "START",
        "STOP",
        "SECONDS",
        "true",
        "false",
        "WITHIN",
        "REPEATS",
        "TIMES",
    ]
)
_SPACES = (
    " \\t\\r\\n\\x0b\\x0c\\x85\\xa0\\u1680\\u2000-\\u200a"
    "\\u2028\\u2029\\u202f\\u205f\\u3000"
)
# Every form is tried at one place and reads on without ever going back over what
# another one has read, so that the time is linear in the text.
_TOKEN = re.compile(
    rf"""
    (?P<space>[{_SPACES}]+|/\*(?s:.*?)\*/|//[^\r\n]*)
    |(?P<time>t'[0-9]{{4}}-(?:0[1-9]|1[012])-(?:0[1-9]|[12][0-9]|3[01])
        T(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?Z')
    |(?P<hex>h'(?:[0-9A-Fa-f]{{2}})*')
    |(?P<base64>b'(?:[A-Za-z0-9+/]{{4}})*(?:[A-Za-z0-9+/]{{4}}
        |[A-Za-z0-9+/]{{3}}=|[A-Za-z0-9+/]{{2}}==)')
    |(?P<string>'(?:[^'\\]|\\['\\])*')
    |(?P<name>[A-Za-z_][A-Za-z0-9_-]*)
    |(?P<number>[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+))
    |(?P<sign>==|!=|<>|<=|>=|[=<>:.,()\[\]*])
    """,
    re.VERBOSE,
)
_SIGNS = {"==": "=", "<>": "!="}
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a pattern.

    Attributes:
        kind: a keyword or a sign as it is written; else ``string``, ``time``, ``hex``,
            ``base64``, ``name``, ``hyphened``, ``integer``, ``float``; ``end`` last.
        text: as it stands there.
        offset: where it starts, in characters.
    """

    kind: str
    text: str
    offset: int


def tokens(text: str) -> Iterator[Token]:
    """Cut a pattern into words; one of kind ``end`` is behind them.

    Raises:
        LimitReached: it is longer than `MOST_TEXT`.
        Malformed: something in it is no word.
    """
    check_size(text)
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Malformed(FORMAT, at, "word")
        kind = match.lastgroup or ""
        if kind != "space":
            yield Token(_kind(kind, match[0]), match[0], at)
        at = match.end()
    yield Token("end", "", at)


def check_size(text: str) -> None:
    """Refuse a text that is too long, before anything is done with it.

    Raises:
        LimitReached: it is longer than `MOST_TEXT`.
    """
    size = len(text)
    if size <= MOST_TEXT and not text.isascii():
        size = len(text.encode("utf-8", "surrogatepass"))
    if size > MOST_TEXT:
        raise LimitReached(Reason.SIZE_LIMIT)


def unquoted(text: str) -> str:
    r"""Return what stands between quotes, with ``\'`` and ``\\`` undone."""
    inner = text[1:-1]
    return _ESCAPED.sub(r"\1", inner) if "\\" in inner else inner


def quoted(text: str) -> str:
    """Write a string as a pattern has it."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _kind(kind: str, text: str) -> str:
    if kind == "sign":
        return _SIGNS.get(text, text)
    if kind == "number":
        return "float" if "." in text else "integer"
    if kind == "name" and "-" in text:
        return "hyphened"
    return text if text in KEYWORDS else kind


def is_time(text: str) -> bool:
    """Say whether a string with its quotes would be a time with a ``t`` before it."""
    found = _TOKEN.match("t" + text)
    return found is not None and found.lastgroup == "time"
