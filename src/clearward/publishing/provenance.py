"""Where rules come from, as the file `bundle.toml` in a folder of sources says it.

    [[source]]
    name = "signature-base"
    files = ["yara/*.yar"]            # in this folder; all if it is missing
    url = "https://example.org/signature-base"
    licence = "DRL-1.1"
    author = "A. Author"
    date = 2026-11-01
    reviewers = ["B. Reviewer"]

All but the name may be missing. A file belongs to one source at most: what is said of
it twice is not known.

Source: TOML 1.0.0; the fields are those that the issue of bundles asks for.
"""

import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

from clearward.core.errors import Refused

NAME = "bundle.toml"
_TEXTS = ("name", "url", "licence", "author")
_LISTS = ("files", "reviewers")
_MOST = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where some files come from.

    Attributes:
        files: their names in the archive.
        said: the other fields, as they are written in JSON.
    """

    files: tuple[str, ...]
    said: dict[str, str | list[str]]


def provenance(folder: str, names: Sequence[str], front: str) -> tuple[Provenance, ...]:
    """Return what a folder says of its rule sources.

    Args:
        folder: where the file is, if there is one.
        names: of the sources in it, relative to it.
        front: what stands before them in the archive.

    Raises:
        Refused: the file says what cannot be used, of no source, or twice of one.
    """
    path = os.path.join(folder, NAME)
    if not os.path.lexists(path):
        return ()
    found = []
    left = list(names)
    for entry in _entries(path):
        said, patterns = _said(path, entry)
        files = [
            name for name in left if any(fnmatchcase(name, one) for one in patterns)
        ]
        if not files:
            raise Refused(f"{path}: {said['name']}: has no file that is left for it")
        left = [name for name in left if name not in files]
        found.append(Provenance(tuple(front + name for name in files), said))
    return tuple(found)


def _entries(path: str) -> list[Any]:
    try:
        with open(path, "rb") as file:
            text = file.read(_MOST + 1)
        if len(text) > _MOST:
            raise Refused(f"{path}: longer than {_MOST:,} bytes")
        read = tomllib.loads(text.decode("utf-8"))
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise Refused(f"{path}: {error}") from error
    entries = read.pop("source", None)
    if read or not isinstance(entries, list):
        raise Refused(f"{path}: it has tables [[source]] and nothing else")
    return entries


def _said(path: str, entry: Any) -> tuple[dict[str, str | list[str]], list[str]]:  # noqa: ANN401 - whatever was written
    """Return what a table says, and the patterns of its files."""
    said: dict[str, str | list[str]] = {}
    for key, value in sorted(entry.items()) if isinstance(entry, dict) else ():
        said[key] = _value(f"{path}: {key}", key, value)
    if "name" not in said:
        raise Refused(f"{path}: a source without a name")
    patterns = said.pop("files", ["*"])
    return said, [*patterns]


def _value(where: str, key: str, value: Any) -> str | list[str]:  # noqa: ANN401 - likewise
    if key in _TEXTS and isinstance(value, str) and value:
        return value
    if key == "date" and isinstance(value, date):
        return value.isoformat()
    if (
        key in _LISTS
        and isinstance(value, list)
        and value
        and all(isinstance(one, str) and one for one in value)
    ):
        return value
    raise Refused(f"{where}: not a field of a source, or of another kind")
