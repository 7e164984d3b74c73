"""What `clearward intel collection` does."""

from collections.abc import Sequence

from clearward.core.errors import Refused
from clearward.faces.cli.intel.said import row, say, summary
from clearward.faces.text import escaped
from clearward.stores.intel import collections
from clearward.stores.intel.database import Database

_MOST_TITLE = 500  # characters


def add(
    title: str, readers: Sequence[str], writers: Sequence[str], *, json: bool
) -> None:
    """Make a collection.

    Raises:
        Refused: there is one of that title, or no such user.
    """
    if not title.strip() or len(title) > _MOST_TITLE:
        raise Refused("a title has 1 to 500 characters")
    with Database().writing() as connection:
        id = collections.add(connection, title, readers=readers, writers=writers)
    summary({"id": id}, f"{escaped(title)}: {id}", json=json)


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
