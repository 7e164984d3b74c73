"""Signatures to leave out: ign and ign2.

    name[:MD5 of the signature's line]      ign2
    name                                    ign
    database:line:name                      ign, older

A name has to be whole, in the same case; with an MD5, the line (without its end) has to
be that very one.

Source: docs.clamav.net, "Allow List Databases"; tried with clamscan 1.4.6.
"""

import hashlib
from binascii import unhexlify
from collections.abc import Iterable

from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.fields import name
from clearward.rules.clamav.listed import Ignored

_OLDER = 3  # fields
_DIGEST_SIZE = 16


class IgnoreList:
    """Signatures to leave out.

    Args:
        entries: of all lists in force.
    """

    def __init__(self, entries: Iterable[Ignored] = ()) -> None:
        self._digests: dict[str, set[bytes | None]] = {}
        for entry in entries:
            self._digests.setdefault(entry.name, set()).add(entry.digest)

    def holds(self, title: str, line: str) -> bool:
        """Say whether the signature of a name, in a line, is left out."""
        digests = self._digests.get(title)
        if digests is None or None in digests:
            return digests is not None
        made = hashlib.md5(line.encode("latin-1"), usedforsecurity=False)
        return made.digest() in digests


def read_ignored(line: str, number_of_line: int) -> Ignored:
    """Return what a line of an ign or ign2 file says.

    Raises:
        Wrong: it is no such line.
    """
    fields = line.split(":", _OLDER)
    count = len(fields)
    if count == 1:
        return Ignored(name(line), None, number_of_line)
    digest = _digest(fields[1])
    if digest is not None:
        return Ignored(name(fields[0]), digest, number_of_line)
    if count != _OLDER:
        raise Wrong("not an MD5 of 32 hexadecimal digits", 2)
    return Ignored(name(fields[2], _OLDER), None, number_of_line)


def _digest(text: str) -> bytes | None:
    try:
        digest = unhexlify(text)
    except ValueError:
        return None
    return digest if len(digest) == _DIGEST_SIZE else None
