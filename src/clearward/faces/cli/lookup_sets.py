"""Fetch a whole set from a server into the home.

Everybody who uses the set fetches the same files, so that says nothing about what will
be looked up. If the set is here already only its head is fetched.
"""

from collections.abc import Iterator

from clearward.core.errors import Malformed, Refused
from clearward.faces.cli.lookup_places import Read, place
from clearward.reputation import head as head_file
from clearward.reputation.head import Head
from clearward.reputation.records import WIDTH
from clearward.stores import reputation
from clearward.stores.reputation import FILTER, HEAD, LABELS, LIST, SetFolder
from clearward.stores.reputation_installed import install, installed

_SECONDS = 3600.0
_MOST_RECORDS = 50_000_000  # whose list is held in memory, 1.8 GB


def fetch(where: str, home: str, *, only: str | None, light: bool) -> SetFolder:
    """Return the set that a server has.

    Args:
        where: the address of its folder.
        home: the folder that holds everything kept.
        only: id that the set has to have, hexadecimal; None for any.
        light: without the list, where buckets answer.

    Raises:
        Refused: a file is missing, or not that of the head.
        Unavailable: the server cannot be reached, or there is no room.
    """
    with place(where, seconds=_SECONDS) as read:
        data = read(HEAD, head_file.SIZE)
        try:
            head = Head.parse(data)
        except Malformed as error:
            raise Refused(f"{where}: {error}") from error
        if only is not None and head.id.hex() != only.lower():
            raise Refused(f"{where}: is another set: {head.id.hex()}")
        if head.records > _MOST_RECORDS:
            raise Refused(f"{where}: too large to be fetched; bring it in a folder")
        found = installed(home)
        if found is None or found.known.head.id != head.id:
            install(home, _files(where, data, head, read, light=light))
        elif not light and not found.has_list:
            install(home, _files(where, data, head, read, light=False))
    found = installed(home)
    if found is None:
        raise Refused(f"{where}: another process has removed what was fetched")
    return found


def _files(
    where: str, data: bytes, head: Head, read: Read, *, light: bool
) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a set, each checked."""
    try:
        labelled = read(LABELS, reputation.labels_size(head.records))
        filtered = read(FILTER, reputation.filter_size(head.records))
        reputation.known(data, labelled, filtered)
        yield LABELS, labelled
        yield FILTER, filtered
        if not light:
            listed = read(LIST, head.records * WIDTH)
            reputation.check_list(listed, head)
            yield LIST, listed
    except Malformed as error:
        raise Refused(f"{where}: {error}") from error
    yield HEAD, data
