"""Remove the file that is in the quarantine by now from its old place.

Between a look at a name and its removal another file may get that name. So the file
gets a secret name first, in the same folder; then it is looked at, and only if it is
the right one it is removed. Any other one gets its name back.
"""

import hashlib
import os
from contextlib import suppress

from clearward.core.errors import Refused, Unavailable
from clearward.stores.quarantine.damage import Stuck
from clearward.stores.quarantine.extents import Digest, extents, pieces
from clearward.stores.quarantine.identity import Identity
from clearward.stores.quarantine.moving import move
from clearward.stores.quarantine.place import Place


def aside(identifier: str) -> bytes:
    """Return the secret name that belongs to an entry."""
    return f".clearward-{identifier}".encode("ascii")


def remove(where: Place, descriptor: int, meant: Identity, identifier: str) -> None:
    """Remove a file from its place, on the disk as well.

    Args:
        where: its place.
        descriptor: of the file, open; what is removed is this one.
        meant: what it was when it was read.
        identifier: of its entry.

    Raises:
        Refused: another file stands there by now, or it was written to; nothing was
            removed.
        Unavailable: it cannot be removed; it stays where it is.
        Stuck: another file could not be given its name back.
    """
    shown = os.fsdecode(where.path)
    secret = aside(identifier)
    if Identity.of(os.fstat(descriptor)) != meant:
        raise Refused(f"{shown}: was changed meanwhile; it stays where it is")
    standing = where.status()
    if standing is not None and not meant.is_file(standing):
        raise Refused(f"{shown}: is another file by now; it stays where it is")
    try:
        move(where.folder, where.name, secret)
    except FileNotFoundError as error:
        raise Refused(f"{shown}: is no longer there") from error
    except OSError as error:
        raise Unavailable(
            f"{shown}: cannot be taken out of its folder: {error.strerror}; it stays "
            "where it is"
        ) from error
    moved = where.status(secret)
    if moved is None:
        raise Refused(f"{shown}: is no longer there")
    if not meant.is_file(moved) or not meant.has_content(os.fstat(descriptor)):
        put_back(where, identifier)
        raise Refused(f"{shown}: is another file by now, or was changed; it stays")
    try:
        os.unlink(secret, dir_fd=where.folder)
    except OSError as error:
        put_back(where, identifier)
        raise Unavailable(
            f"{shown}: cannot be removed: {error.strerror}; it stays where it is"
        ) from error
    with suppress(OSError):  # the file is safe; only its removal may come back
        where.sync()


def put_back(where: Place, identifier: str) -> None:
    """Give what has the secret name its own name back.

    Raises:
        Stuck: it cannot be; there may be a new file of that name.
    """
    secret = aside(identifier)
    try:
        move(where.folder, secret, where.name)
        where.sync()
    except OSError as error:
        beside = os.path.join(os.path.dirname(where.path), secret)
        raise Stuck(
            f"{os.fsdecode(where.path)}: cannot be given its name back: "
            f"{error.strerror}; it is {os.fsdecode(beside)}"
        ) from error


def digest(descriptor: int) -> str:
    """Return the SHA-256 of an open file, hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    size = os.fstat(descriptor).st_size
    hash = hashlib.sha256()
    summed = Digest(hash)
    for start, piece in pieces(descriptor, extents(descriptor, size)):
        summed.add(start, piece)
    summed.fill(size)
    return hash.hexdigest()
