r"""Find indicators in running text, in time linear in it.

Each pattern begins where a run of its letters begins and takes the whole run, so that
no letter is looked at more often than the bounded parts of a pattern are long:

    address   scheme :// [user@] host [:port] [path]
    mail      local @ host
    name      labels and dots: a host, or an IPv4 address
    long      groups of hexadecimal digits and colons: an IPv6 address
    digest    32, 40 or 64 hexadecimal digits by themselves
    number    CVE-year-number

What is inside an address of a resource or of a mailbox is not told again, but digests.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from clearward.formats.extraction.friends import is_code, is_file, is_version
from clearward.formats.extraction.running import DOT, refanged
from clearward.indicators import hosts
from clearward.indicators.canonical import canonical
from clearward.indicators.found import Found
from clearward.indicators.kinds import DIGESTS, Kind
from clearward.indicators.toplevel import is_real

LONGEST_URL = 4096  # characters

_MASTER = re.compile(
    r"(?<![\w])(?P<url>(?:https?|ftps?|sftp|wss?|ldaps?|rmi|tcp|udp)://"
    r"(?:\[[0-9a-f:.]{2,45}\]|[^\s/?#<>\"'`|\\^{}\[\]()]{1,320}+)(?::[0-9]{1,5})?"
    r"(?:[/?#][^\s<>\"`|\\^{}\[\]]*+)?+)"
    r"|(?<![\w.+%\x01-])(?P<mail>[a-z0-9._+%-]{1,64}+@(?:[\w-]++[.\x01])++[\w-]++)"
    r"|(?<![\w.\x01-])(?P<name>[\w-]++(?:[.\x01][\w-]++)++)"
    r"|(?<![\w:.])(?P<long>[0-9a-f]{0,4}+:[0-9a-f:]++(?:[0-9]{0,3}+(?:\.[0-9]{1,3}+){3})?)",
    re.IGNORECASE,
)
_DIGEST = re.compile(r"\b[0-9A-Fa-f]{32,64}+\b")
_CVE = re.compile(
    r"\bCVE[-_\u2010-\u2013]((?:19|20)[0-9]{2})[-_\u2010-\u2013]([0-9]{4,19})\b",
    re.IGNORECASE,
)
_ASCII_NAME = re.compile(r"[A-Za-z0-9_-]++(?:[.\x01][A-Za-z0-9_-]++)++")
_NEXT_URL = re.compile(r"[,;|](?=(?:https?|ftp)://)", re.IGNORECASE)
_OF_NUMBERS = re.compile(r"[0-9.\x01-]+")
_PREFIX = re.compile(r"/[0-9]{1,2}(?![\w/])")
_TRAILING = ".,;:!?'*_~&"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_BEFORE_NO_HOST = "\\$@%"
_SHORTEST_DIGEST = min(DIGESTS)
_REMEMBERED = 4096  # names that are told once, and repeated often
# A script without spaces, right beside Latin letters.
_BESIDE_WORDS = re.compile("[A-Za-z0-9][\u2e80-\uffdc]|[\u2e80-\uffdc][A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class _Seen:
    """A value that was seen at an offset."""

    start: int
    end: int
    kind: Kind
    value: str


def extract(text: str, line: int = 1) -> Iterator[Found]:
    """Yield every indicator of a text once, in the order in which they stand there.

    Args:
        text: of any length; what is held besides is a few times as large.
        line: number of its first line.
    """
    text = refanged(text)
    told: set[tuple[Kind, str]] = set()
    place = 0
    for seen in _in_order(text):
        if (seen.kind, seen.value) in told:
            continue
        told.add((seen.kind, seen.value))
        line += text.count("\n", place, seen.start)
        place = seen.start
        yield Found(line, seen.kind, seen.value)


def _in_order(text: str) -> list[_Seen]:
    seen = list(_addresses(text))
    hosts_end = sorted((each.start, each.end) for each in seen if each.kind in _WHOLE)
    others = list(chain(_digests(text), _numbers(text)))
    seen += _outside(others, hosts_end)
    seen.sort(key=lambda each: each.start)
    return seen


_WHOLE = frozenset({Kind.DOMAIN, Kind.EMAIL})


def _outside(seen: list[_Seen], spans: list[tuple[int, int]]) -> Iterator[_Seen]:
    """Yield what is no part of a host: both are in the order of the text."""
    place = 0
    for each in sorted(seen, key=lambda one: one.start):
        while place < len(spans) and spans[place][1] <= each.start:
            place += 1
        if place == len(spans) or spans[place][0] >= each.end:
            yield each


def _digests(text: str) -> Iterator[_Seen]:
    for found in _DIGEST.finditer(text):
        kind = DIGESTS.get(found.end() - found.start())
        if kind is not None:
            value = found[0].lower()
            if len(set(value)) > 2:  # noqa: PLR2004 - a row of zeros is none
                yield _Seen(found.start(), found.end(), kind, value)


def _numbers(text: str) -> Iterator[_Seen]:
    for found in _CVE.finditer(text):
        yield _Seen(found.start(), found.end(), Kind.CVE, f"CVE-{found[1]}-{found[2]}")


def _addresses(text: str) -> Iterator[_Seen]:
    known: set[str] = set()  # what need not be told again; it holds no digest
    for found in _MASTER.finditer(text):
        raw = found[0]
        if raw in known:
            continue
        seen = list(_READERS[found.lastgroup or ""](found))
        if seen and len(raw) < _SHORTEST_DIGEST:
            known.add(raw)
        yield from seen


def _url(found: re.Match[str]) -> Iterator[_Seen]:
    raw = found[0]
    if len(raw) > LONGEST_URL:
        return
    start = found.start()
    for piece in _NEXT_URL.split(raw.replace(DOT, ".")):
        value = canonical(Kind.URL, _trimmed(piece))
        if value is not None and DOT not in value and _leads_somewhere(value):
            yield _Seen(start, found.end(), Kind.URL, value)


def _trimmed(address: str) -> str:
    """An address without what belongs to the sentence around it."""
    while address:
        last = address[-1]
        unpaired = last in _PAIRS and address.count(last) > address.count(_PAIRS[last])
        if last not in _TRAILING and not unpaired:
            break
        address = address[:-1]
    return address


def _leads_somewhere(address: str) -> bool:
    host = address.partition("://")[2].partition("/")[0].rpartition("@")[2]
    host = host.partition("?")[0].partition("#")[0]
    if host.startswith("["):
        return True
    host = host.partition(":")[0]
    return is_real(host) or hosts.ipv4(host) is not None


def _mail(found: re.Match[str]) -> Iterator[_Seen]:
    value = canonical(Kind.EMAIL, found[0].replace(DOT, ".").strip("._-"))
    if value is not None and is_real(value):
        yield _Seen(found.start(), found.end(), Kind.EMAIL, value)


def _name(found: re.Match[str]) -> Iterator[_Seen]:
    raw, start = found[0], found.start()
    if _OF_NUMBERS.fullmatch(raw):
        yield from _quads(found)
        return
    if len(raw) > 1024:  # noqa: PLR2004 - longer than any name, in any letters
        return
    value = None if _BESIDE_WORDS.search(raw) else _host(found, raw)
    if value is None and not raw.isascii():
        # Words of a language without spaces stand right beside it.
        for part in _ASCII_NAME.finditer(raw):
            inner = _host(found, part[0])
            if inner is not None:
                yield _Seen(start, found.end(), Kind.DOMAIN, inner)
    elif value is not None:
        yield _Seen(start, found.end(), Kind.DOMAIN, value)


def _host(found: re.Match[str], raw: str) -> str | None:
    """The host that a name is, None if it is a false friend."""
    raw = raw.strip("-_")
    written = raw.replace(DOT, ".")
    value = _real_host(written)
    if value is None or DOT in raw:
        return value
    labels = value.split(".")
    text, start = found.string, found.start()
    called = text[found.end() : found.end() + 1] == "("
    if called or (start and text[start - 1] in _BEFORE_NO_HOST):
        return None
    if is_file(labels) or is_code(written, labels):
        return None
    return value


@lru_cache(maxsize=_REMEMBERED)
def _real_host(written: str) -> str | None:
    value = hosts.domain(written)
    return value if value is not None and is_real(value) else None


_quad = lru_cache(maxsize=_REMEMBERED)(hosts.ipv4)


def _quads(found: re.Match[str]) -> Iterator[_Seen]:
    """Read numbers and dots: an address, several with hyphens, or a version."""
    raw, text, end = found[0], found.string, found.end()
    pieces = raw.split("-") if len(raw) < 64 else []  # noqa: PLR2004 - three addresses
    values = [_quad(piece.replace(DOT, ".")) for piece in pieces]
    defanged = DOT in raw
    if not defanged and is_version(text, found.start()):
        return
    if text[end : end + 1] == "/" and _PREFIX.match(text, end):
        return  # a network
    for value in values if all(values) else ():
        if value is not None:
            yield _Seen(found.start(), end, Kind.IPV4, value)


def _long(found: re.Match[str]) -> Iterator[_Seen]:
    raw = found[0].rstrip(":") if not found[0].endswith("::") else found[0]
    groups = [group for group in raw.split(":", 9) if group]
    if len(raw) > 45 or len(groups) < 2 or not any(map(str.isdigit, raw)):  # noqa: PLR2004
        return
    if all(len(group) == 2 for group in groups):  # noqa: PLR2004 - EUI-64, a clock
        return
    value = hosts.ipv6(raw)
    if value is not None:
        kind = Kind.IPV6 if ":" in value else Kind.IPV4
        yield _Seen(found.start(), found.end(), kind, value)


_READERS: dict[str, Callable[[re.Match[str]], Iterator[_Seen]]] = {
    "url": _url,
    "mail": _mail,
    "name": _name,
    "long": _long,
}
