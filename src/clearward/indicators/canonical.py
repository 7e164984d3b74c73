"""The one way to write a value, so that the same thing is one indicator.

Two feeds write ``hxxp://Evil[.]Example:80/a`` and ``http://evil.example/a``; both
become the second. What cannot be written so is no value of its kind.
"""

import re
from collections.abc import Callable

from clearward.indicators import hosts
from clearward.indicators.defang import refanged
from clearward.indicators.kinds import DIGESTS, Kind

_USUAL_PORTS = {"http": "80", "https": "443", "ftp": "21", "ftps": "990", "ws": "80"}
_URL = re.compile(
    r"([a-z][a-z0-9+.-]{1,15})://(?:([^/?#@\s]*)@)?(\[[0-9a-f:.]+\]|[^/?#:@\s]+)"
    r"(?::([0-9]*))?((?:[/?#]\S*)?)",
    re.IGNORECASE,
)
_NO_SCHEME = re.compile(r"[a-z0-9_.-]+\.[a-z0-9-]+(?::[0-9]+)?/", re.IGNORECASE)
_SINGLE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")  # of a local network
_LAST_PORT = "65535"
_LOCAL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}", re.IGNORECASE)
_HEX = re.compile(r"[0-9a-f]+")
_CVE = re.compile(r"cve-(19|20)[0-9]{2}-[0-9]{4,19}")
MOST_VALUE = 65_536  # characters

# Most of what feeds hold is written right already, and seen at one look.
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?"
_ADDRESS = rf"(?:{_OCTET}\.){{3}}{_OCTET}"
_PORT = (
    "(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}"
    "|[1-5][0-9]{4}|[1-9][0-9]{0,3})"
)
_PLAIN: dict[Kind, Callable[[str], object]] = {
    Kind.DOMAIN: re.compile(rf"(?=.{{1,253}}\Z){_NAME}").fullmatch,
    Kind.IPV4: re.compile(_ADDRESS).fullmatch,
    Kind.IPPORT: re.compile(f"{_ADDRESS}:{_PORT}").fullmatch,
    Kind.URL: re.compile(
        rf"https?://(?=[^/]{{1,253}}(?:/|\Z))(?:{_NAME}|{_ADDRESS})"
        rf"(?::(?!(?:80|443)(?:/|\Z)){_PORT})?(?:/[0-9A-Za-z./?=&%+~;,!-]*)?"
    ).fullmatch,
    Kind.MD5: re.compile("[0-9a-f]{32}").fullmatch,
    Kind.SHA1: re.compile("[0-9a-f]{40}").fullmatch,
    Kind.SHA256: re.compile("[0-9a-f]{64}").fullmatch,
    Kind.SHA512: re.compile("[0-9a-f]{128}").fullmatch,
}


def canonical(kind: Kind, text: str) -> str | None:
    """Return the one way to write a value, None if it is no such value.

    Args:
        kind: what it is said to be.
        text: as somebody wrote it: any case, defanged or not.
    """
    if len(text) > MOST_VALUE:
        return None
    plain = _PLAIN.get(kind)
    if plain is not None and plain(text):
        return text
    return _WRITERS[kind](text)


def kind_of(text: str) -> tuple[Kind, str] | None:
    """Say what a value is, and how it is written; None if it is nothing of ours."""
    text = text.strip()
    if len(text) > MOST_VALUE:
        return None
    for kind in _ORDER:
        value = canonical(kind, text)
        if value is not None:
            return kind, value
    return None


def _bare(text: str) -> str:
    """A value that is no address of a resource, without what stands around it."""
    return refanged(text).strip("[](){}<>\"'`")


def _host(text: str) -> str | None:
    return hosts.domain(_bare(text))


def _ipv4(text: str) -> str | None:
    text = _bare(text)
    value = hosts.ipv4(text) or hosts.ipv6(text)
    return value if value is not None and ":" not in value else None


def _ipv6(text: str) -> str | None:
    value = hosts.ipv6(_bare(text))
    return value if value is not None and ":" in value else None


def _network(text: str) -> str | None:
    return hosts.network(_bare(text))


def _endpoint(text: str) -> str | None:
    return hosts.endpoint(refanged(text))


def _url(text: str) -> str | None:
    """Scheme and host in lower case, no usual port, the rest as it is.

    A host and a path without a scheme mean ``http``, as in a browser.
    """
    text = refanged(text)
    value = _url_once(f"http://{text}" if _NO_SCHEME.match(text) else text)
    # What is undone may show more to undo: that is no address anybody meant.
    return value if value is None or _url_once(refanged(value)) == value else None


def _url_once(text: str) -> str | None:
    found = _URL.fullmatch(text)
    if found is None:
        return None
    scheme, user, host, port, rest = found.groups(default="")
    scheme = scheme.lower()
    name = hosts.ipv4(host) or hosts.ipv6(host) or hosts.domain(host)
    if name is None:
        name = host.lower()
        if not _SINGLE.fullmatch(name):
            return None
    if ":" in name:
        name = f"[{name}]"
    number = _port(port)
    if number is None:
        return None
    shown = f":{number}" if number and number != _USUAL_PORTS.get(scheme) else ""
    before = f"{user}@" if user else ""
    return f"{scheme}://{before}{name}{shown}{rest}"


def _port(text: str) -> str | None:
    """A port without leading zeros, empty if there is none, None if it is no port."""
    number = text.lstrip("0")
    if len(number) > len(_LAST_PORT) or int(number or "0") > int(_LAST_PORT):
        return None
    return number


def _email(text: str) -> str | None:
    local, at, host = _bare(text).removeprefix("mailto:").rpartition("@")
    name = hosts.domain(host)
    if not at or name is None or not _LOCAL.fullmatch(local):
        return None
    return f"{local.lower()}@{name}"


def _digest(kind: Kind) -> Callable[[str], str | None]:
    def write(text: str) -> str | None:
        value = text.strip().lower()
        same = DIGESTS.get(len(value)) is kind and _HEX.fullmatch(value)
        return value if same else None

    return write


def _cve(text: str) -> str | None:
    value = text.strip().lower()
    return value.upper() if _CVE.fullmatch(value) else None


_WRITERS: dict[Kind, Callable[[str], str | None]] = {
    Kind.DOMAIN: _host,
    Kind.URL: _url,
    Kind.IPV4: _ipv4,
    Kind.IPV6: _ipv6,
    Kind.CIDR: _network,
    Kind.IPPORT: _endpoint,
    Kind.EMAIL: _email,
    Kind.MD5: _digest(Kind.MD5),
    Kind.SHA1: _digest(Kind.SHA1),
    Kind.SHA256: _digest(Kind.SHA256),
    Kind.SHA512: _digest(Kind.SHA512),
    Kind.CVE: _cve,
}

# What is tried first: each is told from those behind it.
_ORDER = (
    *DIGESTS.values(),
    Kind.CVE,
    Kind.IPV4,
    Kind.CIDR,
    Kind.IPPORT,
    Kind.IPV6,
    Kind.URL,
    Kind.EMAIL,
    Kind.DOMAIN,
)
