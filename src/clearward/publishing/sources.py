"""The sources of a release in one archive: the same sources give the same bytes.

    1/a.yar          a file that was named, by its number in the command
    2/deep/b.ndb     a file in a folder that was named
    review/1         what a reviewer has signed, if anything
    manifest.json    the recipe, see `manifest`

Files are in the order in which they are compiled; times, owners and modes are always
the same. What is compiled is what is unpacked from the archive again, so the archive is
what the image was made of, whatever happens to the sources meanwhile.

Source: POSIX.1-1988, ustar; POSIX.1-2001, pax, for names that are long or no ASCII.
"""

import hashlib
import io
import os
import shutil
import tarfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from clearward.compiling import Compiled
from clearward.core.errors import Malformed, Refused, Unavailable
from clearward.jail.sources import RuleFile, gather
from clearward.publishing import manifest
from clearward.publishing.manifest import Manifest
from clearward.publishing.provenance import Provenance, provenance
from clearward.publishing.repository import make_folder
from clearward.stores.new_file import new_file

_FILE_MODE = 0o644
_REVIEW = "review/"
_NO_ARCHIVE = (tarfile.TarError, Malformed, FileNotFoundError, EOFError, ValueError)


@dataclass(frozen=True, slots=True)
class Archived:
    """What was put into an archive.

    Attributes:
        manifest: its recipe.
        named: how a person called what is compiled, in the same order.
        skipped: files of each ending in folders that were left out.
    """

    manifest: Manifest
    named: tuple[str, ...]
    skipped: dict[str, int]

    def said(self, message: str, unpacked: "Unpacked") -> str:
        """Return a message with the names that a person knows."""
        pairs = list(zip(unpacked.paths, self.named, strict=True))
        for path, name in reversed(pairs):  # the first may begin the tenth
            message = message.replace(path, name)
        return message

    def compiled(self, made: Compiled, unpacked: "Unpacked") -> Compiled:
        """Return what was compiled with the names that a person knows."""
        files = tuple(
            replace(file, label=self.said(file.label, unpacked)) for file in made.files
        )
        return replace(made, files=files)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Sources of an archive, as files.

    Attributes:
        manifest: the recipe.
        paths: what is compiled, in this order.
    """

    manifest: Manifest
    paths: tuple[str, ...]


def archive(
    paths: Sequence[str], output: str, reviews: Sequence[bytes] = ()
) -> Archived:
    """Write an archive of rule sources.

    Args:
        paths: files and folders.
        output: where the archive is to be.
        reviews: records of reviewers.

    Raises:
        Refused: a source is missing, of no kind that is known, or cannot be read.
        Unavailable: the archive cannot be written.
    """
    with (
        new_file(output) as descriptor,
        os.fdopen(os.dup(descriptor), "wb") as file,
        tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        writing = _Writing(tar)
        for number, path in enumerate(paths, 1):
            writing.put_all(number, path)
        for number, record in enumerate(reviews, 1):
            writing.put(f"{_REVIEW}{number}", record)
        made = writing.archived()
        writing.put(manifest.NAME, made.manifest.to_bytes())
    return made


def unpack(archived: str, folder: str) -> Unpacked:
    """Unpack an archive.

    Args:
        archived: as `archive` writes it; it may come from anybody.
        folder: where its files go; it must not be there.

    Raises:
        Refused: it is no archive of sources.
        Unavailable: there is no room or no right to.
    """
    make_folder(folder)
    try:
        with tarfile.open(archived, mode="r:") as tar:
            for member in tar:
                _put_out(tar, member, folder)
        with open(os.path.join(folder, manifest.NAME), "rb") as file:
            found = Manifest.parse(file.read(manifest.MOST + 1))
    except _NO_ARCHIVE as error:
        raise Refused(f"{archived}: no archive of rule sources: {error}") from error
    except OSError as error:
        raise Unavailable(f"{folder}: {error.strerror}") from error
    for name in found.compile:
        parts = name.split("/")
        if not name or os.path.isabs(name) or ".." in parts:
            raise Refused(f"{archived}: its manifest names what is not in it")
    return Unpacked(
        found, tuple(os.path.join(folder, *name.split("/")) for name in found.compile)
    )


def _put_out(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: str) -> None:
    """Write a file of an archive; links and the like have no place in one of ours."""
    parts = member.name.split("/")
    content = tar.extractfile(member) if member.isreg() else None
    if content is None or not all(parts) or not {".", ".."}.isdisjoint(parts):
        raise tarfile.TarError(f"{member.name!r} is not a file with a plain name")
    path = os.path.join(folder, *parts)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with content, open(path, "xb") as file:
        shutil.copyfileobj(content, file)


@dataclass(slots=True)
class _Writing:
    """An archive that is being written."""

    tar: tarfile.TarFile
    compile: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    provenance: list[Provenance] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    def put_all(self, number: int, path: str) -> None:
        """Put all sources at a path."""
        gathered = gather([path], "local")
        names = []
        try:
            for source in gathered.files:
                names.append(_name(path, source))
                with open(source.descriptor, "rb", closefd=False) as file:
                    self.put(f"{number}/{names[-1]}", file.read(), source.label)
        finally:
            gathered.close()
        if os.path.isdir(path):
            self.provenance += provenance(path, names, f"{number}/")
            self.skipped.update(gathered.skipped)
        if names:
            is_file = not os.path.isdir(path)
            self.compile.append(f"{number}/{names[0]}" if is_file else str(number))
            self.named.append(path)

    def put(self, name: str, data: bytes, label: str = "") -> None:
        """Put a file."""
        try:
            name.encode("utf-8")
        except UnicodeEncodeError as error:
            raise Refused(f"{label}: a name that is no UTF-8") from error
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        entry.mode = _FILE_MODE
        self.tar.addfile(entry, io.BytesIO(data))
        self.files[name] = hashlib.sha256(data).hexdigest()

    def archived(self) -> Archived:
        """Return what was put."""
        made = Manifest(
            tuple(self.compile),
            dict(self.files),
            tuple(self.provenance),
            manifest.compiler(),
        )
        return Archived(made, tuple(self.named), dict(self.skipped))


def _name(path: str, source: RuleFile) -> str:
    """Return the name of a source found at a path."""
    if source.named:
        return os.path.basename(path)
    return os.path.relpath(source.label, path)
