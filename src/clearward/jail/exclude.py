"""Patterns that leave files out of a scan.

A pattern without ``/`` is matched against the last component of a path, any other
against the whole path. In the latter ``*`` and ``?`` stop at a slash and ``**`` does
not, as in gitignore(5).
"""

import fnmatch
import re
from collections.abc import Callable, Sequence

_PIECES = re.compile(r"(\*\*/|\*\*|\*|\?|\[!?\]?[^\]]*\])")
_WILD = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def compile_patterns(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Return what says whether a path fits one of the patterns."""
    last = [re.compile(fnmatch.translate(p)) for p in patterns if "/" not in p]
    whole = [re.compile(_translate(p), re.DOTALL) for p in patterns if "/" in p]

    def excludes(path: str) -> bool:
        trimmed = path.rstrip("/")
        name = trimmed.rpartition("/")[2]
        return any(one.match(name) for one in last) or any(
            one.match(trimmed) for one in whole
        )

    return excludes


def _translate(pattern: str) -> str:
    return "".join(map(_piece, _PIECES.split(pattern))) + r"\Z"


def _piece(piece: str) -> str:
    if piece in _WILD:
        return _WILD[piece]
    if _PIECES.fullmatch(piece):  # a set of characters
        inner = piece[1:-1].replace("\\", "\\\\")
        return f"[{'^' + inner[1:] if inner.startswith('!') else inner}]"
    return re.escape(piece)
