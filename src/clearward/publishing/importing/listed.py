"""Which sources there are, as a file says it; `sources.toml` beside this is one."""

import os
import re
import tomllib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from clearward.core.errors import Refused
from clearward.egress.request import HERE, Destination, Key, Place, Request
from clearward.jail.sources import kind_of
from clearward.publishing.importing.needed import Needed

SHIPPED = f"{os.path.dirname(__file__)}/sources.toml"
_MOST_FILE = 1 << 20  # bytes of such a file
_MOST = 1_000_000_000  # bytes of a source that names no limit
_MOST_OTHERS = 16
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_NEEDED = ("name", "url", "file")
_SAID = ("licence", "author", "about")
_KEYS = ("key", "header")
_STANDIN = "k" * 16  # a key of the right form, to try what it is put into


@dataclass(frozen=True, slots=True)
class Listed:
    """A source.

    Attributes:
        name: of it, and of its folder.
        url: what is fetched; it has `HERE` in the place of a key that stands in it.
        file: its name in that folder.
        said: what else the file says of it, by field; what is not known is missing.
        most: bytes at most.
        also: servers that its own may send us on to: a host, perhaps with a port.
        needed: the key that it is asked with.

    Raises:
        ValueError: one of them cannot be used.
        Refused: likewise.
    """

    name: str
    url: str
    file: str
    said: dict[str, str]
    most: int = _MOST
    also: tuple[str, ...] = ()
    needed: Needed | None = None

    def __post_init__(self) -> None:
        for one in (self.name, self.file):
            if not _NAME.fullmatch(one):
                raise ValueError(f"{one!r} is no name of a file")
        if kind_of(self.file) is None:
            raise ValueError(f"{self.file}: not a kind of rules that is known")
        if self.most <= 0:
            raise ValueError(f"{self.name}: at most {self.most} bytes")
        if urlsplit(self.url).fragment:
            raise ValueError(f"{self.name}: an address with a fragment")
        if len(self.also) > _MOST_OTHERS:
            raise ValueError(f"{self.name}: also: more than {_MOST_OTHERS} servers")
        if any(set(one) & set("/?#@") for one in self.also):
            raise ValueError(f"{self.name}: also: a host, perhaps with a port")
        self._check_key()
        self.others  # noqa: B018 - each of them is a server

    @property
    def destination(self) -> Destination:
        """The source's own server."""
        parts = urlsplit(self.url)
        return Place.parse(f"{parts.scheme}://{parts.netloc}/").destination

    @property
    def target(self) -> str:
        """What is asked of it, with `HERE` in the place of a key."""
        parts = urlsplit(self.url)
        return f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"

    @property
    def others(self) -> list[Destination]:
        """Where it may send us on to; from https to https alone."""
        schemes = sorted({"https", self.destination.scheme})
        return [
            Place.parse(f"{scheme}://{one}/").destination
            for one in self.also
            for scheme in schemes
        ]

    def _check_key(self) -> None:
        key = None
        if self.needed is not None:
            key = Key(_STANDIN, self.needed.header)
            if self.destination.scheme != "https":
                raise ValueError(f"{self.name}: a key needs https")
            if bool(self.needed.header) == (HERE in self.target):
                said = f"a key has its place in a header or, as {HERE}, in the url"
                raise ValueError(f"{self.name}: {said}")
        Request("GET", self.target, key=key)


def listed(path: str = SHIPPED) -> list[Listed]:
    """Return the sources of a file.

    Raises:
        Refused: it cannot be read, or says what cannot be used.
    """
    found: dict[str, Listed] = {}
    for entry in _entries(path):
        try:
            one = _listed(entry)
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
    return [known[name] for name in dict.fromkeys(names)] if names else found


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
        if not _is_field(key, value):
            raise ValueError(f"{key}: not a field of a source, or of another kind")
    missing = [key for key in _NEEDED if key not in entry]
    if missing:
        raise ValueError(f"a source without {missing[0]}")
    said = {key: entry[key] for key in _SAID if entry.get(key)}
    most = entry.get("most", _MOST)
    also = tuple(entry.get("also", ()))
    key, header = (entry.get(one, "") for one in _KEYS)
    if header and not key:
        raise ValueError("a header without a key")
    needed = Needed.parse(key, header) if "key" in entry else None
    return Listed(entry["name"], entry["url"], entry["file"], said, most, also, needed)


def _is_field(key: str, value: Any) -> bool:  # noqa: ANN401 - likewise
    if key == "also":
        return type(value) is list and all(type(one) is str for one in value)
    kind = int if key == "most" else str
    return key in (*_NEEDED, *_SAID, *_KEYS, "most") and type(value) is kind
