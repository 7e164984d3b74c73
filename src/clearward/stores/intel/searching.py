"""Find objects by what they are, or by what they stand for."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from clearward.indicators.kinds import Kind
from clearward.stores.intel import bulk
from clearward.stores.intel.shelves import State
from clearward.stores.intel.tables import (
    collections,
    held,
    objects,
    organisations,
    shelves,
    sources,
    values,
)

_ADDRESSES = (Kind.IPV4, Kind.IPV6, Kind.CIDR, Kind.IPPORT)
_ESCAPE = "\\"


@dataclass(frozen=True, slots=True)
class Found:
    """A version of an object, and where it comes from.

    Attributes:
        body: its JSON.
        added: when, in microseconds.
        collection: title of where it is.
        organisation: name of whose it is; empty if nobody's.
        source: who brought it.
        state: what may happen with it.
        why: why it is in quarantine, if it is.
    """

    body: bytes
    added: int
    collection: str
    organisation: str
    source: str
    state: State
    why: str | None


def by_id(connection: Connection, id: str) -> list[int]:
    """Return the rows of an object, by its id."""
    said = select(objects.c.added).where(objects.c.id == id).order_by(objects.c.added)
    return [row.added for row in connection.execute(said)]


def by_value(connection: Connection, value: str) -> list[int]:
    """Return the rows that stand for a canonical value."""
    said = select(values.c.object).where(values.c.value == value).distinct()
    return [row.object for row in connection.execute(said.order_by(values.c.object))]


def by_part(connection: Connection, part: str, most: int) -> list[int]:
    """Return the first rows that stand for a value that holds some text."""
    text = part.lower()
    for mark in (_ESCAPE, "%", "_"):
        text = text.replace(mark, _ESCAPE + mark)
    fits = values.c.value.like(f"%{text}%", escape=_ESCAPE)
    said = select(values.c.object).where(fits).distinct()
    rows = connection.execute(said.order_by(values.c.object).limit(most))
    return [row.object for row in rows]


def within(connection: Connection, network: str) -> list[int]:
    """Return the rows that stand for an address or a network inside of a network."""
    outer = ipaddress.ip_network(network)
    version = outer.version
    said = select(values.c.object, values.c.value)
    said = said.where(values.c.kind.in_([kind.value for kind in _ADDRESSES]))
    prefix = _prefix(outer)
    if prefix:
        said = said.where(values.c.value.like(f"{prefix}%"))
    found = set()
    for row in connection.execute(said):
        inner = _network(row.value)
        if inner is None or inner.version != version:
            continue
        first, last = int(inner.network_address), int(inner.broadcast_address)
        if int(outer.network_address) <= first and last <= int(outer.broadcast_address):
            found.add(row.object)
    return sorted(found)


def _prefix(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> str:
    """What all addresses in a network of IPv4 begin with, as they are written."""
    if network.version != 4:  # noqa: PLR2004 - of the protocol
        return ""
    octets = str(network.network_address).split(".")[: network.prefixlen // 8]
    return ".".join(octets) + "." if 0 < len(octets) < 4 else ".".join(octets)  # noqa: PLR2004


def _network(value: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    text = value
    if value.startswith("[") or (value.count(":") == 1 and "." in value):
        text = value.rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return None


def show(connection: Connection, rows: list[int]) -> Iterator[Found]:
    """Give what is known of rows, in their order."""
    columns = (
        objects.c.added,
        objects.c.body,
        collections.c.title,
        organisations.c.name.label("organisation"),
        sources.c.name.label("source"),
        shelves.c.state,
        held.c.why,
    )
    joined = (
        objects.join(shelves, shelves.c.number == objects.c.shelf)
        .join(collections, collections.c.number == objects.c.collection)
        .outerjoin(organisations, organisations.c.number == objects.c.organisation)
        .outerjoin(sources, sources.c.number == objects.c.source)
        .outerjoin(held, held.c.object == objects.c.added)
    )
    for start in range(0, len(rows), bulk.AT_ONCE):
        part = rows[start : start + bulk.AT_ONCE]
        said = select(*columns).select_from(joined).where(objects.c.added.in_(part))
        for row in connection.execute(said.order_by(objects.c.added)):
            yield Found(
                row.body,
                row.added,
                row.title,
                row.organisation or "",
                row.source or "",
                State(row.state),
                row.why,
            )
