"""What is looked for: the values of indicators, ready to be looked up.

A value leads to the rows of the store that stand for it; whether one of them still
holds is asked when it is hit, which is seldom.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field

from clearward.indicators.kinds import Kind

_BITS = {4: 32, 6: 128}


@dataclass(slots=True)
class Networks:
    """Networks, by the length of their prefixes.

    Attributes:
        by_length: of each version, the base addresses of each length.
    """

    by_length: dict[tuple[int, int], dict[int, int]] = field(default_factory=dict)

    def add(self, value: str, row: int) -> None:
        """Put a network in."""
        network = ipaddress.ip_network(value)
        key = (network.version, network.prefixlen)
        self.by_length.setdefault(key, {})[int(network.network_address)] = row

    def around(self, address: str) -> list[tuple[str, int]]:
        """Return the networks that hold an address, the smallest first."""
        if not self.by_length:
            return []
        parsed = ipaddress.ip_address(address)
        bits, number = _BITS[parsed.version], int(parsed)
        found = []
        for version, length in sorted(self.by_length, reverse=True):
            if version == parsed.version:
                base = number >> (bits - length) << (bits - length)
                row = self.by_length[(version, length)].get(base)
                if row is not None:
                    whole = ipaddress.ip_address(base) if version == 4 else None  # noqa: PLR2004 - of the protocol
                    name = str(whole or ipaddress.IPv6Address(base))
                    found.append((f"{name}/{length}", row))
        return found


class Table:
    """All that is looked for.

    Args:
        entries: kind, canonical value, and the row of the store.
    """

    def __init__(self, entries: Iterable[tuple[str, str, int]]) -> None:
        self._exact: dict[str, dict[str, int]] = {kind.value: {} for kind in Kind}
        self._networks = Networks()
        for kind, value, row in entries:
            if kind == Kind.CIDR:
                self._networks.add(value, row)
            else:
                self._exact[kind][value] = row
        self.names = self._exact[Kind.DOMAIN]

    def __len__(self) -> int:
        """How many values there are."""
        networks = sum(len(one) for one in self._networks.by_length.values())
        return networks + sum(len(one) for one in self._exact.values())

    def exact(self, kind: Kind, value: str) -> list[tuple[Kind, str, int]]:
        """Return what is known of a value itself."""
        row = self._exact[kind].get(value)
        return [] if row is None else [(kind, value, row)]

    def host(self, name: str) -> list[tuple[Kind, str, int]]:
        """Return what is known of a name and those above it, the longest first."""
        found = []
        while True:
            row = self.names.get(name)
            if row is not None:
                found.append((Kind.DOMAIN, name, row))
            _, dot, name = name.partition(".")
            if not dot:
                return found

    def address(self, address: str, port: str) -> list[tuple[Kind, str, int]]:
        """Return what is known of an address, with its port if it has one, first."""
        kind = Kind.IPV6 if ":" in address else Kind.IPV4
        found = []
        if port:
            host = f"[{address}]" if kind is Kind.IPV6 else address
            found += self.exact(Kind.IPPORT, f"{host}:{port}")
        found += self.exact(kind, address)
        around = self._networks.around(address)
        return found + [(Kind.CIDR, value, row) for value, row in around]
