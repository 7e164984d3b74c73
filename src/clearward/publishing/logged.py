"""What the log of a repository says of a release, and the sources that it is about.

Whoever has the folder of a repository can look: no key and no connection is needed.
Whether the log itself is to be believed is what a policy says, see `installing`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from clearward.core.errors import Malformed, Refused
from clearward.publishing.begun import SOURCE
from clearward.publishing.repository import Repository, sha256_of
from clearward.publishing.sources import unpack
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.note import Note
from clearward.updates.release import Release

DIGESTS = ".sha256"


def release(repository: Repository, number: int | None = None) -> Release:
    """Return a release by its number, or the last one.

    Raises:
        Refused: there is none, or the log cannot be read.
    """
    try:
        head = Checkpoint.parse(Note.parse(repository.read("log/checkpoint")).text)
        if not 0 < (number or head.size) <= head.size:
            raise Refused(
                f"{repository.folder}: its log has {head.size} releases, and no "
                f"{number or 'last one'}"
            )
        entry = repository.log(head.origin).entry((number or head.size) - 1)
        return Release.parse(entry)
    except Malformed as error:
        raise Refused(f"{repository.folder}: its log: {error}") from error


@contextmanager
def digest_lists(repository: Repository, found: Release) -> Iterator[tuple[str, ...]]:
    """Give the lists of SHA-256 digests among the sources of a release, as files.

    Raises:
        Refused: its sources are missing, or not those that the log names.
        Unavailable: there is no room to unpack them.
    """
    path = repository.path(f"targets/{found.source}.{SOURCE}")
    if sha256_of(path) != found.source:
        raise Refused(f"{path}: is not what the log says")
    with TemporaryDirectory(prefix="clearward-") as folder:
        unpacked = unpack(path, os.path.join(folder, "sources"))
        below = tuple(one.removesuffix("/") for one in unpacked.manifest.compile)
        yield tuple(
            os.path.join(folder, "sources", *name.split("/"))
            for name in unpacked.manifest.files
            if name.lower().endswith(DIGESTS)
            and (name in below or name.startswith(tuple(f"{one}/" for one in below)))
        )
