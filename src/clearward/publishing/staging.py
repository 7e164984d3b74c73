"""Metadata that waits for signatures of keys that are kept elsewhere.

    staged/root.json, staged/targets.json

They lie in the repository, where who has such a key finds them, and clients do not look
there. When enough keys have signed they take their place.

Source: TUF 1.0.31, section 6.1 (a root is signed by the keys of the one before, too).
"""

import os
from contextlib import suppress

from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp

from clearward.core.errors import ClearwardError
from clearward.publishing import published
from clearward.publishing.published import Part, is_signed
from clearward.publishing.repository import TRUSTED_ROOT, Repository

ROLES = {"root": Root, "targets": Targets}


class Waiting(ClearwardError):
    """Signatures of keys that are kept elsewhere are missing."""


def read(repository: Repository, role: str, kind: type[Part]) -> Metadata[Part] | None:
    """Return what waits of a role; None if nothing does.

    Raises:
        Refused: it is no metadata.
    """
    if not repository.has(_name(role)):
        return None
    return published.read(repository, _name(role), kind)


def stage(repository: Repository, metadata: Metadata[Part], root: Root) -> None:
    """Let metadata wait.

    Args:
        repository: whose.
        metadata: with the signatures that it has.
        root: that clients have.

    Raises:
        Waiting: always.
    """
    part = metadata.signed
    repository.write(_name(part.type), metadata.to_bytes())
    has, needs = len(metadata.signatures), root.roles[part.type].threshold
    raise Waiting(
        f"version {part.version} of {part.type} has {has} signatures, and {needs} of "
        "keys that count are needed: see publish sign"
    )


def complete(repository: Repository, metadata: Metadata[Part], root: Root) -> None:
    """Let metadata take its place.

    Raises:
        Waiting: it has too few signatures, and waits.
    """
    part: Root | Targets | Snapshot | Timestamp = metadata.signed
    own = part if isinstance(part, Root) else root  # a root is signed by its own keys
    if not (is_signed(root, metadata) and is_signed(own, metadata)):
        stage(repository, metadata, root)
    data = metadata.to_bytes()
    repository.write(f"metadata/{part.version}.{part.type}.json", data)
    if isinstance(part, Root):
        repository.write(TRUSTED_ROOT, data)
    drop(repository, part.type)


def drop(repository: Repository, role: str) -> None:
    """Forget what waits of a role."""
    with suppress(FileNotFoundError):
        os.unlink(repository.path(_name(role)))


def _name(role: str) -> str:
    return f"staged/{role}.json"
