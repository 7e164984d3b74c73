"""What was sent behind the heads of requests, kept if a person wants that.

    ledger/keep-payloads          there if they are kept from now on
    ledger/payloads/SHA256        one body, as it was sent

The ledger has the digest of every body in any case. A body that is to be kept is on
the disk before the record that names it, and the record before anything leaves: if it
cannot be written, nothing is sent. These files may be as confidential as what the site
sends to its own servers.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress

from clearward.core.errors import Refused
from clearward.egress import folder
from clearward.stores.durable import sync_folder, write_all
from clearward.stores.new_file import new_file

FOLDER = "payloads"
SWITCH = "keep-payloads"


def are_kept(path: str) -> bool:
    """Say whether bodies are kept from now on.

    Args:
        path: of the folder of the ledger.
    """
    return os.path.lexists(os.path.join(path, SWITCH))


def switch(path: str, *, on: bool) -> None:
    """Keep bodies from now on, or no more; those that are there stay.

    Raises:
        Refused: others may use the folder.
        Unavailable: it cannot be written.
    """
    folder.make(path)
    if on:
        with new_file(os.path.join(path, SWITCH)):
            pass
        return
    with folder.told(path):
        with suppress(FileNotFoundError):
            os.unlink(os.path.join(path, SWITCH))
        sync_folder(path)


def told(path: str, body: bytes) -> str:
    """Return the SHA-256 of a body, hexadecimal; keep it if that is wanted.

    Raises:
        Unavailable: it cannot be written, so it is not to be sent.
    """
    digest = hashlib.sha256(body).hexdigest()
    if are_kept(path) and not _is_there(path, digest):
        place = os.path.join(path, FOLDER)
        with folder.told(place):
            os.makedirs(place, mode=0o700, exist_ok=True)
            sync_folder(path)
        with new_file(os.path.join(place, digest)) as made, folder.told(place):
            os.fchmod(made, 0o600)
            write_all(made, body)
    return digest


def kept(path: str, digests: Iterable[str]) -> list[str]:
    """Return those digests whose bodies are there."""
    return [one for one in digests if os.path.lexists(os.path.join(path, FOLDER, one))]


def wrong(path: str) -> Iterator[str]:
    """Yield the names of kept bodies that are not what was sent.

    Raises:
        Unavailable: they cannot be read.
    """
    for name in names(path):
        if not _is_there(path, name):
            yield name


def names(path: str) -> list[str]:
    """Return the names of all kept bodies, in order.

    Raises:
        Unavailable: they cannot be listed.
    """
    try:
        with folder.told(path):
            found = os.listdir(os.path.join(path, FOLDER))
    except FileNotFoundError:
        return []
    return sorted(one for one in found if not one.startswith("."))


def read(path: str, name: str) -> bytes:
    """Return one body.

    Raises:
        Refused: it is not there.
        Unavailable: it cannot be read.
    """
    try:
        with folder.told(path), open(os.path.join(path, FOLDER, name), "rb") as file:
            return file.read()
    except FileNotFoundError as error:
        raise Refused(f"{name}: no such payload is kept") from error


def _is_there(path: str, digest: str) -> bool:
    try:
        return hashlib.sha256(read(path, digest)).hexdigest() == digest
    except Refused:
        return False
