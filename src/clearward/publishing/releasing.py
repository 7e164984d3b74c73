"""Releases: made of sources, entered in the log, and shown to clients.

The order is what makes it safe to be killed anywhere:

    1  image and sources are made and kept, see `begun`
    2  the head of the log with the new entry is cosigned
    3  the log gets the entry
    4  the targets get their places, under names that nobody asks for yet
    5  targets and snapshot are signed, and last the timestamp
    6  what was kept is removed

Before 2 nothing has happened. From 2 on the release is finished by whoever publishes
next. Clients see the old release before the end of 5 and the new one after it.
"""

import hashlib
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from tuf.api.metadata import TargetFile

from clearward.core.errors import Refused, Unavailable
from clearward.publishing.begun import IMAGE, SOURCE, Begun, Bench
from clearward.publishing.cutting import publish_pieces
from clearward.publishing.history import History
from clearward.publishing.judging import Reviews
from clearward.publishing.making import Made, Maker
from clearward.publishing.metadata import Publisher
from clearward.publishing.published import current
from clearward.publishing.repository import make_folder, sha256_of
from clearward.publishing.staging import Waiting
from clearward.stores.new_file import new_file
from clearward.updates.pieces import NAME as PIECES
from clearward.updates.release import FIRST, Release

PROOF = "rules.tlog-proof"


@dataclass(frozen=True, slots=True)
class Added:
    """A release that is published.

    Attributes:
        release: what the log says of it.
        log_size: entries of the log.
        expires: when clients refuse it without a newer timestamp, UTC.
        made: image and archive.
        resumed: an earlier attempt had begun this very release.
    """

    release: Release
    log_size: int
    expires: datetime
    made: Made
    resumed: bool


@dataclass(frozen=True, slots=True)
class Releasing:
    """Makes releases; one process at a time.

    Attributes:
        publisher: signs metadata.
        history: the log.
        bench: where releases are made.
        maker: makes image and archive.
    """

    publisher: Publisher
    history: History
    bench: Bench
    maker: Maker

    def add(self, paths: tuple[str, ...], reviews: Reviews | None = None) -> Added:
        """Make a release of sources, behind one that was begun and not finished.

        Args:
            paths: files and folders.
            reviews: of their rules.

        Raises:
            Objectionable: rules have findings that no review covers.
            Refused: a source or a key cannot be used, or the repository is not what
                its signatures say.
            Unwitnessed: not enough witnesses have signed; what clients see is as it
                was, and the release is finished by the next call.
            Unavailable: there is no room, or no right, to publish.
        """
        self._need_keys()
        finished = self.finish()
        try:
            made = self.maker.make(self.bench.clear(), paths, reviews or Reviews())
            release = self._release(made)
            if finished and _same(finished, release):
                release = finished
            else:
                self._publish(self.bench.begin(release))
        finally:
            self.bench.end()
        return Added(
            release,
            self.history.log.head().size,
            current(self.publisher.repository).timestamp.signed.expires,
            made,
            resumed=release is finished,
        )

    def finish(self) -> Release | None:
        """Finish a release that was begun; return it if there was one.

        Raises:
            As `add`.
        """
        begun = self.bench.find(self.history.log)
        if begun is None:
            return None
        self._publish(begun)
        return begun.release

    def refresh(self) -> datetime:
        """Sign snapshot and timestamp anew; return when they expire, UTC.

        A release that is in the log already is shown as well.

        Raises:
            Refused: a key cannot be used.
            Unavailable: there is no room, or no right, to publish.
        """
        with suppress(Waiting):
            self.finish_shown()
        publisher = self.publisher
        return publisher.refresh(current(publisher.repository)).expires

    def finish_shown(self) -> None:
        """Finish a release that was begun if the log shows it already.

        Raises:
            As `refresh`.
            Waiting: targets wait for signatures of keys that are kept elsewhere.
        """
        log = self.history.log
        begun = self.bench.find(log)
        if begun is not None and begun.release.seq == log.head().size:
            self._publish(begun)

    def prove_again(self) -> None:
        """Put a proof with the head as it is now beside the release that is shown.

        Raises:
            As `finish_shown`.
        """
        seen = current(self.publisher.repository)
        targets = dict(seen.targets.signed.targets)
        if PROOF in targets:
            targets[PROOF] = self._put_proof(self.history.log.head().size - 1)
            if targets != seen.targets.signed.targets:
                self.publisher.release(seen, list(targets.values()))

    def _need_keys(self) -> None:
        root = current(self.publisher.repository).root.signed
        self.publisher.need("targets", root, least=1)
        for role in ("snapshot", "timestamp"):
            self.publisher.need(role, root)
        self.history.signers()

    def _release(self, made: Made) -> Release:
        """Return what the log will say of a release."""
        head = self.history.log.head()
        previous = FIRST
        if head.size:
            last = self.history.log.entry(head.size - 1)
            previous = hashlib.sha256(last).hexdigest()
        return Release(head.size + 1, made.rules, made.source, previous)

    def _publish(self, begun: Begun) -> None:
        """Do what is left to do of a release."""
        release = begun.release
        self.history.add(begun.entry)
        self._check(begun)
        targets = {
            IMAGE: self._put(IMAGE, release.rules, begun),
            SOURCE: self._put(SOURCE, release.source, begun),
            PROOF: self._put_proof(release.seq - 1),
        }
        targets |= self._put_pieces(begun)
        seen = current(self.publisher.repository)
        if seen.targets.signed.targets != targets:
            self.publisher.release(seen, list(targets.values()))
        with suppress(Unavailable):  # it is published; the next call forgets it
            self.bench.forget(begun)

    def _check(self, begun: Begun) -> None:
        """Check that what was kept is what the log says."""
        release = begun.release
        for name, digest in ((IMAGE, release.rules), (SOURCE, release.source)):
            if sha256_of(begun.path(name)) != digest:
                raise Refused(f"{begun.path(name)}: is not what the log says")

    def _put_proof(self, index: int) -> TargetFile:
        """Put the proof of an entry into its place."""
        proof = self.history.prove(index)
        return self._put_bytes(PROOF, proof)

    def _put_pieces(self, begun: Begun) -> dict[str, TargetFile]:
        """Put the pieces of an image and their list into their places."""
        pieces = publish_pieces(self.publisher.repository, begun.path(IMAGE))
        if pieces is None:
            return {}
        return {PIECES: self._put_bytes(PIECES, pieces.to_bytes())}

    def _put_bytes(self, name: str, data: bytes) -> TargetFile:
        """Put a small target into its place."""
        target = TargetFile.from_data(name, data, ["sha256"])
        place = f"targets/{target.hashes['sha256']}.{name}"
        self.publisher.repository.write(place, data)
        return target

    def _put(self, name: str, digest: str, begun: Begun) -> TargetFile:
        """Put a file that was kept into its place; the place depends on its digest."""
        kept = begun.path(name)
        place = self.publisher.repository.path(f"targets/{digest}.{name}")
        size = os.stat(kept).st_size
        with suppress(Refused):
            if sha256_of(place) == digest:
                return TargetFile(size, {"sha256": digest}, name)
        make_folder(os.path.dirname(place))
        with new_file(place) as descriptor, open(kept, "rb") as file:
            try:
                with os.fdopen(os.dup(descriptor), "wb") as target:
                    shutil.copyfileobj(file, target)
            except OSError as error:
                said = f"{place}: cannot be written: {error.strerror}"
                raise Unavailable(said) from error
        return TargetFile(size, {"sha256": digest}, name)


def _same(one: Release, other: Release) -> bool:
    return (one.rules, one.source) == (other.rules, other.source)
