"""An update: from a carrier to rules in force, or nothing at all.

Nothing is in force before the last step, which is one rename. A step that fails leaves
the rules that were there; what was learned by then, which keeps an attacker from going
back, stays.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from clearward.core.errors import ClearwardError, Refused, Unavailable
from clearward.installing.carrier import Carrier
from clearward.installing.delta import held
from clearward.installing.refusal import Code, Untrusted
from clearward.installing.repository import Proven, Repository
from clearward.stores.durable import write_all
from clearward.stores.installed.checking import check_image, proven
from clearward.stores.installed.place import IMAGE, PROOF, Place
from clearward.stores.installed.releases import Kept, Releases
from clearward.stores.installed.trust import Trust
from clearward.updates.pieces import NAME as PIECES
from clearward.updates.policy import Policy
from clearward.updates.release import Release

Try = Callable[[str], object]  # looks whether an image can be used at all


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an update came to.

    Attributes:
        updated: other rules are in force now.
        release: that is in force.
        log_size: entries of the log.
        held: number of a newer release that the user went back from and that was
            therefore not installed; 0 if there is none.
    """

    updated: bool
    release: Release
    log_size: int
    held: int = 0


@dataclass(frozen=True, slots=True)
class Update:
    """How an update is done.

    Attributes:
        place: of the installed rules.
        attempt: raises an error for an image that cannot be used.
        again: install a release, too, that the user went back from.
    """

    place: Place
    attempt: Try = lambda _: None
    again: bool = False

    def run(self, carrier: Carrier, given: Trust | None, now: float) -> Outcome:
        """Bring the rules of a repository.

        Args:
            carrier: of it.
            given: what the user trusts from now on; None for what he trusted before.
            now: seconds since 1970 UTC.

        Raises:
            Untrusted: why it was refused.
            Refused: there is nothing to trust, or the image cannot be used here.
            Unavailable: the home cannot be written.
        """
        with self.place.alone():
            trust = self._trust(given)
            repository = Repository(self.place, trust, carrier)
            head = repository.head(now)
            releases = Releases(self.place)
            current = releases.current()
            known = _believed(current, trust.policy)
            if known is not None and _is_same(current, repository):
                self._keep(trust)
                return Outcome(updated=False, release=known, log_size=head.size)
            new = repository.proven(head)
            _judge_order(current, known, new.release)
            held = 0 if self.again else releases.held()
            if known is not None and known.seq < new.release.seq <= held:
                return Outcome(
                    updated=False,
                    release=known,
                    log_size=head.size,
                    held=new.release.seq,
                )
            kept = self._fetch(repository, new, releases, current)
            self._keep(trust)
            releases.switch(kept)
            is_older = current is not None and current.seq < kept.seq
            before = current if is_older else releases.before(kept)
            releases.forget_all_but(kept, before)
            return Outcome(updated=True, release=new.release, log_size=head.size)

    def roll_back(self) -> Release:
        """Put the release before in force; return it.

        Raises:
            Refused: there is none, or it is not what the log has.
            Unavailable: the home cannot be written.
        """
        with self.place.alone():
            releases = Releases(self.place)
            current = releases.current()
            before = releases.before(current) if current else None
            trust = Trust.kept(self.place)
            if current is None or before is None or trust is None:
                raise Refused("there is no release before the one in force")
            release = _believed(before, trust.policy)
            if release is None:
                raise Refused("the release before is not what the log has")
            releases.hold(max(current.seq, releases.held()))
            releases.switch(before)
            return release

    def _trust(self, given: Trust | None) -> Trust:
        kept = Trust.kept(self.place) if given is None else None
        trust = given or kept
        if trust is None:
            raise Refused(
                "nothing is trusted yet: name the folder with root.json and policy "
                "with --trust"
            )
        if Trust.kept(self.place) is None:
            trust.keep(self.place)
        return trust

    def _keep(self, trust: Trust) -> None:
        """Keep what the rules in force are believed for, if it is something new."""
        if trust != Trust.kept(self.place):
            trust.keep(self.place)

    def _fetch(
        self,
        repository: Repository,
        new: Proven,
        releases: Releases,
        current: Kept | None,
    ) -> Kept:
        """Bring a release to the disk, with the help of the one that is there."""
        with releases.incoming() as folder, held(current) as there:
            image = os.path.join(folder, IMAGE)
            pieces = repository.pieces()
            _write(image, repository.image(pieces, there))
            _write(os.path.join(folder, PROOF), iter((new.proof,)))
            if pieces is not None:
                _write(os.path.join(folder, PIECES), iter((pieces.to_bytes(),)))
            self.attempt(image)
            return releases.put(folder, new.release.seq)


def _is_same(kept: Kept | None, repository: Repository) -> bool:
    """Say whether a repository has the very release that is on the disk."""
    if kept is None:
        return False
    proof = hashlib.sha256(kept.proof().to_bytes()).hexdigest()
    return (kept.release().rules, proof) == (repository.rules, repository.proof)


def _believed(kept: Kept | None, policy: Policy) -> Release | None:
    """Return a release on the disk if it is good; damaged ones are fetched again."""
    if kept is None:
        return None
    try:
        found = proven(kept, policy)
        check_image(kept, found)
    except (ClearwardError, OSError):
        return None
    return found


def _judge_order(kept: Kept | None, known: Release | None, new: Release) -> None:
    """Refuse a release that is not behind the one in force."""
    seq = kept.seq if kept is not None else 0
    if new.seq < seq:
        said = f"release {new.seq}, and release {seq} is installed"
        raise Untrusted(Code.ROLLBACK, said)
    if known is not None and new.seq == seq and new != known:
        said = f"there are two releases {new.seq}, with different rules"
        raise Untrusted(Code.FORK, said)


def _write(path: str, pieces: Iterator[bytes]) -> None:
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(path, flags, 0o644)
        try:
            for piece in pieces:
                write_all(descriptor, piece)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise Unavailable(f"{path}: cannot be written: {error.strerror}") from error
