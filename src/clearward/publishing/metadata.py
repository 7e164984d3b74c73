"""The metadata of a repository, continued and signed.

A role is continued by its next version. The timestamp is written last, so that clients
see all of a change or nothing. What lacks a signature of a key that is kept elsewhere
waits for it, see `staging`.

Source: TUF 1.0.31, sections 4 and 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from clearward.core.errors import Refused
from clearward.publishing import staging
from clearward.publishing.keys import Keys, coming, signers
from clearward.publishing.published import (
    TIMESTAMP,
    Current,
    Part,
    is_signed,
    read,
)
from clearward.publishing.repository import TRUSTED_ROOT, Repository
from clearward.publishing.signing_key import MetadataSigner

_YEAR = timedelta(days=365)
_MONTH = timedelta(days=30)
_HASHES = ["sha256"]


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
            root: names keys and thresholds; its expiry is set.
        """
        root.expires = self._expiry(_YEAR)
        signed = self._signed("root", root, root).to_bytes()
        self.repository.write("metadata/1.root.json", signed)
        self.repository.write(TRUSTED_ROOT, signed)
        targets = Targets(1, expires=self._expiry(_YEAR), targets={})
        data = self._signed("targets", targets, root).to_bytes()
        self.repository.write("metadata/1.targets.json", data)
        self._announce(root, _meta(targets, data), 0, 0)

    def refresh(self, current: Current) -> Timestamp:
        """Sign snapshot and timestamp anew; return the timestamp.

        Targets that have all their signatures meanwhile are shown. Those that are
        shown are signed anew, too, if they expire soon or keys were changed, and their
        keys are there.
        """
        next_one = self._next(current)
        if next_one is not None:
            return self._continue(current, self._listed(next_one.signed.version))
        shown, root = current.targets, current.root.signed
        is_good = is_signed(root, shown) and not shown.signed.is_expired(
            self.now + max(_MONTH, self.lifetime)
        )
        if is_good or len(signers(self.keys, "targets", root)) < _least(root):
            return self._continue(current, current.snapshot.signed.meta["targets.json"])
        return self.release(current, list(shown.signed.targets.values()))

    def release(self, current: Current, targets: Sequence[TargetFile]) -> Timestamp:
        """Let some targets take the place of all that there were.

        Raises:
            Refused: there is no key to sign with.
            Waiting: signatures of keys that are kept elsewhere are missing.
        """
        named = {one.path: one for one in targets}
        root = current.root.signed
        version = current.targets.signed.version + 1
        ready = self._next(current)
        if ready is None or ready.signed.targets != named:
            new = self._waiting(version, named)
            self.sign(new, self.need("targets", root, least=1))
            staging.complete(self.repository, new, root)
        return self._continue(current, self._listed(version))

    def change_root(self, old: Root, new: Root) -> None:
        """Let a root take the place of another.

        Args:
            old: the newest.
            new: the same with other keys; its version and expiry are set.

        Raises:
            Waiting: signatures of keys that are kept elsewhere are missing.
        """
        new.version = old.version + 1
        new.expires = self._expiry(_YEAR)
        metadata = Metadata(new)
        found = (*signers(self.keys, "root", old), *signers(self.keys, "root", new))
        self.sign(metadata, found)
        staging.complete(self.repository, metadata, old)

    def sign(self, metadata: Metadata[Part], found: Sequence[MetadataSigner]) -> None:
        """Add signatures, those of keys that come into use soon as well."""
        role: str = metadata.signed.type
        for one in (*found, *coming(self.keys, role)):
            metadata.sign(one, append=True)

    def need(
        self, role: str, root: Root, least: int | None = None
    ) -> list[MetadataSigner]:
        """Return what signs for a role.

        Args:
            role: its name.
            root: names its keys.
            least: how many keys have to be there; as many as sign if None.

        Raises:
            Refused: there are fewer.
        """
        found = signers(self.keys, role, root)
        needed = root.roles[role].threshold
        if len(found) < (needed if least is None else least):
            raise Refused(
                f"{self.keys.name}: {len(found)} of {needed} keys of the role {role} "
                "that the repository names are there"
            )
        return found

    def _signed(self, role: str, part: Part, root: Root) -> Metadata[Part]:
        metadata = Metadata(part)
        self.sign(metadata, self.need(role, root))
        return metadata

    def _waiting(self, version: int, named: dict[str, TargetFile]) -> Metadata[Targets]:
        """Return targets, with the signatures that they have if they wait already."""
        staged = staging.read(self.repository, "targets", Targets)
        if staged is not None and (version, named) == (
            staged.signed.version,
            staged.signed.targets,
        ):
            return staged
        return Metadata(Targets(version, expires=self._expiry(_YEAR), targets=named))

    def _listed(self, version: int) -> MetaFile:
        """Return what a snapshot says of targets that are in their place."""
        data = self.repository.read(f"metadata/{version}.targets.json")
        return MetaFile.from_data(version, data, _HASHES)

    def _next(self, current: Current) -> Metadata[Targets] | None:
        """Return the next targets, if they wait for nothing but the timestamp."""
        version = current.targets.signed.version + 1
        name = f"metadata/{version}.targets.json"
        if not self.repository.has(name):
            return None
        found = read(self.repository, name, Targets)
        is_next = found.signed.version == version
        return found if is_next and is_signed(current.root.signed, found) else None

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
        data = self._signed("snapshot", new, root).to_bytes()
        last = Timestamp(
            timestamp + 1,
            expires=self._expiry(self.lifetime),
            snapshot_meta=_meta(new, data),
        )
        announced = self._signed("timestamp", last, root).to_bytes()
        self.repository.write(f"metadata/{new.version}.snapshot.json", data)
        self.repository.write(TIMESTAMP, announced)
        return last

    def _expiry(self, lifetime: timedelta) -> datetime:
        return (self.now + lifetime).replace(microsecond=0)


def _least(root: Root) -> int:
    return root.roles["targets"].threshold


def _meta(part: Snapshot | Targets, data: bytes) -> MetaFile:
    return MetaFile.from_data(part.version, data, _HASHES)
