"""Warning lists: values that are no sign of anything bad, however often they are named.

Lists of names hold what is below their names as well; lists of networks hold their
members; lists of strings hold the very value (MISP, warning lists).
"""

import ipaddress
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection, delete, func, select

from clearward.core.errors import Refused
from clearward.indicators import hosts
from clearward.indicators.kinds import Kind
from clearward.intel.poison import host_of, parents
from clearward.stores.intel import bulk
from clearward.stores.intel.tables import warning_entries, warning_lists

TYPES = frozenset({"hostname", "string", "cidr"})


@dataclass(frozen=True, slots=True)
class WarningList:
    """One of them.

    Attributes:
        name: of it.
        type: one of `TYPES`.
        entries: as they are written there.
    """

    name: str
    type: str
    entries: tuple[str, ...]

    def written(self) -> set[str]:
        """Return the entries in the one way to write them; others are left out."""
        if self.type == "hostname":
            made = (hosts.domain(one.strip().lstrip(".")) for one in self.entries)
        elif self.type == "cidr":
            made = (_network(one) for one in self.entries)
        else:
            made = (one.strip().lower() for one in self.entries)
        return {one for one in made if one}


def put(connection: Connection, new: WarningList) -> int:
    """Put a list in, in the place of one of the same name; return its entries.

    Raises:
        Refused: it is of a type that is not known.
    """
    if new.type not in TYPES:
        raise Refused(
            f"{new.type!r} is no type of warning list: {', '.join(sorted(TYPES))}"
        )
    remove(connection, new.name)
    number = bulk.insert_one(connection, warning_lists, name=new.name, type=new.type)
    entries = sorted(new.written())
    bulk.insert(connection, warning_entries, [(number, one) for one in entries])
    return len(entries)


def remove(connection: Connection, name: str) -> bool:
    """Take a list out; say whether it was there."""
    where = warning_lists.c.name == name
    number = connection.execute(select(warning_lists.c.number).where(where)).scalar()
    if number is None:
        return False
    connection.execute(delete(warning_entries).where(warning_entries.c.list == number))
    connection.execute(delete(warning_lists).where(where))
    return True


def every(connection: Connection) -> list[tuple[WarningList, int]]:
    """Return all lists, without their entries, and how many each has."""
    said = select(warning_entries.c.list, func.count().label("entries"))
    grouped = connection.execute(said.group_by(warning_entries.c.list))
    counts = {row.list: row.entries for row in grouped}
    rows = connection.execute(select(warning_lists).order_by(warning_lists.c.name))
    return [
        (WarningList(row.name, row.type, ()), counts.get(row.number, 0)) for row in rows
    ]


class Warnings:
    """What is on the lists.

    Args:
        connection: that reads.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        rows = connection.execute(select(warning_lists))
        self._lists = {row.number: (row.name, row.type) for row in rows}

    def on(self, values: Sequence[tuple[Kind, str]]) -> dict[tuple[Kind, str], str]:
        """Return which of some canonical values are on a list, and its name."""
        if not self._lists:
            return {}
        keys = {one: _keys(*one) for one in values}
        wanted = {key for listed in keys.values() for key in listed}
        held: dict[tuple[str, str], str] = {}
        columns = (warning_entries.c.list, warning_entries.c.value)
        for row in bulk.found(
            self._connection, columns, warning_entries.c.value, wanted
        ):
            name, type = self._lists[row.list]
            held.setdefault((type, row.value), name)
        found = {}
        for one, listed in keys.items():
            name = held.get(("string", one[1].lower())) or self._by_network(*one)
            name = name or next(
                (
                    held[("hostname", key)]
                    for key in listed
                    if ("hostname", key) in held
                ),
                None,
            )
            if name is not None:
                found[one] = name
        return found

    def _by_network(self, kind: Kind, value: str) -> str | None:
        host = value if kind is Kind.CIDR else host_of(kind, value)
        if host is None or not self._networks:
            return None
        try:
            network = ipaddress.ip_network(host)
        except ValueError:
            return None
        starts, ends, names = self._networks.get(network.version, ([], [], []))
        place = bisect_right(starts, int(network.network_address)) - 1
        if place >= 0 and int(network.broadcast_address) <= ends[place]:
            return names[place]
        return None

    @cached_property
    def _networks(self) -> dict[int, tuple[list[int], list[int], list[str]]]:
        """Networks that lie in no other one, by their first addresses."""
        every: dict[int, list[tuple[int, int, str]]] = {}
        said = select(warning_entries).join(
            warning_lists, warning_lists.c.number == warning_entries.c.list
        )
        for row in self._connection.execute(said.where(warning_lists.c.type == "cidr")):
            network = ipaddress.ip_network(row.value)
            first, last = int(network.network_address), int(network.broadcast_address)
            name = self._lists[row.list][0]
            every.setdefault(network.version, []).append((first, -last, name))
        made = {}
        for version, found in every.items():
            outer: list[tuple[int, int, str]] = []
            for first, last, name in sorted(found):
                if not outer or -last > outer[-1][1]:
                    outer.append((first, -last, name))
            firsts, lasts, names = zip(*outer, strict=True)
            made[version] = (list(firsts), list(lasts), list(names))
        return made


def _keys(kind: Kind, value: str) -> list[str]:
    host = host_of(kind, value)
    above = parents(host) if host is not None and "." in host else []
    return [*above, value.lower()]


def _network(text: str) -> str | None:
    text = text.strip()
    if "/" not in text:
        address = hosts.ipv4(text) or hosts.ipv6(text)
        if address is None:
            return None
        text = f"{address}/{128 if ':' in address else 32}"
    return hosts.network(text)
