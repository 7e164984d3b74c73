"""What clamscan leaves out: regular expressions, looked for anywhere in a path.

The original reads them as POSIX extended expressions. Python's are the same but for
bracket classes such as ``[[:digit:]]``, which are put into Python's words here, and for
which of several alternatives matches, which does not matter for a yes or no.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from clearward.core.errors import Refused

_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\s",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}
_CLASS = re.compile(r"\[:([a-z]+):\]")


@dataclass(frozen=True, slots=True)
class Patterns:
    """What is left out.

    Attributes:
        exclude: files.
        exclude_dir: folders.
        include: the only files that are not left out; none means all.
        include_dir: the only folders that are not left out; none means all.
    """

    exclude: tuple[re.Pattern[str], ...] = ()
    exclude_dir: tuple[re.Pattern[str], ...] = ()
    include: tuple[re.Pattern[str], ...] = ()
    include_dir: tuple[re.Pattern[str], ...] = ()

    def leaves_file(self, path: str) -> bool:
        """Say whether a file is left out."""
        return _leaves(path, self.exclude, self.include)

    def leaves_folder(self, path: str) -> bool:
        """Say whether a folder is left out, with all that is in it."""
        return _leaves(path, self.exclude_dir, self.include_dir)


def compiled(option: str, expressions: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    """Compile the values of an option.

    Raises:
        Refused: one of them is no regular expression. (The original ignores it and
            scans what should have been left out.)
    """
    made = []
    for expression in expressions:
        try:
            made.append(re.compile(_CLASS.sub(_class, expression)))
        except (re.error, OverflowError, RecursionError) as error:
            raise Refused(f"--{option}: not a regular expression: {error}") from error
    return tuple(made)


def _class(found: re.Match[str]) -> str:
    return _CLASSES.get(found[1], found[0])


def _leaves(
    path: str, out: tuple[re.Pattern[str], ...], only: tuple[re.Pattern[str], ...]
) -> bool:
    if any(pattern.search(path) for pattern in out):
        return True
    return bool(only) and not any(pattern.search(path) for pattern in only)
