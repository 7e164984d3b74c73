"""Which sources there are, as a file says it; `sources.toml` beside this is one."""

import os
import re
import tomllib
from dataclasses import dataclass
from typing import Any

from clearward.core.errors import Refused
from clearward.egress.request import Place, Request
from clearward.jail.sources import KINDS

SHIPPED = f"{os.path.dirname(__file__)}/sources.toml"
_MOST_FILE = 1 << 20  # bytes of such a file
_MOST = 1_000_000_000  # bytes of a source that names no limit
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_NEEDED = ("name", "url", "file")
_SAID = ("licence", "author", "about")


@dataclass(frozen=True, slots=True)
class Listed:
    """A source.

    Attributes:
        name: of it, and of its folder.
        url: what is fetched.
        file: its name in that folder.
        said: what else the file says of it, by field; what is not known is missing.
        most: bytes at most.

    Raises:
        ValueError: one of them cannot be used.
    """

    name: str
    url: str
    file: str
    said: dict[str, str]
    most: int = _MOST

    def __post_init__(self) -> None:
        for one in (self.name, self.file):
            if not _NAME.fullmatch(one):
                raise ValueError(f"{one!r} is no name of a file")
        if os.path.splitext(self.file)[1].lower() not in KINDS:
            raise ValueError(f"{self.file}: not a kind of rules that is known")
        if self.most <= 0:
            raise ValueError(f"{self.name}: at most {self.most} bytes")

    @property
    def place(self) -> Place:
        """The folder on the server.

        Raises:
            Refused: there is none.
        """
        return Place.parse(self.url.rpartition("/")[0] + "/")

    @property
    def target(self) -> str:
        """What is asked of the server."""
        return self.place.target(self.url.rpartition("/")[2])


def listed(path: str = SHIPPED) -> list[Listed]:
    """Return the sources of a file.

    Raises:
        Refused: it cannot be read, or says what cannot be used.
    """
    found: dict[str, Listed] = {}
    for entry in _entries(path):
        try:
            one = _listed(entry)
            Request("GET", one.target)
        except (ValueError, TypeError, Refused) as error:
            raise Refused(f"{path}: {error}") from error
        if one.name in found:
            raise Refused(f"{path}: {one.name} is there twice")
        found[one.name] = one
    return list(found.values())


def chosen(found: list[Listed], names: list[str]) -> list[Listed]:
    """Return those of some names; all if there is none.

    Raises:
        Refused: there is none of that name.
    """
    known = {one.name: one for one in found}
    for name in names:
        if name not in known:
            raise Refused(f"{name}: no such source; there are {', '.join(known)}")
    return [known[name] for name in names] if names else found


def _entries(path: str) -> list[Any]:
    try:
        with open(path, "rb") as file:
            text = file.read(_MOST_FILE + 1)
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {error.strerror}") from error
    if len(text) > _MOST_FILE:
        raise Refused(f"{path}: longer than {_MOST_FILE:,} bytes")
    try:
        read = tomllib.loads(text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Refused(f"{path}: no TOML: {error}") from error
    entries = read.pop("source", [])
    if read or not isinstance(entries, list) or not entries:
        raise Refused(f"{path}: it has tables [[source]] and nothing else")
    return entries


def _listed(entry: Any) -> Listed:  # noqa: ANN401 - whatever was written
    if not isinstance(entry, dict):
        raise TypeError("a source is a table")
    for key, value in entry.items():
        kind = int if key == "most" else str
        if key not in (*_NEEDED, *_SAID, "most") or type(value) is not kind:
            raise ValueError(f"{key}: not a field of a source, or of another kind")
    missing = [key for key in _NEEDED if key not in entry]
    if missing:
        raise ValueError(f"a source without {missing[0]}")
    said = {key: entry[key] for key in _SAID if entry.get(key)}
    most = entry.get("most", _MOST)
    return Listed(entry["name"], entry["url"], entry["file"], said, most)
