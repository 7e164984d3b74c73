"""Repositories as `clearward publish` makes them, in this process and quickly.

    repository = Repositories(tmp_path / "one")       # publish init
    repository.add("One")                             # publish add, a rule of that name
    repository.refresh(timedelta(days=1))             # publish refresh

An image is compiled in the jail once for each set of rules, and remembered.
"""

import copy
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from clearward.compiling import Compiled, compile_image
from clearward.publishing.beginning import Wanted, begin
from clearward.publishing.history import Cosign, Prove
from clearward.publishing.judging import let_pass
from clearward.publishing.key_files import KeysFolder
from clearward.publishing.keys import Keys
from clearward.publishing.making import Maker
from clearward.publishing.opening import Publishing
from clearward.publishing.releasing import Added, Releasing
from clearward.publishing.repository import Repository
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.keys import PublicKey
from clearward.updates.note import Note
from clearward.updates.policy import Party, Policy

ORIGIN = "log.example/rules"
WEEK = timedelta(days=7)
ADDRESS = "http://127.0.0.1:9"
_remembered: dict[bytes, tuple[bytes, Compiled]] = {}


class Cosigner(Protocol):
    """A witness, such as `support.signing.Signer`."""

    @property
    def public(self) -> PublicKey:
        """What checks its signatures."""

    def sign(self, note: Note, time: int) -> Note:
        """Return the note with one more signature."""


def mark(name: str) -> bytes:
    """What the rule of a name finds."""
    return b"a mark of " + name.encode()


def rule(name: str) -> bytes:
    """A source with one rule."""
    text = mark(name).decode()
    return f'rule {name} {{ strings: $a = "{text}" condition: $a }}\n'.encode()


def compile_once(paths: tuple[str, ...], output: str) -> Compiled:
    """Compile one small file; the same one is compiled once."""
    (path,) = paths
    source = Path(path).read_bytes()
    if source not in _remembered:
        with TemporaryDirectory() as folder:
            image = os.path.join(folder, "rules.cwr")
            made = compile_image(paths, image, strict=False, show=lambda _: None)
            _remembered[source] = (Path(image).read_bytes(), made)
    data, made = _remembered[source]
    Path(output).write_bytes(data)
    return made


def cosigning(witnesses: Sequence[Cosigner], policy: Policy) -> Cosign:
    """What the witnesses do that are there: they sign whatever they get."""

    def cosign(note: Note, _head: Checkpoint, _prove: Prove) -> Note:
        for one in witnesses:
            note = one.sign(note, int(datetime.now(UTC).timestamp()))
        policy.check(note.to_bytes())
        return note

    return cosign


class Repositories:
    """One repository and its keys, in `folder/repo` and `folder/keys`.

    Args:
        folder: is made.
        witnesses: cosign in this process.
        quorum: how many of them have to.
        now: of everything that is signed, if it is not the time it is.
        thresholds: of roles.
        kept: keys that are not in `folder/keys`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        witnesses: Sequence[Cosigner] = (),
        quorum: int = 0,
        now: datetime | None = None,
        thresholds: dict[str, int] | None = None,
        kept: Keys | None = None,
    ) -> None:
        self.folder = folder / "repo"
        self.keys = folder / "keys"
        self.witnesses = list(witnesses)
        self.now = now
        self.folder.mkdir(parents=True, exist_ok=True)
        parties = [Party(one.public, ADDRESS) for one in witnesses]
        wanted = Wanted(ORIGIN, parties, quorum, thresholds or {})
        self.kept = kept
        publishing = self._publishing(WEEK)
        self.log_key: PublicKey = begin(publishing.publisher, publishing.keys, wanted)

    @property
    def trust(self) -> Path:
        """What a client is given once: root.json and policy."""
        return self.folder / "trust"

    def add(self, name: str = "One", lifetime: timedelta = WEEK) -> Added:
        """Publish a rule of some name, which finds `mark(name)`."""
        with TemporaryDirectory() as folder:
            source = Path(folder, "rules.yar")
            source.write_bytes(rule(name))
            with self.releasing(lifetime) as releasing:
                return releasing.add((str(source),))

    def refresh(self, lifetime: timedelta = WEEK) -> datetime:
        """Sign snapshot and timestamp anew."""
        with self.releasing(lifetime) as releasing:
            return releasing.refresh()

    @contextmanager
    def releasing(self, lifetime: timedelta = WEEK) -> Iterator[Releasing]:
        """What makes releases."""
        publishing = self._publishing(lifetime)
        witnesses = partial(cosigning, self.witnesses)
        with publishing.releasing(
            Maker(compile_once, let_pass), witnesses
        ) as releasing:
            yield releasing

    def copy(self, folder: Path) -> Path:
        """A mirror of it as it is now."""
        shutil.copytree(self.folder, folder)
        return folder

    def cloned(self, folder: Path) -> "Repositories":
        """Another one with the same keys and the same past."""
        other = copy.copy(self)
        other.folder = Path(shutil.copytree(self.folder, folder / "repo"))
        other.keys = Path(shutil.copytree(self.keys, folder / "keys"))
        return other

    def _publishing(self, lifetime: timedelta) -> Publishing:
        now = self.now or datetime.now(UTC)
        keys = self.kept or KeysFolder(str(self.keys))
        return Publishing(Repository(str(self.folder)), keys, now, lifetime)
