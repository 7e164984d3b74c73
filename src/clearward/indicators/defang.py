"""Undo what people do to an address so that nobody clicks it.

Each step looks at the text once and never goes back, so the time is linear in it.
"""

import re

# A mark of separation in any kind of brackets, or in none closed: [.] (dot) {.} [.
_DOT = re.compile(
    r"\s?(?:[\[({<]\s?(?:\.|dot|d0t)\s?[\])}>]|[\[({](?:\.)|(?:\.)[\])}])\s?"
    r"|\\\.|\s(?:dot|DOT)\s",
    re.IGNORECASE,
)
_AT = re.compile(r"\s?[\[({<]\s?(?:@|at)\s?[\])}>]\s?", re.IGNORECASE)
_COLON = re.compile(r"[\[({]\s?:\s?[\])}]")
_SLASHES = re.compile(r"[\[({]\s?(:?//?)\s?[\])}]")
_SCHEME = re.compile(
    r"(?<![a-z0-9])(?:h(?:xx|\*\*|tt|xt|tx|__|\[tt\]|\(tt\))p(s?)|(f)[tx*]{1}p(s?)|meow)"
    r"(?=\s?(?::|\[|\(|\{|__))",
    re.IGNORECASE,
)
_AFTER_SCHEME = re.compile(r"((?:https?|ftps?))\s?(?:__|:\\\\|:/{2,})", re.IGNORECASE)


def refanged(text: str) -> str:
    """Return a text with the common forms of defanging undone.

    It knows brackets of all kinds around dots, at signs, colons and slashes, also
    when one of them is missing; ``dot`` and ``at`` as words in brackets; ``hxxp``
    and its kin; a backslash before a dot.
    """
    if not _marked(text):
        return text
    text = _DOT.sub(".", text)
    text = _AT.sub("@", text)
    text = _COLON.sub(":", text)
    text = _SLASHES.sub(r"\1", text)
    text = _SCHEME.sub(_scheme, text)
    return _AFTER_SCHEME.sub(r"\1://", text)


def _marked(text: str) -> bool:
    """Say whether anything in a text looks defanged: nearly none does."""
    lower = text[:8].lower()
    return any(mark in text for mark in "[]({}<\\* ") or lower.startswith(
        ("hxx", "htx", "hxt", "fxp", "ftx", "meow", "h__")
    )


def _scheme(found: re.Match[str]) -> str:
    if found[2]:
        return f"ftp{(found[3] or '').lower()}"
    return f"http{(found[1] or '').lower()}"
