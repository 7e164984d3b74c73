"""What a client reads in a clamd.conf: where clamd listens, and what is left out.

A line is a word and its value, which may stand in quotation marks; ``#`` begins a
comment line. Words that a client does not need are not looked at.

Source: clamd.conf(5).
"""

import re
from dataclasses import dataclass

from clearward.core.errors import Refused
from clearward.faces.clamav.link import Server

PLACE = "/etc/clamav/clamd.conf"
_MOST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Conf:
    """What was read.

    Attributes:
        servers: where clamd listens, those to be tried first in front.
        exclude: what is not scanned, looked for anywhere in a path.
    """

    servers: tuple[Server, ...] = ()
    exclude: tuple[re.Pattern[str], ...] = ()

    @property
    def local(self) -> bool:
        """Whether descriptors can be sent."""
        return bool(self.servers) and bool(self.servers[0].path)

    def leaves(self, path: str) -> bool:
        """Say whether a path is left out."""
        return any(pattern.search(path) for pattern in self.exclude)


def read(path: str) -> Conf:
    """Read a file.

    Raises:
        Refused: it cannot be read or used. The message may be empty.
    """
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return parse(file.read(), path)
    except OSError as error:
        raise Refused("") from error


def parse(text: str, path: str) -> Conf:
    """Read the text of a file; `path` is for messages.

    Raises:
        Refused: a value that cannot be used.
    """
    values: dict[str, list[str]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        word, _, value = line.strip().partition(" ")
        if word == "Example":
            raise Refused(f"Please edit the example config file {path}")
        if word and not word.startswith("#"):
            if not value.strip() and word in ("LocalSocket", "TCPSocket", "TCPAddr"):
                raise Refused(f"Parse error at {path}:{number}: {word} needs a value")
            values.setdefault(word, []).append(_bare(value.strip()))
    return Conf(_servers(values, path), _patterns(values, path))


def _bare(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] == '"'
    return value[1:-1] if quoted else value


def _servers(values: dict[str, list[str]], path: str) -> tuple[Server, ...]:
    paths = values.get("LocalSocket", [])
    if paths:
        return (Server(path=paths[-1]),)
    if "TCPSocket" not in values:
        return ()
    port = values["TCPSocket"][-1]
    if not (port.isascii() and port.isdigit() and 0 < int(port[:9]) <= _MOST_PORT):
        raise Refused(f"{path}: TCPSocket is no port")
    hosts = values.get("TCPAddr", ["localhost"])
    return tuple(Server(host=host, port=int(port)) for host in hosts)


def _patterns(values: dict[str, list[str]], path: str) -> tuple[re.Pattern[str], ...]:
    made = []
    for expression in values.get("ExcludePath", []):
        try:
            made.append(re.compile(expression))
        except (re.error, OverflowError, RecursionError) as error:
            raise Refused(f"{path}: ExcludePath: {error}") from error
    return tuple(made)
