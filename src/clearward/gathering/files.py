"""Import a file: find out what it is, and take what it holds into the store."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from clearward.core.errors import Refused
from clearward.gathering import bundles, seeds, tables, taking
from clearward.gathering.tally import Tally
from clearward.intel.making import Stamp
from clearward.intel.visible import NOBODY
from clearward.stores.intel import collections, named_sources, parties
from clearward.stores.intel.adding import Into
from clearward.stores.intel.database import Database

MOST_FILE = 2 << 30  # bytes of one that is read at once
_HEAD = 4096


class Format(StrEnum):
    """What a file may be."""

    STIX = "stix"
    IOC_TSV = "ioc-tsv"
    TAXII_SEED = "taxii-seed"


@dataclass(frozen=True, slots=True)
class Asked:
    """How a file is to be imported.

    Attributes:
        format: a word of `Format`, or ``auto``.
        collection: title of where it goes.
        org: name of whose the objects are.
    """

    format: str
    collection: str
    org: str | None


def import_file(
    database: Database,
    path: str,
    asked: Asked,
    now: Callable[[], int],
    progress: Callable[[int], None] = lambda _: None,
) -> Tally:
    """Take a file into the store.

    Raises:
        Refused: it cannot be read, or is not what it is said to be.
        Unavailable: the database does not answer.
    """
    try:
        with open(path, "rb") as file:
            format = _format(asked.format, path, file.read(_HEAD))
            file.seek(0)
            if format is Format.IOC_TSV:
                into, stamp = _into(database, path, asked, now)
                offered: Iterator[taking.Offered] = tables.read(file, stamp)
                return taking.take(database, into, offered, now, progress)
            text = _whole(file.fileno(), file.read)
    except OSError as error:
        raise Refused(f"it cannot be read: {error.strerror}") from error
    if format is Format.TAXII_SEED:
        with database.writing() as connection:
            source = named_sources.number_of(connection, _source(path))
        return seeds.load(database, text, source, now)
    bundles.raw_objects(text)  # before anything is made for it
    into, _ = _into(database, path, asked, now)
    return taking.take(database, into, bundles.read(text), now, progress)


def _whole(descriptor: int, read: Callable[[], bytes]) -> bytes:
    if os.fstat(descriptor).st_size > MOST_FILE:
        raise Refused("it is larger than 2 GiB")
    return read()


def _into(
    database: Database, path: str, asked: Asked, now: Callable[[], int]
) -> tuple[Into, Stamp]:
    """Make what a file goes into."""
    with database.writing() as connection:
        number = collections.titled(connection, asked.collection)
        if number is None:
            collections.add(connection, asked.collection)
            number = collections.titled(connection, asked.collection)
        assert number is not None  # noqa: S101 - it was just made
        source = named_sources.number_of(connection, _source(path))
        groups = collections.groups_of(connection, number)
        if asked.org is None:
            return Into(number, NOBODY, source, groups), Stamp(now())
        own = parties.organisation(connection, asked.org)
        return Into(number, own.number, source, groups), Stamp(now(), own.identity)


def _source(path: str) -> str:
    return f"file {os.path.basename(path)}"


def _format(word: str, path: str, head: bytes) -> Format:
    if word != "auto":
        try:
            return Format(word)
        except ValueError as error:
            words = ", ".join(["auto", *Format])
            raise Refused(f"{word!r} is no format: {words}") from error
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in {b"{", b"["}:
        return Format.TAXII_SEED if b'"/discovery"' in start else Format.STIX
    if b"\t" in start.partition(b"\n")[0] or path.endswith(".tsv"):
        return Format.IOC_TSV
    raise Refused("it is of no form that is known; --format names one")
