"""The last checkpoint of each log that was believed: the log must go on from there."""

import hashlib
import os

from clearward.core.errors import Malformed, Refused
from clearward.stores.durable import write_all
from clearward.stores.installed.place import Place
from clearward.stores.new_file import new_file
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.note import Note

_FOLDER = "seen"


def read(place: Place, origin: str) -> Checkpoint | None:
    """Return the checkpoint of a log that was seen last; None if none was.

    Raises:
        Refused: what is kept is damaged.
    """
    path = _path(place, origin)
    try:
        with open(path, "rb") as file:
            found = Checkpoint.parse(Note.parse(file.read()).text)
    except FileNotFoundError:
        return None
    except (Malformed, OSError) as error:
        raise Refused(f"{path}: damaged: {error}; remove it to begin anew") from error
    if found.origin != origin:
        raise Refused(f"{path}: of another log; remove it to begin anew")
    return found


def keep(place: Place, origin: str, note: bytes) -> None:
    """Keep a checkpoint as the last one, on the disk when this returns.

    Raises:
        Unavailable: it cannot be written.
    """
    path = _path(place, origin)
    os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
    with new_file(path) as descriptor:
        write_all(descriptor, note)


def _path(place: Place, origin: str) -> str:
    return place.within(_FOLDER, hashlib.sha256(origin.encode()).hexdigest())
