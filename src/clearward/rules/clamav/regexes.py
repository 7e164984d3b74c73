r"""Regular expressions of signatures: those of PCRE, run by the library `regex`.

What PCRE writes otherwise is rewritten first: ``\x{41}``, ``\Q...\E``, ``\h``, ``\e``,
and letters that it takes as themselves behind a backslash. A search has a time limit,
since an expression can be made to take for ever.

Source: pcre2pattern(3); docs.clamav.net, "PCRE subsignatures", for the flags.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

import regex

from clearward.rules.clamav.stretches import part

MOST_SIZE = 100 << 20  # bytes of a part that expressions are looked for in
_LONGEST = 64 * 1024  # characters of an expression
_FLAGS = {
    "i": regex.IGNORECASE,
    "s": regex.DOTALL,
    "m": regex.MULTILINE,
    "x": regex.VERBOSE,
}
_OTHERS = frozenset("greAEU")
_WHOLE = frozenset("xA")  # flags of expressions that are not looked for in stretches
_MASK = regex.IGNORECASE | regex.DOTALL | regex.MULTILINE
_LONG = 32 * 1024  # bytes; what is shorter is not worth it
_parted = lru_cache(256)(part)

_TOKEN = re.compile(
    r"\\x\{(?P<code>[0-9A-Fa-f]{1,2})\}"
    r"|\\Q(?P<quoted>.*?)(?:\\E|\Z)"
    r"|\\(?P<letter>.)"
    r"|(?P<named>\[:\^?[a-z]+:\])"
    r"|(?P<open>\[\^?\]?)"
    r"|(?P<close>\])"
    r"|(?P<end>\$)"
    r"|(?P<times>(?:(?<!\()[*+?]|\{\d+(?:,\d*)?\}))(?P<lazy>[?+]?)",
    re.DOTALL,
)
# What `regex` understands behind a backslash, too, and means the same by.
_SAME = frozenset("AbBcdDGKnrRsStwWxXafgkLpP0123456789u")
# Others, as they are written in a class of characters.
_SETS = {"h": r"\t ", "v": r"\n\x0b\f\r\x85"}
_REWRITTEN = {"e": r"\x1b", "E": "", "N": r"[^\n]", "z": r"\Z", "Z": r"(?=\n?\Z)"}


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression, ready to be looked for.

    Attributes:
        pattern: what is looked for.
        all: every match counts, and not only the first (``g``).
        rolls: with an offset, the match may begin behind it (``r``).
        confined: the match has to end within the shift of its offset (``e``).
        text: of the pattern, if it may be looked for in stretches.
    """

    pattern: "regex.Pattern[bytes]"
    all: bool
    rolls: bool
    confined: bool
    text: str = ""

    def starts(
        self, data: bytes, start: int, end: int, *, seconds: float
    ) -> Iterator[int]:
        """Yield where matches begin; see `spans`."""
        for begin, _ in self.spans(data, start, end, seconds=seconds):
            yield begin

    def spans(
        self, data: bytes, start: int, end: int, *, seconds: float
    ) -> Iterator[tuple[int, int]]:
        """Yield where matches begin and end, the next one behind the last.

        Args:
            data: the part.
            start: where to begin.
            end: nothing from here on is looked at.
            seconds: for each match; at least a microsecond.

        Raises:
            TimeoutError: the search takes too long.
        """
        while start <= end:
            found = self._next(data, start, end, max(seconds, 1e-6))
            if found is None:
                return
            yield found
            if not self.all:
                return
            start = max(found[1], found[0] + 1)

    def _next(
        self, data: bytes, start: int, end: int, seconds: float
    ) -> tuple[int, int] | None:
        """Return the next match."""
        if end - start > _LONG and self.text:
            stretches = _parted(self.text, self.pattern.flags & _MASK)
            if stretches is not None:
                with suppress(LookupError):
                    return stretches.find(data, start, end, seconds, exact=self.all)
        found = self.pattern.search(data, start, end, timeout=seconds)
        return None if found is None else found.span()


def compile_regex(pattern: str, flags: str) -> Compiled:
    """Compile an expression.

    Args:
        pattern: as it stands between the slashes, a character for each byte.
        flags: letters behind them.

    Raises:
        ValueError: it is too long, wrong, or has a flag that does not exist.
    """
    if len(pattern) > _LONGEST:
        raise ValueError("a regular expression that is too long")
    unknown = set(flags) - set(_FLAGS) - _OTHERS
    if unknown:
        raise ValueError(f"no such flag of a regular expression: {min(unknown)!r}")
    mask = regex.VERSION0
    for letter in flags:
        mask |= _FLAGS.get(letter, 0)
    text = _Rewriting(flags).text(pattern)
    if "A" in flags:
        text = rf"\G(?:{text})"
    try:
        compiled = regex.compile(text.encode("latin-1"), mask)
    except (regex.error, ValueError, OverflowError, RecursionError) as error:
        raise ValueError(f"not a regular expression: {error}") from error
    parted = "" if _WHOLE.intersection(flags) else text
    return Compiled(compiled, "g" in flags, "r" in flags, "e" in flags, parted)


class _Rewriting:
    """Writes an expression as `regex` has it."""

    def __init__(self, flags: str) -> None:
        self._lazy = "U" in flags
        self._ends_only = "E" in flags
        self._in_class = False

    def text(self, pattern: str) -> str:
        """Return the whole of it."""
        return _TOKEN.sub(self._token, pattern)

    def _token(self, found: "re.Match[str]") -> str:
        if found["code"] is not None:
            return rf"\x{int(found['code'], 16):02x}"
        if found["quoted"] is not None:
            return str(regex.escape(found["quoted"]))
        if found["letter"] is not None:
            return self._letter(found["letter"])
        if self._in_class:
            return self._inside(found)
        return self._outside(found)

    def _inside(self, found: "re.Match[str]") -> str:
        """Write what stands in a class of characters."""
        self._in_class = found["close"] is None
        return found[0].replace("[", r"\[") if found["open"] else found[0]

    def _outside(self, found: "re.Match[str]") -> str:
        if found["open"] is not None:
            self._in_class = True
        elif found["end"] is not None and self._ends_only:
            return r"\Z"
        elif found["times"] is not None and self._lazy and found["lazy"] != "+":
            return found["times"] + ("" if found["lazy"] else "?")
        return found[0]

    def _letter(self, letter: str) -> str:
        if letter.lower() in _SETS:
            inside = _SETS[letter.lower()]
            if self._in_class and letter.islower():
                return inside
            return f"[^{inside}]" if letter.isupper() else f"[{inside}]"
        if letter in _REWRITTEN:
            return _REWRITTEN[letter]
        if letter == "/" or (
            letter.isascii() and letter.isalpha() and letter not in _SAME
        ):
            return letter
        return "\\" + letter
