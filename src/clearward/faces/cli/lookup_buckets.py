"""Fetch buckets from a folder or a server; each is checked against the head."""

from collections.abc import Sequence

from clearward.core.errors import Malformed, Refused
from clearward.faces.cli.lookup_places import place
from clearward.reputation import bucket
from clearward.reputation.head import Head
from clearward.stores.reputation import bucket_name, checked_bucket

_SECONDS = 120.0  # for all of them


def fetch(where: str, head: Head, prefixes: Sequence[int]) -> dict[int, bytes]:
    """Return the buckets of some prefixes, fetched in this order.

    All are checked, also those that only hide others: so where this stops says nothing
    about which were needed.

    Args:
        where: a folder, or the address of one.
        head: says what the buckets have to be.
        prefixes: in order; none, and nothing is asked.

    Raises:
        Refused: a bucket is missing, or another one than that of the head.
        Unavailable: the server cannot be reached.
    """
    if not prefixes:
        return {}
    found = {}
    with place(where, seconds=_SECONDS) as read:
        for number in prefixes:
            name = bucket_name(number)
            data = read(name, bucket.size(head.fullest))
            try:
                found[number] = checked_bucket(data, head.prefixes[number])
            except Malformed as error:
                raise Refused(f"{where}: {name}: {error}") from error
    return found
