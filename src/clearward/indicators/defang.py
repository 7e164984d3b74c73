r"""Undo what people do to an address so that nobody clicks it.

    evil[.]com  evil(dot)com  evil{.}com  evil[.com  evil.]com  evil\.com
    user[at]evil.com  user(@)evil.com
    hxxp://  hXXps[:]//  h**p://  meow://  ftxp://  http[:]//  http[://]  http:\\
    http__  http[s]://  http:\/\/

Each step looks at the text once and never goes back, so the time is linear in it, and
none takes away the end of a line.
"""

import re
from functools import partial

# In brackets of any kind: a separator, or a word for one.
_BRACKETED = re.compile(
    r"[\[({<](?<![\[({<][\[({<])[\[({<]?+[ \t]?"
    r"(?:(?P<dot>[.,]|d[o0]t|punkt|punto|point|ponto)|(?P<at>@|at)|(?P<rest>:?/{0,2}|s))"
    r"[ \t]?[\])}>]{1,2}",
    re.IGNORECASE,
)
_OPEN = re.compile(r"[\[({]\.(?<=\w[\[({]\.)(?=\w)")
_CLOSED = re.compile(r"\.[\])}](?<=\w\.[\])}])(?=\w)")
_BACKSLASH = re.compile(r"\\\.(?<=\w\\\.)(?=\w)")
_ENTITY = re.compile(r"&(?:#46|#x2e|period);", re.IGNORECASE)
_HTTP = re.compile(
    r"(?<![a-z0-9])(?:h[xtyz*_#+~-]{2,3}p(s?)|meow(s?))"
    r"(?:[ \t]?:[ \t]?(?:/{2,3}|\\{2})[ \t]?|//|__)",
    re.IGNORECASE,
)
_FTP = re.compile(
    r"(?<![a-z0-9])f(?:[tx*_]{1,2}p|tx)(s?)(?::(?:/{2,3}|\\{2})|//|__)", re.IGNORECASE
)
_SCHEME_MARKS = ("://", ":\\\\", "__", "p//", "P//", "s//", "S//", ": //")
_UNSEEN = re.compile("[\xad\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_SPACED = re.compile(r"[ \t]*\.[ \t]*|[ \t]+dot[ \t]+", re.IGNORECASE)


def undone(text: str, dot: str = ".") -> str:
    """Return a text, of any number of lines, with the forms above undone.

    Args:
        text: as somebody wrote it.
        dot: what to write for a dot that was defanged.
    """
    if not text.isascii():
        text = _UNSEEN.sub("", text)
    if "[" in text or "(" in text or "{" in text or "<" in text:
        text = _BRACKETED.sub(partial(_separator, dot=dot), text)
        text = _OPEN.sub(dot, text)
    if ".]" in text or ".)" in text or ".}" in text:
        text = _CLOSED.sub(dot, text)
    if "\\" in text:
        text = _BACKSLASH.sub(lambda _: dot, text.replace("\\/", "/"))
    if "&" in text:
        text = _ENTITY.sub(dot, text)
    if any(mark in text for mark in _SCHEME_MARKS):
        text = _HTTP.sub(_http, text)
        text = _FTP.sub(_ftp, text)
    return text


def refanged(text: str) -> str:
    """Return one value without what was done to it; white space inside counts, too."""
    text = undone(text).strip()
    if " " in text or "\t" in text:
        text = _SPACED.sub(".", text)
        text = text.replace(" @ ", "@")
    return text


def _separator(found: re.Match[str], dot: str) -> str:
    kind = found.lastgroup
    if kind == "dot":
        return _spaced(found, dot)
    if kind == "at":
        return "@"
    said = found["rest"].lower()
    # "http[s]://", but "file(s)" and "()" are what they are.
    before = found.string[max(found.start() - 4, 0) : found.start()].lower()
    if not said or (said == "s" and before not in {"http", "hxxp"}):
        return found[0]
    return said


def _spaced(found: re.Match[str], dot: str) -> str:
    """A dot; a comma is one in square brackets only."""
    if found[0] in {"<,>", "(,)", "{,}"}:
        return found[0]
    return dot


def _http(found: re.Match[str]) -> str:
    secure = (found[1] or found[2] or "").lower()
    return f"http{secure}://"


def _ftp(found: re.Match[str]) -> str:
    return f"ftp{found[1].lower()}://"
