"""One more signature of a key that is kept elsewhere.

What waits is in the repository, see `staging`. Who signs it should know what it says.

Source: the contract of `publish sign`; TUF 1.0.31, section 6.1.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from tuf.api.metadata import Metadata, Root, Targets

from clearward.core.errors import Refused
from clearward.publishing import staging
from clearward.publishing.published import newest_root
from clearward.publishing.repository import Repository
from clearward.publishing.signing_key import MetadataSigner
from clearward.publishing.staging import Waiting

_Part = TypeVar("_Part", Root, Targets)


@dataclass(frozen=True, slots=True)
class Signed:
    """What was signed.

    Attributes:
        role: ``root`` or ``targets``.
        version: of its metadata.
        signatures: that it has now.
        complete: it has enough, and is in its place.
        says: what it says, a line each.
    """

    role: str
    version: int
    signatures: int
    complete: bool
    says: tuple[str, ...]


def sign(repository: Repository, signer: MetadataSigner) -> list[Signed]:
    """Sign everything that waits for a key.

    Raises:
        Refused: nothing does, or it is not the next version.
        Unavailable: there is no room or no right to.
    """
    done = list(_all(repository, signer))
    if not done:
        raise Refused(f"{repository.folder}: nothing waits for a signature of this key")
    return done


def _all(repository: Repository, signer: MetadataSigner) -> Iterator[Signed]:
    root = newest_root(repository).signed
    new = staging.read(repository, "root", Root)
    if new is not None:
        if new.signed.version != root.version + 1:
            raise Refused(f"{repository.folder}: staged/root.json is not the next root")
        keyids = {*root.roles["root"].keyids, *new.signed.roles["root"].keyids}
        if signer.public_key.keyid in keyids:
            yield _sign(repository, new, root, signer)
    targets = staging.read(repository, "targets", Targets)
    if targets is not None and signer.public_key.keyid in root.roles["targets"].keyids:
        yield _sign(repository, targets, root, signer)


def _sign(
    repository: Repository,
    metadata: Metadata[_Part],
    root: Root,
    signer: MetadataSigner,
) -> Signed:
    metadata.sign(signer, append=True)
    complete = False
    with suppress(Waiting):
        staging.complete(repository, metadata, root)
        complete = True
    part: Root | Targets = metadata.signed
    says = _keys(part) if isinstance(part, Root) else _targets(part)
    return Signed(
        part.type, part.version, len(metadata.signatures), complete, tuple(says)
    )


def _keys(root: Root) -> Iterator[str]:
    for name, role in sorted(root.roles.items()):
        keys = " ".join(sorted(role.keyids))
        yield f"{name}: {role.threshold} of {keys}"


def _targets(targets: Targets) -> Iterator[str]:
    for name, one in sorted(targets.targets.items()):
        yield f"{name}: {one.length} bytes, sha256 {one.hashes.get('sha256')}"
