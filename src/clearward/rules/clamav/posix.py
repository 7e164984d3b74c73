r"""Regular expressions of lists (cdb, pdb, wdb): POSIX extended ones, for `regex`.

A backslash makes any character mean itself, letters too: ``\d`` is a ``d``. In brackets
it is a backslash. ``(?i)`` in front folds the case of what follows. A brace that begins
no number of times, and a bracket that closes nothing, mean themselves; a dot is any
byte; ``^`` and ``$`` are the ends of the text, wherever they stand.

Source: regex(7); what is refused was tried with clamscan 1.4.6.
"""

import re

import regex

from clearward.rules.clamav.fault import Wrong

LONGEST = 4096  # characters of an expression
_MOST_TIMES = 255
_FOLDS = "(?i)"

_TIMES = re.compile(r"\{([0-9]{1,3})(?:(,)([0-9]{0,3}))?\}")
_BEGINS_TIMES = re.compile(r"\{[0-9]")
_BRACKET = re.compile(
    r"\[(?P<not>\^)?(?P<set>\]?(?:[^\]\[]|\[:[a-z]+:\]|\[(?![:.=]))*)\]", re.DOTALL
)
_IN_BRACKET = re.compile(
    r"\[:(?P<name>[a-z]+):\]|(?P<low>.)-(?P<high>[^\]])|(?P<one>.)", re.DOTALL
)
_CLASSES = re.compile(
    "alnum|alpha|blank|cntrl|digit|graph|lower|print|punct|space|upper|xdigit"
).fullmatch


def compile_posix(pattern: str) -> "regex.Pattern[bytes]":
    """Compile an expression that searches bytes.

    Args:
        pattern: a character for each byte.

    Raises:
        Wrong: it is none, or too long.
    """
    text = rewritten(pattern)
    flags = regex.VERSION0 | regex.DOTALL
    if pattern.startswith(_FOLDS):
        flags |= regex.IGNORECASE
    try:
        return regex.compile(text.encode("latin-1"), flags)
    except (regex.error, ValueError, OverflowError, RecursionError) as error:
        raise Wrong("not a regular expression") from error


def rewritten(pattern: str) -> str:
    """Return an expression as `regex` has it, without the mark that folds case.

    Raises:
        Wrong: it is none, or too long.
    """
    if len(pattern) > LONGEST:
        raise Wrong("a regular expression that is too long")
    return _Rewriting(pattern.removeprefix(_FOLDS)).text()


class _Rewriting:
    """One pass over an expression."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._depth = 0
        self._repeatable = False  # what stands before may be repeated
        self._empty = True  # nothing stands in this alternative yet

    def text(self) -> str:
        written = []
        while self._at < len(self._pattern):
            written.append(self._next())
        if self._depth or (self._empty and "|" in self._pattern):
            raise Wrong("a bracket or an alternative without an end")
        return "".join(written)

    def _next(self) -> str:
        letter = self._pattern[self._at]
        if letter in "()|":
            return self._structure(letter)
        if letter in "*+?" or _BEGINS_TIMES.match(self._pattern, self._at):
            return self._times(letter)
        self._empty = False
        self._repeatable = letter not in "^$"
        if letter == "[":
            return self._bracket()
        self._at += 1
        if letter in ".^$":
            return {".": ".", "^": r"\A", "$": r"\Z"}[letter]
        if letter == "\\":
            if self._at == len(self._pattern):
                raise Wrong("a backslash at the end of a regular expression")
            letter = self._pattern[self._at]
            self._at += 1
        return str(regex.escape(letter))

    def _structure(self, letter: str) -> str:
        """Write a bracket or the border of alternatives."""
        nothing = self._pattern.startswith("()", self._at)
        self._at += 2 if nothing else 1
        if nothing or (letter == ")" and not self._depth):
            self._empty, self._repeatable = False, True
            return "(?:)" if nothing else r"\)"
        if letter != "(" and self._empty:
            raise Wrong("an empty alternative in a regular expression")
        self._depth += {"(": 1, ")": -1, "|": 0}[letter]
        self._repeatable = letter == ")"
        self._empty = letter != ")"
        return "(?:" if letter == "(" else letter

    def _times(self, letter: str) -> str:
        if not self._repeatable:
            raise Wrong("nothing to repeat in a regular expression")
        self._repeatable = False
        if letter != "{":
            self._at += 1
            return letter
        found = _TIMES.match(self._pattern, self._at)
        if found is None:
            raise Wrong("not a number of times in a regular expression")
        least = int(found[1])
        most = least if found[2] is None else int(found[3] or _MOST_TIMES)
        if not least <= most <= _MOST_TIMES:
            raise Wrong("a number of times that cannot be")
        self._at = found.end()
        return found[0]

    def _bracket(self) -> str:
        found = _BRACKET.match(self._pattern, self._at)
        if found is None or not found["set"]:
            raise Wrong("a bracket without an end in a regular expression")
        self._at = found.end()
        inside = "".join(map(_in_bracket, _IN_BRACKET.finditer(found["set"])))
        return f"[{found['not'] or ''}{inside}]"


def _in_bracket(found: "re.Match[str]") -> str:
    if found["name"] is not None:
        if _CLASSES(found["name"]) is None:
            raise Wrong("no such class of characters in a regular expression")
        return found[0]
    if found["one"] is not None:
        return str(regex.escape(found["one"]))
    if found["low"] > found["high"]:
        raise Wrong("a range that ends before it begins in a regular expression")
    return rf"\x{ord(found['low']):02x}-\x{ord(found['high']):02x}"
