"""What a client of TUF makes of a repository, checked by python-tuf's own rules."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tuf.api.metadata import TargetFile
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet
from tuf.ngclient.config import EnvelopeType

from clearward.updates.policy import Policy
from clearward.updates.proof import Proof


class Client:
    """Someone who was given root and policy once.

    Args:
        folder: the repository, as it is when this is made.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = (folder / "trust/root.json").read_bytes()
        self.policy = Policy.parse((folder / "trust/policy").read_text())

    def see(self) -> dict[str, TargetFile]:
        """Check everything that is there now; return the targets."""
        metadata = self.folder / "metadata"
        trusted = TrustedMetadataSet(self.root, EnvelopeType.METADATA)
        trusted.reference_time = datetime.now(UTC)
        while (path := metadata / f"{trusted.root.version + 1}.root.json").exists():
            trusted.update_root(path.read_bytes())
        trusted.update_timestamp((metadata / "timestamp.json").read_bytes())
        version = trusted.timestamp.snapshot_meta.version
        trusted.update_snapshot((metadata / f"{version}.snapshot.json").read_bytes())
        version = trusted.snapshot.meta["targets.json"].version
        trusted.update_delegated_targets(
            (metadata / f"{version}.targets.json").read_bytes(), "targets", "root"
        )
        self.policy.check((self.folder / "log/checkpoint").read_bytes())
        found = trusted.targets.targets
        for name, one in found.items():
            path = self.folder / "targets" / f"{one.hashes['sha256']}.{name}"
            data = path.read_bytes()
            one.verify_length_and_hashes(data)
            if name == "rules.tlog-proof":
                proof = Proof.parse(data)
                assert proof.extra is not None
                proof.check(proof.extra, self.policy)
        return found

    @contextmanager
    def watching(self) -> Iterator[None]:
        """See after each change of a name meanwhile that nothing is missing."""
        real = os.rename

        def rename(*arguments: str) -> None:
            real(*arguments)
            self.see()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "rename", rename)
            yield
        self.see()
