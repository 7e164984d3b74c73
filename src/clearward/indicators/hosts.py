"""The one way to write the name of a host, an address and a network."""

import ipaddress
import re

import idna

_MOST_NAME = 253  # octets of a name (RFC 1035, section 2.3.4)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_DOTS = str.maketrans("。．｡", "...")  # RFC 3490, section 3.1 # noqa: RUF001
_NUMBERS = re.compile(r"[0-9.]+")
_OCTETS = 4
_MOST_OCTET = 255
_MOST_LABEL = 63


def domain(text: str) -> str | None:
    """Return a name in lower case and A-labels, without a last dot; None if none.

    A name has two labels at least, and its last one is no number (RFC 1123,
    section 2.1). Underscores are allowed: names of services have them.
    """
    name = text.strip().translate(_DOTS).lower().removesuffix(".")
    if len(name) > 4 * _MOST_NAME:
        return None
    if not name.isascii():
        name = _a_labels(name)
    if len(name) > _MOST_NAME or "." not in name:
        return None
    labels = name.split(".")
    if not all(map(_LABEL.fullmatch, labels)) or not labels[-1][0].isalpha():
        return None
    return name


def _a_labels(name: str) -> str:
    """Return a name in A-labels, empty if it has none (RFC 5891, UTS 46)."""
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        pass
    # Labels that IDNA 2008 does not allow are seen in the wild: emoji, for one.
    try:
        made = [
            label if label.isascii() else "xn--" + label.encode("punycode").decode()
            for label in name.split(".")
        ]
    except UnicodeError:
        return ""
    return ".".join(made) if all(len(one) <= _MOST_LABEL for one in made) else ""


def ipv4(text: str) -> str | None:
    """Return four decimal numbers without leading zeros, None if it is none.

    Leading zeros are read as decimal, as whoever wrote a report meant them.
    """
    text = text.strip()
    if not _NUMBERS.fullmatch(text):
        return None
    octets = text.split(".")
    if len(octets) != _OCTETS or any(not 0 < len(one) <= 3 for one in octets):  # noqa: PLR2004 - digits of 255
        return None
    numbers = [int(one) for one in octets]
    return ".".join(map(str, numbers)) if max(numbers) <= _MOST_OCTET else None


def ipv6(text: str) -> str | None:
    """Return an address as RFC 5952 has it, None if it is none.

    An IPv4 address in IPv6 form (``::ffff:0:0/96``) is the IPv4 address.
    """
    text = text.strip().removeprefix("[").removesuffix("]")
    if ":" not in text or "%" in text:
        return None
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return None
    return str(address.ipv4_mapped or address)


def network(text: str) -> str | None:
    """Return the base address and the length of its prefix, None if it is none."""
    base, slash, length = text.strip().partition("/")
    address = ipv4(base) or ipv6(base)
    if address is None or not slash or not length.isascii() or not length.isdigit():
        return None
    try:
        return str(ipaddress.ip_network(f"{address}/{int(length)}", strict=False))
    except ValueError:
        return None


def endpoint(text: str) -> str | None:
    """Return an address and a port, None if it is none."""
    host, colon, port = text.strip().rpartition(":")
    address = ipv4(host) or (ipv6(host) if host.startswith("[") else None)
    if address is None or not colon or not port.isascii() or not port.isdigit():
        return None
    number = int(port) if len(port) <= 5 else 0  # noqa: PLR2004 - digits of 65535
    if not 0 < number <= 65535:  # noqa: PLR2004
        return None
    return f"[{address}]:{number}" if ":" in address else f"{address}:{number}"
