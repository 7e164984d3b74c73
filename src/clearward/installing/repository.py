"""A repository as a user believes it: what it has to give, one step after the other.

Each step needs the one before, and none changes what is in force:

    metadata of TUF -> checkpoint of the log -> proof -> rules

Source: the contract, section "publish, witness, update".
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from clearward.core.errors import Malformed, Refused, Unavailable
from clearward.installing.carrier import Carrier, Cut, Missing, TooLong
from clearward.installing.delta import Held, is_worth_it, missing, together
from clearward.installing.log_step import (
    HEAD,
    MOST_HEAD,
    believed,
    check_age,
    check_continued,
)
from clearward.installing.metadata import Metadata, fetched, place, sha256
from clearward.installing.refusal import Code, Untrusted
from clearward.stores.installed import seen
from clearward.stores.installed.place import IMAGE, PROOF, Place
from clearward.stores.installed.trust import Trust
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.pieces import MOST, NAME, Pieces
from clearward.updates.proof import Proof
from clearward.updates.release import Release
from clearward.updates.tree import Unproven

_SOURCE = "rules.src.tar"


@dataclass(frozen=True, slots=True)
class Proven:
    """A release that a log has.

    Attributes:
        release: what its entry says.
        proof: the file that shows it.
    """

    release: Release
    proof: bytes


class Repository:
    """A repository after its metadata were refreshed.

    Args:
        place: what was seen before is kept there.
        trust: what everything begins with.
        carrier: of the repository.

    Raises:
        Untrusted: the metadata are not to be believed.
        Unavailable: what was verified cannot be kept.
    """

    def __init__(self, place: Place, trust: Trust, carrier: Carrier) -> None:
        self._place = place
        self._trust = trust
        self._carrier = carrier
        self._metadata = Metadata(place.within("metadata"), trust.root, carrier)
        self._image = self._metadata.target(IMAGE)
        self._proof = self._metadata.target(PROOF)

    @property
    def rules(self) -> str:
        """The SHA-256 of the rules that it has, hexadecimal."""
        return sha256(self._image)

    @property
    def proof(self) -> str:
        """The SHA-256 of the proof that it has."""
        return sha256(self._proof)

    @property
    def length(self) -> int:
        """The bytes of these rules."""
        return self._image.length

    def head(self, now: float) -> Checkpoint:
        """Return the head of the log, which is kept as the last one seen.

        Args:
            now: seconds since 1970 UTC.

        Raises:
            Untrusted: the policy does not believe it, or it does not go on.
            Refused: what was seen before is damaged.
            Unavailable: it cannot be kept.
        """
        with carried():
            data = self._carrier.read(HEAD, MOST_HEAD)
        found = believed(data, self._trust.policy)
        last = seen.read(self._place, found.origin)
        if last is not None:
            with carried():
                check_continued(last, found, self._carrier)
        if self._trust.seconds is not None:
            check_age(data, self._trust.policy, now - self._trust.seconds)
        if last is None or last.size < found.size:
            seen.keep(self._place, found.origin, data)
        return found

    def proven(self, head: Checkpoint) -> Proven:
        """Return the release of the rules that the repository has.

        Args:
            head: of the log.

        Raises:
            Untrusted: the log has no entry of these rules, or it is not shown.
        """
        with carried():
            data = fetched(self._proof, self._carrier)
        try:
            proof = Proof.parse(data)
            entry = proof.extra or b""
            release = Release.parse(entry)
        except Malformed as error:
            raise Untrusted(Code.UNLOGGED, f"there is no proof: {error}") from error
        self._check(proof, entry, head)
        source = sha256(self._metadata.target(_SOURCE))
        if (release.rules, release.source) != (self.rules, source):
            raise Untrusted(
                Code.UNLOGGED, f"the log has other rules as release {release.seq}"
            )
        return Proven(release, data)

    def pieces(self) -> Pieces | None:
        """Return the list of the pieces of the rules; None if there is none.

        Raises:
            Untrusted: it is not what the metadata say, or not of these rules.
        """
        target = self._metadata.find(NAME)
        if target is None:
            return None
        if target.length > MOST:
            raise Untrusted(Code.TAMPERED, f"{NAME}: longer than {MOST:,} bytes")
        with carried():
            data = fetched(target, self._carrier)
        try:
            pieces = Pieces.parse(data)
        except Malformed as error:
            raise Untrusted(Code.TAMPERED, f"{NAME}: {error}") from error
        if pieces.length != self.length:
            raise Untrusted(Code.TAMPERED, f"{NAME}: the list of other rules")
        return pieces

    def image(self, pieces: Pieces | None, there: Held) -> Iterator[bytes]:
        """Yield the rules in pieces; the last one comes if all of them are right.

        Args:
            pieces: the list of them, from `pieces`.
            there: what is on the disk already.

        Raises:
            Untrusted: they are not what the metadata say.
        """
        whole, length, last = hashlib.sha256(), 0, b""
        with carried():
            for piece in self._image_from(pieces, there):
                yield last
                whole.update(piece)
                length += len(piece)
                last = piece
        if (length, whole.hexdigest()) != (self.length, self.rules):
            raise Untrusted(Code.TAMPERED, "the rules are not what the metadata say")
        yield last

    def _image_from(self, pieces: Pieces | None, there: Held) -> Iterator[bytes]:
        """Yield the rules, unchecked, the way that moves the fewest bytes."""
        if pieces is not None:
            wanted = missing(pieces, there)
            if is_worth_it(wanted, self.length):
                most = sum(one.length for one in wanted)
                with self._carrier.many(most) as carrier:
                    yield from together(pieces, there, carrier)
                return
        yield from self._carrier.stream(place(self._image), self.length)

    def _check(self, proof: Proof, entry: bytes, head: Checkpoint) -> None:
        """Check a proof, and that it is about the very log whose head was seen."""
        shown = _logged(proof.checkpoint, self._trust)
        try:
            proof.check(entry, self._trust.policy)
        except Unproven as error:
            said = f"the entry of these rules is not in the log: {error}"
            raise Untrusted(Code.UNLOGGED, said) from error
        if shown.origin != head.origin:
            raise Untrusted(Code.UNLOGGED, "the proof is from another log")
        older, newer = sorted((shown, head), key=lambda one: one.size)
        with carried():
            check_continued(older, newer, self._carrier)
        if newer is not head:
            seen.keep(self._place, shown.origin, proof.checkpoint)


def _logged(note: bytes, trust: Trust) -> Checkpoint:
    """Return the head in a proof; who made it up himself has logged nothing."""
    try:
        return believed(note, trust.policy, "checkpoint of the proof")
    except Untrusted as error:
        if error.code is Code.QUORUM:
            raise
        raise Untrusted(Code.UNLOGGED, error.detail) from error


@contextmanager
def carried() -> Iterator[None]:
    """Say what goes wrong with a carrier in the words of the contract.

    Raises:
        Untrusted: instead.
    """
    try:
        yield
    except (TooLong, Cut) as error:
        raise Untrusted(Code.TAMPERED, str(error)) from error
    except (Missing, Unavailable, Refused) as error:
        raise Untrusted(Code.UNREACHABLE, str(error)) from error
