"""The sources of a release in one archive: the same sources give the same bytes.

    1/a.yar          a file that was named, by its number in the command
    2/deep/b.ndb     a file in a folder that was named

Names are in the order in which they are compiled; times, owners and modes are always
the same. What is compiled is what is unpacked from the archive again, so the archive is
what the image was made of, whatever happens to the sources meanwhile.

Source: POSIX.1-1988, ustar; POSIX.1-2001, pax, for names that are long or no ASCII.
"""

import io
import os
import tarfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from clearward.compiling import Compiled
from clearward.core.errors import Refused, Unavailable
from clearward.jail.sources import RuleFile, gather
from clearward.publishing.repository import make_folder
from clearward.stores.new_file import new_file

_FILE_MODE = 0o644


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Where sources of an archive are.

    Attributes:
        paths: what is compiled, in this order.
        named: how a person called each.
    """

    paths: tuple[str, ...]
    named: tuple[str, ...]

    def called(self, message: str) -> str:
        """Return a message with the names that a person knows."""
        for path, name in zip(self.paths, self.named, strict=True):
            message = message.replace(path, name)
        return message

    def compiled(self, made: Compiled) -> Compiled:
        """Return what was compiled with the names that a person knows."""
        files = tuple(
            replace(file, label=self.called(file.label)) for file in made.files
        )
        return replace(made, files=files)


def archive(paths: Sequence[str], output: str) -> dict[str, int]:
    """Write an archive of rule sources.

    Args:
        paths: files and folders.
        output: where the archive is to be.

    Returns:
        How many files of each ending in folders were left out.

    Raises:
        Refused: a source is missing, of no kind that is known, or cannot be read.
        Unavailable: the archive cannot be written.
    """
    skipped: Counter[str] = Counter()
    with (
        new_file(output) as descriptor,
        os.fdopen(os.dup(descriptor), "wb") as file,
        tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for number, path in enumerate(paths, 1):
            gathered = gather([path], "local")
            try:
                for source in gathered.files:
                    _put(tar, f"{number}/{_name(path, source)}", source)
            finally:
                gathered.close()
            skipped.update(gathered.skipped)
    return dict(skipped)


def unpack(archived: str, paths: Sequence[str], folder: str) -> Unpacked:
    """Unpack an archive that was written here.

    Args:
        archived: the archive.
        paths: what it was made of.
        folder: where its files go; it must not be there.

    Raises:
        Unavailable: there is no room or no right to.
    """
    make_folder(folder)
    try:
        with tarfile.open(archived, mode="r:") as tar:
            tar.extractall(folder, filter="data")
    except OSError as error:
        raise Unavailable(f"{folder}: {error.strerror}") from error
    return Unpacked(
        tuple(
            os.path.join(folder, str(number))
            if os.path.isdir(path)
            else os.path.join(folder, str(number), os.path.basename(path))
            for number, path in enumerate(paths, 1)
        ),
        tuple(paths),
    )


def _name(path: str, source: RuleFile) -> str:
    """Return the name of a source found at a path."""
    if source.named:
        return os.path.basename(path)
    return os.path.relpath(source.label, path)


def _put(tar: tarfile.TarFile, name: str, source: RuleFile) -> None:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Refused(f"{source.label}: a name that is no UTF-8") from error
    with open(source.descriptor, "rb", closefd=False) as file:
        data = file.read()
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    entry.mode = _FILE_MODE
    tar.addfile(entry, io.BytesIO(data))
