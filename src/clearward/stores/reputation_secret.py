"""The secret that chooses which other buckets hide those that are needed."""

import os
import secrets

from clearward.core.errors import Refused, Unavailable
from clearward.reputation.cover import SECRET_BYTES
from clearward.stores.durable import sync_folder, write_all

NAME = "lookup.secret"


def secret(home: str) -> bytes:
    """Return the secret of a home; it is made when it is first asked for.

    Raises:
        Refused: what is there is no secret.
        Unavailable: it cannot be read or made.
    """
    path = os.path.join(home, NAME)
    try:
        if not os.path.lexists(path):
            os.makedirs(home, mode=0o700, exist_ok=True)
            _make(path)
        with open(path, "rb") as file:
            found = file.read(SECRET_BYTES + 1)
    except OSError as error:
        raise Unavailable(f"{path}: {error.strerror}") from error
    if len(found) != SECRET_BYTES:
        raise Refused(f"{path}: is no secret; remove it, and another one is made")
    return found


def _make(path: str) -> None:
    """Make it under another name first, so that it is whole whenever it is there."""
    made = f"{path}.{secrets.token_hex(8)}"
    opened = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        write_all(opened, secrets.token_bytes(SECRET_BYTES))
        os.fsync(opened)
        os.link(made, path)
    except FileExistsError:  # somebody else was as quick: his is the one
        pass
    finally:
        os.close(opened)
        os.unlink(made)
    sync_folder(os.path.dirname(path))
