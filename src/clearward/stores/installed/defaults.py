"""The rules in force that nobody named: those installed, else the starter bundle."""

import os
import threading
from contextlib import suppress

from typing_extensions import override

from clearward.core.errors import Refused
from clearward.core.names import Table
from clearward.jail import bundle
from clearward.jail.sources import IMAGE, Gathered, RuleFile, gather
from clearward.stores.installed.checking import check_proof, digest, refusal
from clearward.stores.installed.place import Place
from clearward.stores.installed.releases import Releases
from clearward.updates.release import Release

ORIGIN = "bundle"


class Defaults:
    """Rule files, open, and the checks that they have to pass before they are used.

    Args:
        home: the folder that holds everything kept.
        wanted: False for no rules at all.

    Attributes:
        files: of the rules.
        release: that is installed; None for the starter bundle, and for no rules.

    Raises:
        Refused: the installed rules have no valid proof, or cannot be opened.
    """

    def __init__(self, home: str, *, wanted: bool = True) -> None:
        self.release: Release | None = None
        self._starter = False
        self._digest: _Digest | None = None
        self.gathered = Gathered((), {})
        if not wanted:
            return
        place = Place(home)
        kept = Releases(place).current()
        if kept is None:
            self._starter = True
            self.gathered = gather((bundle.FOLDER,), ORIGIN)
            return
        file = _opened(kept.image)
        self.gathered = Gathered((file,), {})
        self._digest = _Digest(file.descriptor)
        try:
            self.release = check_proof(place, kept)
        except BaseException:
            self.close()
            raise

    @property
    def files(self) -> tuple[RuleFile, ...]:
        """The rule files."""
        return self.gathered.files

    def close(self) -> None:
        """Close them."""
        if self._digest is not None:
            self._digest.join()
        self.gathered.close()

    def check_image(self) -> None:
        """Compare the installed image with its entry in the log.

        Raises:
            Refused: it is another one.
        """
        if self._digest is not None and self.release is not None:
            self._digest.join()
            if self._digest.found != self.release.rules:
                raise refusal("they are not those that the log has")

    def judge(self, files: tuple[RuleFile, ...], table: Table) -> None:
        """Refuse a starter bundle that is not the one of this version.

        Args:
            files: all that were loaded.
            table: what came of them.
        """
        if self._starter and bundle.digest(files, table) != bundle.DIGEST:
            raise Refused(bundle.CHANGED)


class _Digest(threading.Thread):
    """Takes the digest of the image, while everything else goes on."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(daemon=True)
        self._descriptor = descriptor
        self.found = ""
        self.start()

    @override
    def run(self) -> None:
        with suppress(OSError):
            self.found = digest(self._descriptor)


def _opened(path: str) -> RuleFile:
    gathered = gather((path,), ORIGIN)
    (file,) = gathered.files
    if file.kind != IMAGE or not os.path.samestat(
        os.stat(path, follow_symlinks=False), os.fstat(file.descriptor)
    ):
        gathered.close()
        raise refusal(f"{path}: this is a link")
    return file
