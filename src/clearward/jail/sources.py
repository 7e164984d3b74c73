"""Find rule sources by name, and open them.

The kind of a source is told by its file name. Nothing is parsed here: the zygote reads
what these descriptors hold.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from clearward.core.errors import Refused

# ClamAV's, by their file endings.
CLAMAV = (
    *("hdb", "hdu", "hsb", "hsu", "mdb", "mdu", "msb", "msu", "imp", "ndb", "ndu"),
    *("ldb", "ldu", "idb", "cdb", "fp", "sfp", "ign", "ign2", "ftm", "pdb", "wdb"),
    *("cvd", "cld", "cud", "cbc", "crb"),
)
KINDS = {
    ".yar": "yara",
    ".yara": "yara",
    ".md5": "md5",
    ".sha1": "sha1",
    ".sha256": "sha256",
    **{f".{kind}": kind for kind in CLAMAV},
    ".cwr": "cwr",
}
IMAGE = "cwr"  # a compiled image
# Archives of YARA rules; more than their last ending tells them.
ARCHIVES = {
    f"{rules}{packed}": kind
    for packed, kind in ((".zip", "yara-zip"), (".tar.gz", "yara-tar"))
    for rules in (".yar", ".yara")
} | {".yar.tgz": "yara-tar", ".yara.tgz": "yara-tar"}
YARA = frozenset(("yara", *ARCHIVES.values()))


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One rule source, open.

    Attributes:
        label: its path, as text for messages; untrusted.
        kind: a value of `KINDS` or `ARCHIVES`.
        origin: ``"bundle"`` or ``"local"``.
        named: a person named this very file, so it must be good as a whole.
        descriptor: to be closed by whoever holds this.
        size: bytes.
    """

    label: str
    kind: str
    origin: str
    named: bool
    descriptor: int
    size: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that was found.

    Attributes:
        files: in the order in which they were named, folders sorted.
        skipped: how many files of each ending in folders were left out.
    """

    files: tuple[RuleFile, ...]
    skipped: dict[str, int]

    def close(self) -> None:
        """Close every descriptor."""
        for file in self.files:
            with suppress(OSError):
                os.close(file.descriptor)


def gather(paths: Sequence[str], origin: str) -> Gathered:
    """Open every rule source below the paths.

    Raises:
        Refused: a path is missing, cannot be read, or is of no kind that can be used.
    """
    files: list[RuleFile] = []
    skipped: Counter[str] = Counter()
    try:
        for path in paths:
            if os.path.isdir(path):
                for inner in _below(path):
                    kind = kind_of(inner)
                    if kind is not None:
                        files.append(_open(inner, kind, origin, named=False))
                    else:
                        ending = os.path.splitext(inner)[1].lower()
                        skipped[ending or "no ending"] += 1
            else:
                files.append(_open(path, _kind(path), origin, named=True))
    except Refused:
        Gathered(tuple(files), {}).close()
        raise
    return Gathered(tuple(files), dict(skipped))


def kind_of(path: str) -> str | None:
    """Return the kind of a rule source by its name, None if it has none.

    Case does not count; a name that is nothing but an ending has none.
    """
    name = os.path.basename(path).lower()
    for ending, kind in ARCHIVES.items():
        if name.removesuffix(ending) not in {name, ""}:
            return kind
    return KINDS.get(os.path.splitext(name)[1])


def _kind(path: str) -> str:
    kind = kind_of(path)
    if kind is None:
        known = " ".join((*KINDS, *ARCHIVES))
        raise Refused(f"{path}: not a kind of rules that is known ({known})")
    return kind


def _below(folder: str) -> Iterator[str]:
    """Every file below a folder, in an order that is the same everywhere."""

    def refuse(error: OSError) -> None:
        raise Refused(f"{error.filename}: cannot be read: {error.strerror}")

    for place, folders, names in os.walk(folder, onerror=refuse):
        folders.sort()
        for name in sorted(names):
            yield os.path.join(place, name)


def _open(path: str, kind: str, origin: str, *, named: bool) -> RuleFile:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        size = os.fstat(descriptor).st_size
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {error.strerror}") from error
    if not os.path.isfile(path):
        os.close(descriptor)
        raise Refused(f"{path}: not a regular file")
    return RuleFile(path, kind, origin, named, descriptor, size)
