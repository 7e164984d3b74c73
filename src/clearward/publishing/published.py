"""What clients see of a repository, read and checked before it is continued.

What the timestamp names counts. Files of a higher version are left from a publisher who
was killed, or wait for the next timestamp.

Source: TUF 1.0.31, section 5.
"""

from dataclasses import dataclass
from typing import TypeVar

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, Targets, Timestamp
from tuf.api.serialization import DeserializationError

from clearward.core.errors import Refused
from clearward.publishing.repository import Repository

TIMESTAMP = "metadata/timestamp.json"
Part = TypeVar("Part", Root, Snapshot, Targets, Timestamp)


@dataclass(frozen=True, slots=True)
class Current:
    """What clients see.

    Attributes:
        root: the newest.
        targets: as the snapshot names it.
        snapshot: as the timestamp names it.
        timestamp: as it is.
    """

    root: Metadata[Root]
    targets: Metadata[Targets]
    snapshot: Metadata[Snapshot]
    timestamp: Metadata[Timestamp]


def is_signed(root: Root, part: Metadata[Part]) -> bool:
    """Say whether enough keys that a root names have signed."""
    role = part.signed.type
    payload = part.signed_bytes
    return bool(root.get_verification_result(role, payload, part.signatures))


def read(repository: Repository, name: str, kind: type[Part]) -> Metadata[Part]:
    """Return metadata; its signatures are not looked at.

    Raises:
        Refused: it is none, or of another role.
    """
    try:
        found = Metadata[Part].from_bytes(repository.read(name))
    except DeserializationError as error:
        raise Refused(f"{repository.path(name)}: no metadata of TUF") from error
    if not isinstance(found.signed, kind):
        raise Refused(f"{repository.path(name)}: metadata of another role")
    return found


def current(repository: Repository) -> Current:
    """Read what clients see.

    Raises:
        Refused: it is not what its signatures or digests say, or there is none.
    """
    root = newest_root(repository)
    reading = _Reading(repository, root.signed)
    timestamp = reading.read(TIMESTAMP, Timestamp)
    listed = timestamp.signed.snapshot_meta
    name = f"metadata/{listed.version}.snapshot.json"
    snapshot = reading.read(name, Snapshot, listed)
    listed = snapshot.signed.meta["targets.json"]
    name = f"metadata/{listed.version}.targets.json"
    return Current(root, reading.read(name, Targets, listed), snapshot, timestamp)


def newest_root(repository: Repository) -> Metadata[Root]:
    """Return the newest root.

    Raises:
        Refused: there is none, or it is not signed by itself.
    """
    version = 1
    while repository.has(f"metadata/{version + 1}.root.json"):
        version += 1
    name = f"metadata/{version}.root.json"
    if not repository.has(name):
        raise Refused(f"{repository.folder}: no repository; see publish init")
    root = read(repository, name, Root)
    if not is_signed(root.signed, root):
        raise Refused(f"{repository.path(name)}: not signed by its own keys")
    return root


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads metadata that others must not have changed, as it is signed again.

    Attributes:
        repository: whose.
        root: the newest. What the keys of the one before have signed is good as well:
            keys may have been changed since.
    """

    repository: Repository
    root: Root

    def read(
        self, name: str, kind: type[Part], listed: MetaFile | None = None
    ) -> Metadata[Part]:
        """Return metadata as it is listed.

        Raises:
            Refused: it is not that, or not signed.
        """
        path = self.repository.path(name)
        try:
            if listed is not None:
                listed.verify_length_and_hashes(self.repository.read(name))
        except RepositoryError as error:
            raise Refused(f"{path}: {error}") from error
        found = read(self.repository, name, kind)
        if not is_signed(self.root, found) and not self._was_signed(found):
            raise Refused(f"{path}: not signed by the keys of this repository")
        return found

    def _was_signed(self, part: Metadata[Part]) -> bool:
        before = self.root.version - 1
        if not before:
            return False
        root = read(self.repository, f"metadata/{before}.root.json", Root)
        return is_signed(root.signed, part)
