"""Digests, lists of them as people write them, and sets made of those."""

import hashlib

from hypothesis import strategies as st

from clearward.reputation import source
from clearward.reputation.making import Made, from_lists

digests = st.binary(min_size=32, max_size=32)


def digest(number: int) -> bytes:
    """The digest of a file that holds a number."""
    return hashlib.sha256(b"%d" % number).digest()


def written(*numbers: int, name: str = "") -> bytes:
    """A list of digests."""
    lines = (f"{digest(number).hex()} {name}".rstrip() + "\n" for number in numbers)
    return "".join(lines).encode()


def made(**lists: bytes) -> Made:
    """A set of lists, by their names."""
    return from_lists({name: source.read([text]) for name, text in lists.items()})
