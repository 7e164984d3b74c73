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
_LOCAL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}", re.IGNORECASE)
_HEX = re.compile(r"[0-9a-f]+")
_CVE = re.compile(r"cve-(19|20)[0-9]{2}-[0-9]{4,19}")
MOST_VALUE = 65_536  # characters


def canonical(kind: Kind, text: str) -> str | None:
    """Return the one way to write a value, None if it is no such value.

    Args:
        kind: what it is said to be.
        text: as somebody wrote it: any case, defanged or not.
    """
    if len(text) > MOST_VALUE:
        return None
    return _WRITERS[kind](text)


def kind_of(text: str) -> tuple[Kind, str] | None:
    """Say what a value is, and how it is written; None if it is nothing of ours."""
    text = text.strip()
    if len(text) > MOST_VALUE:
        return None
    for kind in _ORDER:
        value = _WRITERS[kind](text)
        if value is not None:
            return kind, value
    return None


def _host(text: str) -> str | None:
    return hosts.domain(refanged(text))


def _ipv4(text: str) -> str | None:
    return hosts.ipv4(refanged(text))


def _ipv6(text: str) -> str | None:
    value = hosts.ipv6(refanged(text).strip("[]"))
    return value if value is not None and ":" in value else None


def _network(text: str) -> str | None:
    return hosts.network(refanged(text))


def _endpoint(text: str) -> str | None:
    return hosts.endpoint(refanged(text))


def _url(text: str) -> str | None:
    """Scheme and host in lower case, no usual port, the rest as it is."""
    found = _URL.fullmatch(refanged(text.strip()))
    if found is None:
        return None
    scheme, user, host, port, rest = found.groups(default="")
    scheme = scheme.lower()
    name = hosts.ipv4(host) or hosts.ipv6(host) or hosts.domain(host)
    if name is None and not re.fullmatch(r"[a-z0-9-]+", host, re.IGNORECASE):
        return None
    name = name or host.lower()
    if ":" in name:
        name = f"[{name}]"
    port = port.lstrip("0")
    shown = f":{port}" if port and port != _USUAL_PORTS.get(scheme) else ""
    before = f"{user}@" if user else ""
    return f"{scheme}://{before}{name}{shown}{rest}"


def _email(text: str) -> str | None:
    local, at, host = refanged(text.strip()).rpartition("@")
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
