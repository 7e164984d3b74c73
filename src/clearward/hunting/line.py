"""Cut a line of a log into what can be looked up.

Nothing is known of the form of a log: names, addresses, URLs and digests are found
wherever they stand, between quotes, brackets, commas, tabs or escapes. Each expression
looks at a character a bounded number of times.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from clearward.indicators import hosts
from clearward.indicators.canonical import canonical
from clearward.indicators.kinds import DIGESTS, Kind

_TOKEN = re.compile(
    r"(?P<url>[a-z][a-z0-9+.-]{1,15}://[^\s\"'<>|\\^`{}]{3,2048})"
    r"|(?P<v6>(?<![0-9a-z:.])(?:[0-9a-f]{0,4}:){2,7}(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-f]{0,4})(?![0-9a-z:]))"
    r"|(?P<word>[0-9a-z_\u0080-\U0010ffff][0-9a-z_.\-\u0080-\U0010ffff]*)"
)
_INSIDE = re.compile(
    r"[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?(\[[0-9a-f:.]+\]|[^/?#:]*)(?::(\d{1,5}))?"
)
_PORT = re.compile(r":(\d{1,5})(?![\d:.])")
_LOCAL = re.compile(r"[a-z0-9.!#$%&*+/=?^_`|~-]{1,64}$")
_HEX = re.compile(r"[0-9a-f]+")
_URL_ENDS = ".,;:!?)]}*"
_MOST_LABELS = 253


@dataclass(frozen=True, slots=True)
class Seen:
    """Something in a line.

    Attributes:
        kind: of it.
        text: canonical.
        port: behind an address, empty if there is none.
    """

    kind: Kind
    text: str
    port: str = ""


def cut(line: str) -> Iterator[Seen]:
    """Give what stands in a line, each once."""
    said: set[Seen] = set()
    for seen in _cut(line.lower() if line.isascii() else line.casefold(), line):
        if seen not in said:
            said.add(seen)
            yield seen


def _cut(lower: str, line: str) -> Iterator[Seen]:
    same = len(lower) == len(line)
    for found in _TOKEN.finditer(lower):
        kind = found.lastgroup
        if kind == "word":
            word = found.group()
            if "." in word:
                yield from _dotted(lower, found.start(), found.end(), word)
            elif len(word) in DIGESTS and _HEX.fullmatch(word):
                yield Seen(DIGESTS[len(word)], word)
        elif kind == "url":
            start, end = found.span()
            yield from _url(line[start:end] if same else found.group())
        else:
            address = hosts.ipv6(found.group())
            if address is not None:
                yield Seen(Kind.IPV6 if ":" in address else Kind.IPV4, address)


def _dotted(lower: str, start: int, end: int, word: str) -> Iterator[Seen]:
    word = word.strip(".-")
    if len(word) > _MOST_LABELS:
        return
    address = hosts.ipv4(word)
    if address is not None:
        port = _PORT.match(lower, end)
        yield Seen(Kind.IPV4, address, str(int(port[1])) if port else "")
        return
    name = hosts.domain(word)
    if name is None:
        return
    if start and lower[start - 1] == "@":
        local = _LOCAL.search(lower, max(start - 65, 0), start - 1)
        email = canonical(Kind.EMAIL, f"{local[0]}@{name}") if local else None
        if email is not None:
            yield Seen(Kind.EMAIL, email)
    yield Seen(Kind.DOMAIN, name)


def _url(text: str) -> Iterator[Seen]:
    text = text.rstrip(_URL_ENDS)
    url = canonical(Kind.URL, text)
    if url is None:
        return
    yield Seen(Kind.URL, url)
    inside = _INSIDE.match(url)
    if inside is None:
        return
    host, port = inside[1], inside[2] or ""
    address = hosts.ipv4(host) or hosts.ipv6(host)
    if address is not None:
        yield Seen(Kind.IPV6 if ":" in address else Kind.IPV4, address, port)
    elif (name := hosts.domain(host)) is not None:
        yield Seen(Kind.DOMAIN, name)
