"""Export the store: as a bundle of STIX, as lists, or as a whole TAXII server."""

import uuid
from collections.abc import Iterator
from enum import StrEnum

import msgspec
from sqlalchemy import Connection

from clearward.indicators.kinds import DIGEST_KINDS, Kind
from clearward.intel.objects import StixObject
from clearward.intel.standing import is_good
from clearward.intel.times import shortly, written
from clearward.intel.tlp import Tlp
from clearward.sharing.chosen import Chosen, chosen, values_of
from clearward.sharing.pruning import pruned
from clearward.stores.intel import collections
from clearward.stores.intel.pages import Page, Row


class Format(StrEnum):
    """What can be made."""

    STIX = "stix"
    HASHES = "hashes"
    DOMAINS = "domains"
    TAXII_SEED = "taxii-seed"


_LISTED = {Format.HASHES: DIGEST_KINDS, Format.DOMAINS: frozenset({Kind.DOMAIN})}


def export(
    connection: Connection, format: Format, tlp: Tlp, now: int
) -> Iterator[bytes]:
    """Give an export, piece by piece.

    Args:
        connection: that reads.
        format: of it.
        tlp: only what a reader of this level may see.
        now: microseconds; what is over by then is on no list.
    """
    what = chosen(connection, tlp)
    if format is Format.STIX:
        return _bundle(what)
    if format is Format.TAXII_SEED:
        return _seed(what)
    return _list(what, _LISTED[format], now)


def _bundle(what: Chosen) -> Iterator[bytes]:
    """A bundle of the last versions; an object in two collections is in it once."""
    yield b'{"type":"bundle","id":"bundle--%s","objects":[' % str(uuid.uuid4()).encode()
    said: set[tuple[str, int, str]] = set()
    for one in collections.every(what.connection):
        for page in what.pages(one.number, every=False):
            for row, body in zip(page.rows, pruned(what, page), strict=True):
                key = (row.id, row.version, row.spec)
                if key not in said:
                    yield b"," + body if said else body
                    said.add(key)
    yield b"]}\n"


def _list(what: Chosen, kinds: frozenset[Kind], now: int) -> Iterator[bytes]:
    """One value a line, each once; of indicators that are good now."""
    said: set[str] = set()
    for one in collections.every(what.connection):
        for page in what.pages(one.number, every=False):
            rows = tuple(row for row in page.rows if _is_good(row, now))
            good = Page(rows, more=False)
            for kind, value in values_of(what.connection, good):
                if kind in kinds and value not in said:
                    said.add(value)
                    yield f"{value}\n".encode()


def _is_good(row: Row, now: int) -> bool:
    if not row.id.startswith("indicator--"):
        return False
    said: StixObject = msgspec.json.decode(row.body)
    return is_good(said, now)


def _seed(what: Chosen) -> Iterator[bytes]:
    """Everything as one file, in the form that `intel import` reads."""
    roots = collections.all_roots(what.connection)
    every = collections.every(what.connection)
    told = collections.discovery(what.connection)
    usual = {"title": "clearward", "api_roots": [f"/{name}/" for name in roots]}
    yield b'{"/discovery":' + msgspec.json.encode(told or usual)
    for name, information in roots.items():
        yield b",%s:{" % msgspec.json.encode(name)
        yield b'"information":%s,"status":[],"collections":[' % msgspec.json.encode(
            information
        )
        mine = [one for one in every if one.root == name]
        for place, one in enumerate(mine):
            yield b"," if place else b""
            yield from _collection(what, one)
        yield b"]}"
    yield b"}\n"


def _collection(what: Chosen, one: collections.Collection) -> Iterator[bytes]:
    said = {
        "id": one.id,
        "title": one.title,
        "can_read": one.can_read,
        "can_write": one.can_write,
        **one.said,
    }
    yield msgspec.json.encode(said)[:-1] + b',"objects":['
    manifest: list[bytes] = []
    for page in what.pages(one.number, every=True):
        for row, body in zip(page.rows, pruned(what, page), strict=True):
            yield b"," + body if manifest else body
            manifest.append(_record(row))
    yield b'],"manifest":[' + b",".join(manifest) + b"]}"


def _record(row: Row) -> bytes:
    added = written(row.added)
    return msgspec.json.encode(
        {
            "id": row.id,
            "date_added": added,
            "version": shortly(row.version) if row.version else added,
            "media_type": f"application/stix+json;version={row.spec}",
        }
    )
