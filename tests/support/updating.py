"""Machines that update, and publishers who attack them."""

import copy
import shutil
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tuf.api.metadata import TargetFile

from clearward.installing.archive import ArchiveCarrier
from clearward.installing.carrier import Carrier
from clearward.installing.folder import FolderCarrier
from clearward.installing.refusal import Code, Untrusted
from clearward.installing.update import Outcome, Update
from clearward.publishing.key_files import KeysFolder
from clearward.publishing.opening import Publishing
from clearward.publishing.published import current
from clearward.publishing.repository import Repository
from clearward.stores.installed.checking import check_image, check_proof
from clearward.stores.installed.place import Place
from clearward.stores.installed.releases import Releases
from clearward.stores.installed.trust import Trust
from clearward.updates.keys import Kind
from clearward.updates.note import Note
from clearward.updates.proof import Proof
from support.repositories import WEEK, Repositories
from support.signing import Signer

TARGETS = ("rules.cwr", "rules.src.tar", "rules.tlog-proof")


def witnesses() -> list[Signer]:
    """Two of them, with a key of each kind."""
    return [
        Signer("witness.example/one", Kind.COSIGNATURE_ED25519),
        Signer("witness.example/two", Kind.COSIGNATURE_ML_DSA_44),
    ]


@dataclass
class Machine:
    """A home that is updated in this process; images are not loaded."""

    home: Path
    trust: Path | None = None
    clock: float = field(default_factory=time.time)
    again: bool = False

    @property
    def place(self) -> Place:
        return Place(str(self.home))

    def update(self, source: Path | Carrier) -> Outcome:
        """Update from a folder, an archive or a carrier."""
        given = Trust.read(str(self.trust)) if self.trust else None
        update = Update(self.place, again=self.again)
        if not isinstance(source, Path):
            return update.run(source, given, self.clock)
        kind = FolderCarrier if source.is_dir() else ArchiveCarrier
        with closing(kind(str(source))) as carrier:
            return update.run(carrier, given, self.clock)

    def refused(self, source: Path | Carrier) -> Code:
        """Say why an update is refused; what is in force stays and is whole."""
        before = self.seq()
        with pytest.raises(Untrusted) as caught:
            self.update(source)
        assert self.seq() == before
        return caught.value.code

    def seq(self) -> int:
        """The number of the release in force, checked as when it is loaded."""
        kept = Releases(self.place).current()
        if kept is None:
            return 0
        release = check_proof(self.place, kept)
        check_image(kept, release)
        return release.seq


def twin(repository: Repositories, folder: Path) -> Repositories:
    """A publisher with all the keys of another, who goes on in secret."""
    shutil.copytree(repository.folder.parent, folder)
    made = copy.copy(repository)
    made.folder, made.keys = folder / "repo", folder / "keys"
    return made


def files(repository: Path) -> dict[str, bytes]:
    """The targets that clients see."""
    targets = current(Repository(str(repository))).targets.signed.targets
    place = repository / "targets"
    return {
        name: (place / f"{targets[name].hashes['sha256']}.{name}").read_bytes()
        for name in TARGETS
    }


def signed_anew(repository: Repositories, changed: dict[str, bytes]) -> Path:
    """Sign metadata for other targets, with the keys of TUF but not that of the log."""
    found = files(repository.folder) | changed
    made = []
    for name, data in found.items():
        target = TargetFile.from_data(name, data, ["sha256"])
        path = repository.folder / "targets" / f"{target.hashes['sha256']}.{name}"
        path.write_bytes(data)
        made.append(target)
    keys = KeysFolder(str(repository.keys))
    place = Repository(str(repository.folder))
    publisher = Publishing(place, keys, datetime.now(UTC), WEEK).publisher
    publisher.release(current(publisher.repository), made)
    return repository.folder


def without(note: bytes, names: Sequence[str]) -> bytes:
    """A signed note without the signatures of some."""
    read = Note.parse(note)
    left = tuple(one for one in read.signatures if one.name not in names)
    return Note(read.text, left).to_bytes()


def proof_with(proof: bytes, checkpoint: bytes) -> bytes:
    """A proof with another checkpoint."""
    read = Proof.parse(proof)
    return Proof(read.index, read.hashes, checkpoint, read.extra).to_bytes()
