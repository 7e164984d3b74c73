"""What `clearward intel collection` does."""

from dataclasses import dataclass

from clearward.core.errors import Refused
from clearward.faces.cli.intel.said import row, say, summary
from clearward.faces.text import escaped
from clearward.stores.intel import auditing, collections, sharing_groups
from clearward.stores.intel.database import Database

_MOST_TITLE = 500  # characters


@dataclass(frozen=True, slots=True)
class Given:
    """What is said of a new collection: names of users and groups."""

    title: str
    readers: tuple[str, ...]
    writers: tuple[str, ...]
    groups: tuple[str, ...]


def add(given: Given, *, json: bool) -> None:
    """Make a collection.

    Raises:
        Refused: there is one of that title, or no such user or group.
    """
    if not given.title.strip() or len(given.title) > _MOST_TITLE:
        raise Refused("a title has 1 to 500 characters")
    with Database().writing() as connection:
        id = collections.add(
            connection,
            given.title,
            readers=given.readers,
            writers=given.writers,
            groups=[sharing_groups.number_of(connection, one) for one in given.groups],
        )
        auditing.record(connection, auditing.here(), "collection add", given.title, id)
    summary({"id": id}, f"{escaped(given.title)}: {id}", json=json)


def list_all(*, json: bool) -> None:
    """List the collections."""
    with Database().reading() as connection:
        every = collections.every(connection)
    for one in every:
        if json:
            row({"id": one.id, "root": one.root, "title": one.title})
        else:
            say(f"{one.id}\t{escaped(one.root)}\t{escaped(one.title)}")
    summary({"collections": len(every)}, "", json=json)
