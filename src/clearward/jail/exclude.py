"""Patterns that leave files out of a scan.

A pattern without ``/`` is matched against the last component of a path, any other
against the whole path. In the latter ``*`` and ``?`` stop at a slash and ``**`` does
not, as in gitignore(5). A slash at the end of a pattern means nothing.
"""

import fnmatch
import re
from collections.abc import Callable, Sequence

_PIECES = re.compile(r"(\*\*/|\*\*|\*|\?|\[!?\]?[^\]]*\])")
# What fnmatch puts around what it translates; inside a path that is left out.
_BEFORE, _BEHIND = fnmatch.translate("x").split("x")
_WILD = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def compile_patterns(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Return what says whether a path fits one of the patterns."""
    meant = [pattern.rstrip("/") for pattern in patterns]
    last = [re.compile(fnmatch.translate(p)) for p in meant if "/" not in p]
    whole = [re.compile(_translate(p), re.DOTALL) for p in meant if "/" in p]

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
    if _PIECES.fullmatch(piece):  # a set of characters, none of which is a slash
        made = fnmatch.translate(piece)
        return "(?!/)" + made.removeprefix(_BEFORE).removesuffix(_BEHIND)
    return re.escape(piece)
