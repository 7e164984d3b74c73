"""Which addresses are those of the whole internet.

A server that sends us on may name an address inside the site, where things answer that
nobody outside may ask. IPv6 can carry one of IPv4 in several ways; what counts then is
that one as well.

Source: RFC 6890 and the IANA registries of special addresses, as Python has them;
RFC 4291, section 2.5.5 (mapped); RFC 6052, section 2.1 (translated); RFC 3056 (6to4).
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_TRANSLATED = IPv6Network("64:ff9b::/96")
_IPV4 = (1 << 32) - 1


def is_public(address: str) -> bool:
    """Say whether an address is of the whole internet.

    Args:
        address: as a resolver gives it.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return _is_public(found)
    if found.scope_id is not None or found.ipv4_mapped is not None:
        return False
    return _is_public(found) and all(map(_is_public, _inside(found)))


def _is_public(found: IPv4Address | IPv6Address) -> bool:
    special = found.is_multicast or found.is_reserved or found.is_unspecified
    if found in _TRANSLATED:  # reserved as a whole, with public ones in it
        special = False
    return found.is_global and not special


def _inside(found: IPv6Address) -> list[IPv4Address]:
    """Return the addresses of IPv4 that it carries."""
    carried = [found.sixtofour]
    if found in _TRANSLATED:
        carried.append(IPv4Address(int(found) & _IPV4))
    return [one for one in carried if one is not None]
