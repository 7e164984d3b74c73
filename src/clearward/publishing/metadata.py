"""The metadata of a repository: read, continued and signed.

A role is continued by its next version. What the timestamp names counts; files of a
higher version are left from a publisher who was killed, and are written again. The
timestamp is written last, so that clients see all of a change or nothing.

Source: TUF 1.0.31, sections 4 and 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import RepositoryError, UnsignedMetadataError
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization import DeserializationError

from clearward.core.errors import Refused
from clearward.publishing.keys import Keys, signers
from clearward.publishing.repository import Repository

TIMESTAMP = "metadata/timestamp.json"
_YEAR = timedelta(days=365)
_MONTH = timedelta(days=30)
_Part = TypeVar("_Part", Root, Snapshot, Targets, Timestamp)
_HASHES = ["sha256"]


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


@dataclass(frozen=True, slots=True)
class Publisher:
    """Signs metadata.

    Attributes:
        repository: whose metadata.
        keys: of its roles.
        now: UTC.
        lifetime: of the timestamp.
    """

    repository: Repository
    keys: Keys
    now: datetime
    lifetime: timedelta

    def begin(self, root: Root) -> None:
        """Write the first version of everything.

        Args:
            root: names keys and thresholds; its version and expiry are set.
        """
        root.expires = self._expiry(_YEAR)
        signed = self.signed("root", root, root)
        self.repository.write("metadata/1.root.json", signed)
        self.repository.write("trust/root.json", signed)
        targets = Targets(1, expires=self._expiry(_YEAR), targets={})
        data = self.signed("targets", targets, root)
        self.repository.write("metadata/1.targets.json", data)
        self._announce(root, _meta(targets, data), 0, 0)

    def refresh(self, current: Current) -> Timestamp:
        """Sign snapshot and timestamp anew; return the timestamp."""
        return self._continue(current, current.snapshot.signed.meta["targets.json"])

    def release(self, current: Current, targets: Sequence[TargetFile]) -> Timestamp:
        """Let some targets take the place of all that there were."""
        new = Targets(
            current.targets.signed.version + 1,
            expires=self._expiry(_YEAR),
            targets={one.path: one for one in targets},
        )
        data = self.signed("targets", new, current.root.signed)
        self.repository.write(f"metadata/{new.version}.targets.json", data)
        return self._continue(current, _meta(new, data))

    def signed(self, role: str, part: _Part, root: Root) -> bytes:
        """Return the metadata of a role with enough signatures.

        Raises:
            Refused: there are not enough keys.
        """
        metadata = Metadata(part)
        for one in self.need(role, root):
            metadata.sign(one, append=True)
        return metadata.to_bytes()

    def need(self, role: str, root: Root) -> list[CryptoSigner]:
        """Return what signs for a role.

        Raises:
            Refused: there are not enough keys.
        """
        found = signers(self.keys, role, root)
        least = root.roles[role].threshold
        if len(found) < least:
            raise Refused(
                f"{self.keys.name}: {len(found)} of {least} keys of the role {role} "
                "that the repository names are there"
            )
        return found

    def _continue(self, current: Current, targets: MetaFile) -> Timestamp:
        return self._announce(
            current.root.signed,
            targets,
            current.snapshot.signed.version,
            current.timestamp.signed.version,
        )

    def _announce(
        self, root: Root, targets: MetaFile, snapshot: int, timestamp: int
    ) -> Timestamp:
        new = Snapshot(
            snapshot + 1,
            expires=self._expiry(max(_MONTH, self.lifetime)),
            meta={"targets.json": targets},
        )
        data = self.signed("snapshot", new, root)
        last = Timestamp(
            timestamp + 1,
            expires=self._expiry(self.lifetime),
            snapshot_meta=_meta(new, data),
        )
        announced = self.signed("timestamp", last, root)
        self.repository.write(f"metadata/{new.version}.snapshot.json", data)
        self.repository.write(TIMESTAMP, announced)
        return last

    def _expiry(self, lifetime: timedelta) -> datetime:
        return (self.now + lifetime).replace(microsecond=0)


def current(repository: Repository) -> Current:
    """Read what clients see.

    Raises:
        Refused: it is not what its signatures or digests say, or there is none.
    """
    root = newest_root(repository)
    timestamp = _checked(repository, TIMESTAMP, root, Timestamp)
    listed = timestamp.signed.snapshot_meta
    name = f"metadata/{listed.version}.snapshot.json"
    snapshot = _checked(repository, name, root, Snapshot, listed)
    listed = snapshot.signed.meta["targets.json"]
    name = f"metadata/{listed.version}.targets.json"
    targets = _checked(repository, name, root, Targets, listed)
    return Current(root, targets, snapshot, timestamp)


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
        raise Refused(f"{repository.folder}: no repository: see publish init")
    root = _read(repository, name, Root)
    _check(repository, name, root, root)
    return root


def _checked(
    repository: Repository,
    name: str,
    root: Metadata[Root],
    kind: type[_Part],
    listed: MetaFile | None = None,
) -> Metadata[_Part]:
    data = repository.read(name)
    try:
        if listed is not None:
            listed.verify_length_and_hashes(data)
    except RepositoryError as error:
        raise Refused(f"{repository.path(name)}: {error}") from error
    found = _read(repository, name, kind)
    _check(repository, name, root, found)
    return found


def _check(
    repository: Repository, name: str, root: Metadata[Root], part: Metadata[_Part]
) -> None:
    """Check signatures: what others have put here is not signed again."""
    try:
        root.signed.verify_delegate(
            part.signed.type, part.signed_bytes, part.signatures
        )
    except UnsignedMetadataError as error:
        said = f"{repository.path(name)}: not signed by the keys of this repository"
        raise Refused(said) from error


def _read(repository: Repository, name: str, kind: type[_Part]) -> Metadata[_Part]:
    try:
        found = Metadata[_Part].from_bytes(repository.read(name))
    except DeserializationError as error:
        raise Refused(f"{repository.path(name)}: no metadata of TUF") from error
    if not isinstance(found.signed, kind):
        raise Refused(f"{repository.path(name)}: metadata of another role")
    return found


def _meta(part: Snapshot | Targets, data: bytes) -> MetaFile:
    return MetaFile.from_data(part.version, data, _HASHES)
