"""Remove from a repository what no client asks for any more.

The newest releases stay, each with its metadata, and whatever waits to be shown. So a
client that has begun with a timestamp of before finds all that it leads to. Roots, the
log and the sources of every release are never touched: clients follow the first, and
whoever wants to know what was ever published reads the others.

It is found out by what is there, not by what was removed before: who is killed goes on.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from tuf.api.metadata import Metadata, Snapshot, Targets

from clearward.core.errors import Malformed, Refused, Unavailable
from clearward.publishing import staging
from clearward.publishing.begun import IMAGE
from clearward.publishing.published import Part, current, read
from clearward.publishing.repository import Repository
from clearward.updates.pieces import FOLDER, NAME, Pieces

LEAST = 2  # releases: the one that clients see, and the one that they may be at
_METADATA = re.compile(r"metadata/([1-9][0-9]*)\.(snapshot|targets)\.json")
# Not the sources, which the log speaks of.
_TARGET = re.compile(r"targets/[0-9a-f]{64}\.rules\.(?:cwr|cwr\.pieces|tlog-proof)")
_PIECE = re.compile(rf"{FOLDER}/[0-9a-f]{{2}}/[0-9a-f]{{64}}")


@dataclass(frozen=True, slots=True)
class Unneeded:
    """A file that nobody asks for.

    Attributes:
        name: in the repository.
        length: bytes.
    """

    name: str
    length: int


def unneeded(repository: Repository, keep: int) -> list[Unneeded]:
    """Find what can go, in the order in which it should.

    Args:
        repository: nobody publishes in it meanwhile.
        keep: releases that stay, at least `LEAST`.

    Raises:
        Refused: the repository is not what its signatures say.
    """
    seen = current(repository)
    kept = dict(_kept(repository, seen.targets.signed.version, keep))
    named = {f"metadata/{version}.targets.json" for version in kept}
    named |= _snapshots(repository, kept, seen.snapshot.signed.version)
    waiting = staging.read(repository, "targets", Targets)
    shown = [*kept.values(), *([waiting.signed] if waiting else [])]
    for one in shown:
        named |= set(_files(repository, one))
    shapes = (_METADATA, _TARGET, _PIECE)
    found = [*_names(repository, "metadata"), *_names(repository, "targets")]
    return [
        Unneeded(name, os.stat(repository.path(name)).st_size)
        for name in found
        if name not in named and any(shape.fullmatch(name) for shape in shapes)
    ]


def prune(
    repository: Repository,
    found: Iterable[Unneeded],
    show: Callable[[Unneeded], None],
) -> None:
    """Remove files.

    Args:
        repository: that they are in.
        found: from `unneeded`.
        show: is told of each that is gone.

    Raises:
        Unavailable: there is no right to.
    """
    for one in found:
        path = repository.path(one.name)
        try:
            os.unlink(path)
        except OSError as error:
            said = f"{path}: cannot be removed: {error.strerror}"
            raise Unavailable(said) from error
        with suppress(OSError):  # there is something in it
            os.rmdir(os.path.dirname(path))
        show(one)


def _kept(
    repository: Repository, newest: int, keep: int
) -> Iterator[tuple[int, Targets]]:
    """Yield the targets of the newest releases, and all that are not shown yet."""
    releases: set[str] = set()
    for version in sorted(_versions(repository, "targets"), reverse=True):
        found = _read(repository, f"metadata/{version}.targets.json", Targets)
        image = found.targets.get(IMAGE)
        if image is not None and version <= newest:
            releases.add(image.hashes["sha256"])
        if len(releases) > keep:
            return
        yield version, found


def _snapshots(
    repository: Repository, kept: dict[int, Targets], newest: int
) -> set[str]:
    """Return the snapshots of targets that stay."""
    named = set()
    for version in _versions(repository, "snapshot"):
        name = f"metadata/{version}.snapshot.json"
        listed = _read(repository, name, Snapshot).meta.get("targets.json")
        if version >= newest or (listed is not None and listed.version in kept):
            named.add(name)
    return named


def _files(repository: Repository, targets: Targets) -> Iterator[str]:
    """Yield the files that some targets name, and the pieces that those name."""
    for name, target in targets.targets.items():
        place = f"targets/{target.hashes['sha256']}.{name}"
        yield place
        if name == NAME and repository.has(place):
            try:
                pieces = Pieces.parse(repository.read(place))
            except Malformed as error:
                raise Refused(f"{repository.path(place)}: {error}") from error
            yield from (piece.place for piece in pieces.all)


def _read(repository: Repository, name: str, kind: type[Part]) -> Part:
    found: Metadata[Part] = read(repository, name, kind)
    return found.signed


def _versions(repository: Repository, role: str) -> list[int]:
    found = map(_METADATA.fullmatch, _names(repository, "metadata"))
    return [int(one[1]) for one in found if one is not None and one[2] == role]


def _names(repository: Repository, folder: str) -> list[str]:
    """Return the names of the files in a folder of a repository, in order."""
    found = []
    for place, _, names in os.walk(repository.path(folder)):
        front = os.path.relpath(place, repository.folder).replace(os.sep, "/")
        found += [f"{front}/{name}" for name in names]
    return sorted(found)
