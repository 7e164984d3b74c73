"""Values that would hit everybody, whoever names them: a poisoned feed names them.

An indicator of one is kept and shown; it is never matched, served or exported.
"""

import hashlib
import ipaddress
import tomllib
from functools import cache
from importlib.resources import files

from clearward.indicators.kinds import DIGEST_KINDS, Kind

_SHORTEST = {4: 8, 6: 19}  # bits; no registry gives a network of IPv6 wider than a /19
_EMPTY = frozenset(
    hashlib.new(name, usedforsecurity=False).hexdigest()
    for name in ("md5", "sha1", "sha256", "sha512")
)
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def why(kind: Kind, value: str) -> str | None:
    """Return why an indicator of a canonical value would hit everybody; None if not."""
    if kind in DIGEST_KINDS:
        return "the digest of the empty file" if value in _EMPTY else None
    if kind is Kind.CIDR:
        return _of_network(ipaddress.ip_network(value))
    host = host_of(kind, value)
    if host is None:
        return None
    try:
        return _of_address(ipaddress.ip_address(host))
    except ValueError:
        return _of_name(host)


def host_of(kind: Kind, value: str) -> str | None:
    """Return the name or address that a canonical value is about, None if none."""
    match kind:
        case Kind.DOMAIN | Kind.IPV4 | Kind.IPV6:
            return value
        case Kind.IPPORT:
            return value.rpartition(":")[0].strip("[]")
        case Kind.EMAIL:
            return value.rpartition("@")[2]
        case Kind.URL:
            rest = value.partition("://")[2]
            for end in "/?#":
                rest = rest.partition(end)[0]
            host = rest.rpartition("@")[2]
            if host.startswith("["):
                return host[1:].partition("]")[0]
            return host.partition(":")[0]
    return None


def parents(name: str) -> list[str]:
    """Return a name and all above it that have two labels at least."""
    labels = name.split(".")
    return [".".join(labels[start:]) for start in range(max(len(labels) - 1, 1))]


def _of_address(address: _Address) -> str | None:
    if address.is_global and not address.is_multicast:
        return None
    if address.is_loopback:
        return "an address of the machine itself"
    if address.is_unspecified:
        return "no address of any machine"
    if address.is_private:
        return "an address of private networks"
    return "an address that no machine of the internet has"


def _of_network(network: _Network) -> str | None:
    if network.prefixlen < _SHORTEST[network.version]:
        return "a network that holds too much of the internet"
    return _of_address(network.network_address) or _of_address(
        network.broadcast_address
    )


def _of_name(name: str) -> str | None:
    if name == "localhost" or name.endswith((".localhost", ".local", ".internal")):
        return "a name of the machine itself"
    return "a name that everybody asks for" if name in _everybodys() else None


@cache
def _everybodys() -> frozenset[str]:
    text = files("clearward.intel").joinpath("everybodys.toml").read_text("utf-8")
    groups = tomllib.loads(text).values()
    names = {name for group in groups for name in group["names"]}
    return frozenset(names | {f"www.{name}" for name in names})
